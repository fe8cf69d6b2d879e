package io.linkops.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What LinkOps says about itself. */
public record LoggingConfig(
        @Key(value = "The least serious messages to log: ERROR, WARN, INFO, DEBUG or TRACE.", byDefault = "INFO")
        Level level,

        @Key(value = "Log file besides standard output.") @Nullable
        Path path,

        @Key(value = "Size at which the log file is rotated.", byDefault = "100", unit = "MB", min = 1, max = 10240)
        int maxSizeMb,

        @Key(value = "Rotated files to keep.", byDefault = "5", min = 0, max = 100)
        int backupCount,

        @Key(value = "text or json.", byDefault = "TEXT") Format format) {
    /** How much is logged. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /** What a log line looks like. */
    public enum Format {
        TEXT,
        JSON
    }
}
