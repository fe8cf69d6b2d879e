-- Tables as people ask them. No cell of a view is NULL: '' and -1 stand for none, so that keys compare.
CREATE TABLE cursor_key (
  id BIGINT PRIMARY KEY,
  secret TEXT NOT NULL
);
-- How long an operation took, once it is over: a column of its own, so that an index serves its order.
ALTER TABLE operations ADD COLUMN duration_millis BIGINT NOT NULL DEFAULT -1;
UPDATE operations SET duration_millis = ended_at - COALESCE(started_at, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX operations_by_ended_at ON operations (ended_at, id);
CREATE INDEX operations_by_duration ON operations (duration_millis, id);
CREATE INDEX operations_by_targets ON operations (targets, id);
CREATE INDEX operations_by_kind_and_time ON operations (kind, queued_at, id);
CREATE INDEX operations_by_status_and_time ON operations (status, queued_at, id);
CREATE INDEX operations_by_user_and_time ON operations (started_by, queued_at, id);
CREATE INDEX git_sync_by_time ON git_sync_history (started_at);
-- Whether a link is online is health's word, or an operation's later look.
CREATE VIEW tbl_links AS
SELECT id, type, COALESCE(provider, '') AS provider, host, port, login_user, tags,
  COALESCE(proxy_jump, '') AS proxy_jump, COALESCE(key_ref, '') AS key_ref,
  CASE WHEN health IS NOT NULL THEN health ->> 'status'
    WHEN verified_at IS NULL THEN 'UNKNOWN'
    WHEN enrollment_reason IS NULL OR SUBSTR(enrollment_reason, 1, 10) = 'client_id_' THEN 'ONLINE'
    ELSE 'OFFLINE' END AS status,
  enrollment_status AS enrollment, COALESCE(enrollment_reason, '') AS enrollment_reason,
  COALESCE(verified_at, -1) AS verified_at, COALESCE(last_seen, -1) AS last_seen,
  COALESCE(latency_millis, -1) AS latency_ms, is_retired AS retired
FROM links;
CREATE VIEW tbl_operations AS
SELECT id, kind, status, scripts, selectors, targets, concurrency, COALESCE(git_commit, '') AS git_commit, started_by,
  queued_at, COALESCE(started_at, -1) AS started_at, counts
FROM operations WHERE status IN ('QUEUED', 'RUNNING');
CREATE VIEW tbl_operations_history AS
SELECT id, kind, status, scripts, selectors, targets, concurrency, COALESCE(git_commit, '') AS git_commit, started_by,
  queued_at, COALESCE(started_at, -1) AS started_at, ended_at, duration_millis AS duration_ms, counts,
  COALESCE(reason, '') AS reason
FROM operations WHERE ended_at IS NOT NULL;
CREATE VIEW tbl_recent_activity AS
SELECT * FROM (
  SELECT id, queued_at AS at, 'OPERATION' AS activity, status AS result, started_by AS who,
    CASE WHEN kind = 'SCRIPT' THEN scripts ELSE kind END AS what
  FROM operations ORDER BY queued_at DESC, id DESC LIMIT 1000) AS newest_operations
UNION ALL
SELECT * FROM (
  SELECT 'sync-' || id AS id, started_at AS at, 'SYNC' AS activity,
    CASE WHEN is_success = 1 THEN 'SUCCESS' ELSE 'FAILED' END AS result, started_by AS who,
    COALESCE(commit_hash, '') AS what
  FROM git_sync_history ORDER BY started_at DESC LIMIT 1000) AS newest_syncs;
CREATE VIEW tbl_infrastructure AS
SELECT type, COUNT(*) AS total,
  SUM(CASE WHEN enrollment = 'ENROLLED' THEN 1 ELSE 0 END) AS enrolled,
  SUM(CASE WHEN status = 'ONLINE' THEN 1 ELSE 0 END) AS online,
  SUM(CASE WHEN status = 'OFFLINE' THEN 1 ELSE 0 END) AS offline,
  SUM(CASE WHEN status = 'UNKNOWN' THEN 1 ELSE 0 END) AS unknown
FROM tbl_links WHERE retired = 0 GROUP BY type;
CREATE VIEW tbl_link_health AS
SELECT t.id AS link, t.type AS type, t.status AS status, COALESCE(l.health ->> 'since', -1) AS since,
  COALESCE(l.health ->> 'checked_at', -1) AS checked_at, t.last_seen AS last_seen,
  COALESCE(l.health ->> 'latency_millis', -1) AS latency_ms, COALESCE(l.health ->> 'latency', '') AS latency,
  COALESCE(l.health ->> 'stage', '') AS stage, COALESCE(l.health ->> 'hop', '') AS hop,
  CASE WHEN l.health IS NOT NULL THEN COALESCE(l.health ->> 'reason', '')
    WHEN t.status = 'OFFLINE' THEN t.enrollment_reason ELSE '' END AS reason,
  COALESCE(l.health ->> 'error', '') AS error
FROM tbl_links t JOIN links l ON l.id = t.id WHERE t.retired = 0;
CREATE INDEX terminal_sessions_by_link ON terminal_sessions (link, id);
CREATE INDEX terminal_sessions_by_user ON terminal_sessions (username, id);
CREATE VIEW tbl_terminal_sessions AS
SELECT id, link, username, owner, remote_address, opened_at, COALESCE(closed_at, -1) AS closed_at,
  COALESCE(end_reason, '') AS end_reason, COALESCE(exit_code, -1) AS exit_code, bytes_in, bytes_out,
  COALESCE(recording, '') AS recording, COALESCE(recording_bytes, -1) AS recording_bytes
FROM terminal_sessions;
CREATE VIEW tbl_terminal_panes AS
SELECT p.workspace_id || '/' || p.pane AS id, w.owner AS owner, w.layout AS layout, p.pane AS pane, p.link AS link,
  p.assigned_by AS assigned_by, p.assigned_at AS assigned_at
FROM terminal_panes p JOIN terminal_workspaces w ON w.id = p.workspace_id WHERE w.closed_at IS NULL;
