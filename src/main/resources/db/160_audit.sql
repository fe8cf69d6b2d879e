-- Who did what: append-only, each row sealed with the seal before it by a key outside the database. No cell is NULL.
-- Of everything but seq the text is sealed, byte for byte; at is milliseconds since 1970 in digits.
CREATE TABLE audit (
  seq BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  username TEXT NOT NULL,
  token_id TEXT NOT NULL,
  auth TEXT NOT NULL,
  address TEXT NOT NULL,
  action TEXT NOT NULL,
  kind TEXT NOT NULL,
  resource TEXT NOT NULL,
  details TEXT NOT NULL,
  result TEXT NOT NULL,
  request_id TEXT NOT NULL,
  previous TEXT NOT NULL,
  seal TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at, seq);
CREATE INDEX audit_user ON audit (username, seq);
CREATE INDEX audit_action ON audit (action, seq);
CREATE INDEX audit_resource ON audit (resource, seq);
-- At most one row: up to which row retention has removed all of them, sealed.
CREATE TABLE audit_checkpoint (
  id BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL,
  row_seal TEXT NOT NULL,
  removed_at BIGINT NOT NULL,
  seal TEXT NOT NULL
);
