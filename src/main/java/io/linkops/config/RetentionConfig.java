package io.linkops.config;

import java.time.Duration;

/** What is removed when it is old, or when there is too much of it. */
public record RetentionConfig(
        @Key(
                value = "How long operations that are over are kept, with all their output; 0 for ever.",
                name = "operations_kept_days",
                byDefault = "0",
                unit = "d",
                min = 0,
                max = 36500)
        Duration operationsKept,

        @Key(
                value = "From this size of the database file on, the oldest operations that are over go; 0 never.",
                name = "database_max_mb",
                byDefault = "0",
                min = 0,
                max = 1000000000)
        long databaseMaxMb,

        @Key(
                value = "How long it is kept who opened which shell in a terminal; 0 for ever. Recordings have limits"
                        + " of their own.",
                name = "terminal_sessions_kept_days",
                byDefault = "0",
                unit = "d",
                min = 0,
                max = 36500)
        Duration terminalSessionsKept,

        @Key(
                value = "How long rows of the audit are kept; 0 for ever.",
                name = "audit_kept_days",
                byDefault = "0",
                unit = "d",
                min = 0,
                max = 36500)
        Duration auditKept,

        @Key(
                value = "How often it is looked what is to be removed.",
                name = "interval_minutes",
                byDefault = "15",
                unit = "m",
                min = 1,
                max = 1440)
        Duration interval) {}
