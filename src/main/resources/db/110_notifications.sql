-- Where people and programs are told what happened.
CREATE TABLE notification_channels (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  url TEXT,
  secret TEXT,
  recipients TEXT NOT NULL,
  topics TEXT NOT NULL,
  kinds TEXT NOT NULL,
  links TEXT NOT NULL,
  is_enabled BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  failing_since BIGINT,
  last_error TEXT,
  last_delivered_at BIGINT
);
-- The outbox: one notice for one channel. Stored before it is sent; line is the order within a channel.
CREATE TABLE notification_deliveries (
  id TEXT PRIMARY KEY,
  channel_id TEXT NOT NULL REFERENCES notification_channels (id),
  line BIGINT NOT NULL,
  topic TEXT NOT NULL,
  body TEXT NOT NULL,
  status TEXT NOT NULL,
  is_aside BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  tried_since BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  last_status BIGINT,
  last_error TEXT,
  ended_at BIGINT,
  folded BIGINT NOT NULL,
  folded_names TEXT NOT NULL
);
CREATE INDEX notification_deliveries_line ON notification_deliveries (line);
CREATE INDEX notification_deliveries_channel ON notification_deliveries (channel_id, line);
CREATE INDEX notification_deliveries_open ON notification_deliveries (channel_id, is_aside, line)
  WHERE status IN ('COLLECTING', 'WAITING');
CREATE INDEX notification_deliveries_ended ON notification_deliveries (ended_at) WHERE ended_at IS NOT NULL;
-- How far each source was told: by its name, in its own words.
CREATE TABLE notification_cursors (
  source TEXT PRIMARY KEY,
  position TEXT NOT NULL
);
-- Operations told of that are newer than the cursor: one that ends late has an old id.
CREATE TABLE notification_operations (
  operation_id TEXT PRIMARY KEY
);
-- What was last known of each link when its changes were told.
CREATE TABLE notification_links (
  link_id TEXT PRIMARY KEY,
  status TEXT NOT NULL
);
