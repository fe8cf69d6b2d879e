-- What rooms seal what they keep with; itself wrapped with the master key, which is outside of the database.
CREATE TABLE data_keys (
  purpose TEXT PRIMARY KEY,
  master_key TEXT NOT NULL,
  wrapped TEXT NOT NULL,
  wrapped_at BIGINT NOT NULL
);
CREATE TABLE secrets (
  name TEXT PRIMARY KEY,
  sealed TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL
);
-- No row until the file was written anew after everything in it was sealed.
CREATE TABLE sealed_since (
  id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL
);
