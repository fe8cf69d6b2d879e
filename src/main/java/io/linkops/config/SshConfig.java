package io.linkops.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Connections to links. */
public record SshConfig(
        @Key(
                value = "Private keys, each mode 600 and owned by the user LinkOps runs as.",
                alias = "keys_dir",
                byDefault = "/var/lib/linkops/keys")
        Path keysDirectory,

        @Key(value = "File name of the key for links without ssh.keyRef; without one, the only key in the directory.")
        @Nullable
        String defaultKey,

        @Key(
                value = "known_hosts file whose keys are trusted besides those pinned in links.yaml or confirmed by an"
                        + " admin.")
        @Nullable
        Path knownHostsPath,

        @Key(
                value = "How long to wait for TCP, key exchange and log-in, each.",
                byDefault = "30",
                unit = "s",
                min = 1,
                max = 600)
        Duration connectionTimeout,

        @Key(
                value = "How often a connection is tried again before anything was run.",
                byDefault = "3",
                min = 0,
                max = 10)
        int maxRetries,

        @Key(
                value = "Pause before the first retry; it doubles, with jitter.",
                byDefault = "1",
                unit = "s",
                min = 0,
                max = 60)
        Duration retryDelay,

        @Key(
                value = "How often an idle connection is asked for a sign of life; 0 never.",
                byDefault = "30",
                unit = "s",
                min = 0,
                max = 3600)
        Duration keepaliveInterval,

        @Key(value = "How long an unused connection is kept.", byDefault = "5", unit = "m", min = 0, max = 1440)
        Duration idleTimeout,

        @Key(value = "Connections open at once.", byDefault = "1500", min = 1, max = 20000)
        int maxConnections)
        implements SelfChecked {

    @Override
    public List<Violation> violations() {
        boolean isName = defaultKey == null
                || (!defaultKey.contains("/") && !defaultKey.equals(".") && !defaultKey.equals(".."));
        return isName
                ? List.of()
                : List.of(new Violation(
                        List.of("default_key"),
                        "is '" + Shown.name(String.valueOf(defaultKey))
                                + "', expected the name of a file in ssh.keys_directory, without a directory."));
    }
}
