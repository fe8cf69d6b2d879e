-- Operations and their executions. Ids sort by the time they were made.
CREATE TABLE operations (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  scripts TEXT NOT NULL,
  selectors TEXT NOT NULL,
  targets BIGINT NOT NULL,
  concurrency BIGINT NOT NULL,
  on_failure TEXT NOT NULL,
  git_commit TEXT,
  started_by TEXT NOT NULL,
  queued_at BIGINT NOT NULL,
  started_at BIGINT,
  ended_at BIGINT,
  counts TEXT NOT NULL,
  reason TEXT
);
CREATE INDEX operations_status ON operations (status, id);
CREATE TABLE executions (
  id TEXT PRIMARY KEY,
  operation_id TEXT NOT NULL REFERENCES operations (id),
  position BIGINT NOT NULL,
  target TEXT NOT NULL,
  script TEXT,
  arguments TEXT NOT NULL,
  sha256 TEXT,
  status TEXT NOT NULL,
  started_at BIGINT,
  ended_at BIGINT,
  exit_code BIGINT,
  signal TEXT,
  output_bytes BIGINT NOT NULL,
  is_truncated BIGINT NOT NULL,
  reason TEXT,
  error TEXT,
  UNIQUE (operation_id, position)
);
CREATE INDEX executions_open ON executions (status) WHERE status IN ('QUEUED', 'RUNNING');
