-- Links as links.yaml describes them, and what was seen of each.
CREATE TABLE links (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  provider TEXT,
  host TEXT NOT NULL,
  port BIGINT NOT NULL,
  login_user TEXT NOT NULL,
  tags TEXT NOT NULL,
  client_id TEXT NOT NULL,
  client_id_path TEXT NOT NULL,
  key_ref TEXT,
  proxy_jump TEXT,
  host_key TEXT,
  metadata TEXT NOT NULL,
  is_retired BIGINT NOT NULL,
  enrollment_status TEXT NOT NULL,
  client_id_found BIGINT NOT NULL,
  client_id_matches BIGINT NOT NULL,
  enrollment_reason TEXT,
  enrollment_error TEXT,
  verified_at BIGINT,
  reset_at BIGINT NOT NULL,
  offered_host_key TEXT,
  confirmed_host_key TEXT,
  confirmed_by TEXT,
  confirmed_at BIGINT,
  last_seen BIGINT,
  latency_millis BIGINT
);
-- Scripts as scripts.yaml describes them.
CREATE TABLE scripts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  path TEXT NOT NULL,
  timeout_millis BIGINT,
  flags TEXT NOT NULL,
  tags TEXT NOT NULL,
  estimate_millis BIGINT
);
-- The commit all of the above comes from: one row, or none before the first sync.
CREATE TABLE inventory_commit (
  id BIGINT PRIMARY KEY,
  commit_hash TEXT NOT NULL,
  replaced_at BIGINT NOT NULL
);
