-- What health last said of each link, as JSON; written by the inventory, which owns the table.
ALTER TABLE links ADD COLUMN health TEXT;
-- One row for each check and each look of an operation, kept for some days.
CREATE TABLE link_health_samples (
  link_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  result TEXT NOT NULL,
  stage TEXT,
  hop TEXT,
  reason TEXT,
  latency_millis BIGINT,
  took_millis BIGINT,
  is_asked BIGINT NOT NULL
);
CREATE INDEX link_health_samples_link ON link_health_samples (link_id, at);
CREATE INDEX link_health_samples_at ON link_health_samples (at);
-- What is left of them later: one row for each link and hour, with every latency, sorted, so that nothing is estimated.
CREATE TABLE link_health_hours (
  link_id TEXT NOT NULL,
  hour BIGINT NOT NULL,
  checks BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  latencies TEXT NOT NULL,
  PRIMARY KEY (link_id, hour)
);
CREATE INDEX link_health_hours_hour ON link_health_hours (hour);
-- Each time a link became another state.
CREATE TABLE link_health_changes (
  link_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  from_status TEXT NOT NULL,
  to_status TEXT NOT NULL,
  hop TEXT,
  reason TEXT,
  error TEXT,
  is_in_maintenance BIGINT NOT NULL
);
CREATE INDEX link_health_changes_link ON link_health_changes (link_id, at);
CREATE INDEX link_health_changes_at ON link_health_changes (at);
-- Times in which changes of these links alarm nobody; targets are selectors as they were given, links what they meant.
CREATE TABLE maintenance_windows (
  id TEXT PRIMARY KEY,
  targets TEXT NOT NULL,
  links TEXT NOT NULL,
  begins_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  ended_by TEXT
);
