-- What each sync changed in full, which commit it held, and who let one pass.
ALTER TABLE git_sync_history ADD COLUMN is_rewritten BIGINT NOT NULL DEFAULT 0;
ALTER TABLE git_sync_history ADD COLUMN held_commit TEXT;
ALTER TABLE git_sync_history ADD COLUMN approved_by TEXT;
ALTER TABLE git_sync_history ADD COLUMN details TEXT;
-- Commits that were held, each against the commit that was in force: at most one row is 'held' or 'rejected', the
-- others are decided ('approved') or were overtaken ('superseded').
CREATE TABLE git_held (
  commit_hash TEXT NOT NULL,
  base_hash TEXT NOT NULL,
  sync_id BIGINT NOT NULL,
  commit_message TEXT NOT NULL,
  commit_time BIGINT NOT NULL,
  reasons TEXT NOT NULL,
  held_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  decided_by TEXT,
  decided_at BIGINT,
  PRIMARY KEY (commit_hash, base_hash)
);
