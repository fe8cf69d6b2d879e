-- Whether a run of a script outlives the connection and LinkOps itself: AUTO, ALWAYS or NEVER.
ALTER TABLE scripts ADD COLUMN durable TEXT NOT NULL DEFAULT 'AUTO';
