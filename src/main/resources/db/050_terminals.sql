-- Workspaces of terminals. They live as long as the process: a row that is still open at the start is closed then.
CREATE TABLE terminal_workspaces (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  layout TEXT NOT NULL,
  max_panes BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  closed_at BIGINT,
  end_reason TEXT
);
CREATE INDEX terminal_workspaces_open ON terminal_workspaces (owner) WHERE closed_at IS NULL;
-- Which link each pane of an open workspace is for.
CREATE TABLE terminal_panes (
  workspace_id TEXT NOT NULL REFERENCES terminal_workspaces (id),
  pane BIGINT NOT NULL,
  link TEXT NOT NULL,
  assigned_at BIGINT NOT NULL,
  assigned_by TEXT NOT NULL,
  PRIMARY KEY (workspace_id, pane)
);
-- One row for each shell that was opened: who opened what, when, from where. Ids sort by the time they were made.
CREATE TABLE terminal_sessions (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  pane BIGINT NOT NULL,
  link TEXT NOT NULL,
  username TEXT NOT NULL,
  owner TEXT NOT NULL,
  remote_address TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  closed_at BIGINT,
  end_reason TEXT,
  exit_code BIGINT,
  bytes_in BIGINT NOT NULL,
  bytes_out BIGINT NOT NULL,
  recording TEXT,
  recording_bytes BIGINT
);
CREATE INDEX terminal_sessions_open ON terminal_sessions (id) WHERE closed_at IS NULL;
CREATE INDEX terminal_sessions_recorded ON terminal_sessions (id) WHERE recording IS NOT NULL;
