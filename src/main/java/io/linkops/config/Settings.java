package io.linkops.config;

/** The whole configuration: one record per section of the file. */
public record Settings(
        ApiConfig api,
        DatabaseConfig database,
        GitConfig git,
        SshConfig ssh,
        SecurityConfig security,
        OperationsConfig operations,
        LoggingConfig logging) {}
