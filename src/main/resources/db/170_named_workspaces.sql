-- What a workspace is called; null until its owner names it.
ALTER TABLE terminal_workspaces ADD COLUMN name TEXT;
-- What is remembered of workspaces that have a name, also when they are closed: layout and links, no shells.
CREATE TABLE terminal_named (
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  layout TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (owner, name)
);
CREATE TABLE terminal_named_panes (
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  pane BIGINT NOT NULL,
  link TEXT NOT NULL,
  PRIMARY KEY (owner, name, pane)
);
