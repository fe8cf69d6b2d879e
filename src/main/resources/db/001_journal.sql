-- Append-only event streams, one per run; seq is gap-free within its stream. part tells whose output it is; size is
-- the length of data, in front of it, so that pages can be cut without reading what is long.
CREATE TABLE journal (
  stream TEXT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  type TEXT NOT NULL,
  part TEXT,
  size BIGINT NOT NULL,
  data TEXT NOT NULL,
  is_last BIGINT NOT NULL,
  PRIMARY KEY (stream, seq)
);
CREATE INDEX journal_part ON journal (stream, part, seq) WHERE part IS NOT NULL;
