-- An operation that goes takes its scripts along without a look at all others.
CREATE INDEX operation_scripts_by_operation ON operation_scripts (operation_id);
