-- Finished syncs, the good and the failed.
CREATE TABLE git_sync_history (
  id BIGINT PRIMARY KEY,
  started_by TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  is_success BIGINT NOT NULL,
  is_changed BIGINT NOT NULL,
  commit_hash TEXT,
  commit_message TEXT,
  commit_time BIGINT,
  diff TEXT,
  warnings TEXT NOT NULL,
  error TEXT,
  error_code TEXT
);
