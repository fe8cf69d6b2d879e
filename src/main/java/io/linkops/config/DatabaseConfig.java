package io.linkops.config;

import java.nio.file.Path;
import java.time.Duration;

/** Where LinkOps keeps what it knows. */
public record DatabaseConfig(
        @Key(
                value = "The SQLite database file; its directory also holds generated keys.",
                byDefault = "/var/lib/linkops/linkops.db")
        Path path,

        @Key(value = "Connections for reading.", byDefault = "4", min = 1, max = 64)
        int readers,

        @Key(
                value = "How long a statement waits for another process that holds the database.",
                byDefault = "5",
                unit = "s",
                min = 0,
                max = 600)
        Duration busyTimeout,

        @Key(value = "Writes that may wait before callers are refused.", byDefault = "20000", min = 100, max = 1000000)
        int maxQueuedWrites) {}
