-- Schedules made here; those of the repository are read from it.
CREATE TABLE schedules (
  id TEXT PRIMARY KEY,
  work TEXT NOT NULL,
  created_by TEXT NOT NULL,
  saved_at BIGINT NOT NULL
);
-- Where each schedule in force stands. Another expression begins anew.
CREATE TABLE schedule_marks (
  id TEXT PRIMARY KEY,
  expression TEXT NOT NULL,
  handled_until BIGINT NOT NULL,
  is_enabled BIGINT NOT NULL,
  switched_by TEXT
);
-- What came of each time that was due: at most one row, so a time is started at most once.
CREATE TABLE schedule_firings (
  schedule TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  times BIGINT NOT NULL,
  operation_id TEXT,
  reason TEXT,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (schedule, due_at)
);
