-- Append-only event streams, one per run; seq is gap-free within its stream. part tells whose output it is.
CREATE TABLE journal (
  stream TEXT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  type TEXT NOT NULL,
  part TEXT,
  data TEXT NOT NULL,
  is_last BIGINT NOT NULL,
  PRIMARY KEY (stream, seq)
);
CREATE INDEX journal_part ON journal (stream, part, seq) WHERE part IS NOT NULL;
