package io.linkops;

/** Which part of LinkOps a process is. */
public enum ServerRole {
    /** Everything in one process. */
    ALL,
    /** The API and the owners of tables. */
    CONTROL,
    /** The work over SSH, without a database. */
    RUNNER
}
