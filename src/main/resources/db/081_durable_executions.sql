-- Executions that were handed out to outlive the connection and LinkOps itself, written in the transaction that says they
-- run: what is needed to attach to them again, whatever the catalog and the inventory say by then. way is what keeps them
-- on the link (SYSTEMD, SESSION), known from the first answer on; times in ms.
CREATE TABLE durable_executions (
  execution_id TEXT PRIMARY KEY REFERENCES executions (id),
  operation_id TEXT NOT NULL REFERENCES operations (id),
  checks_enrollment BIGINT NOT NULL,
  time_limit BIGINT NOT NULL,
  kill_grace BIGINT NOT NULL,
  output_limit BIGINT NOT NULL,
  way TEXT,
  stopped_by TEXT
);
CREATE INDEX durable_executions_operation ON durable_executions (operation_id);
