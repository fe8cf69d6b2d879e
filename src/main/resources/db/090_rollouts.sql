-- What an operation was asked for beyond its scripts and targets, so that it can be shown and run again as it was.
-- batches and inputs are JSON; batch is the one that began last, from 1.
ALTER TABLE operations ADD COLUMN batches TEXT;
ALTER TABLE operations ADD COLUMN batch BIGINT;
ALTER TABLE operations ADD COLUMN batch_count BIGINT;
ALTER TABLE operations ADD COLUMN inputs TEXT;
ALTER TABLE operations ADD COLUMN checks_enrollment BIGINT;
ALTER TABLE operations ADD COLUMN retry_of TEXT REFERENCES operations (id);
CREATE INDEX operations_retry_of ON operations (retry_of);
-- The sums of what an execution printed, lower-case hex: executions with the same ones printed the same.
ALTER TABLE executions ADD COLUMN stdout_sha256 TEXT;
ALTER TABLE executions ADD COLUMN stderr_sha256 TEXT;
-- The history by kind, user, time, target and script.
CREATE INDEX operations_kind ON operations (kind, id);
CREATE INDEX operations_started_by ON operations (started_by, id);
CREATE INDEX operations_queued_at ON operations (queued_at, id);
CREATE INDEX executions_target ON executions (target, operation_id);
CREATE TABLE operation_scripts (
  script TEXT NOT NULL,
  operation_id TEXT NOT NULL REFERENCES operations (id),
  PRIMARY KEY (script, operation_id)
);
INSERT INTO operation_scripts (script, operation_id)
  SELECT DISTINCT script, operation_id FROM executions WHERE script IS NOT NULL;
-- What scripts.yaml says of a script's parameters and needs, as JSON.
ALTER TABLE scripts ADD COLUMN parameters TEXT NOT NULL DEFAULT '[]';
ALTER TABLE scripts ADD COLUMN needs TEXT NOT NULL DEFAULT '[]';
