-- Append-only event streams, one per run; seq is gap-free within its stream.
CREATE TABLE journal (
  stream TEXT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  is_last BIGINT NOT NULL,
  PRIMARY KEY (stream, seq)
);
