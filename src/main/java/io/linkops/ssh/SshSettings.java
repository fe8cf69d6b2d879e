package io.linkops.ssh;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The limits and places of all work over SSH.
 *
 * @param keysDirectory private keys, each mode 600 and owned by the user LinkOps runs as
 * @param defaultKey file name of the key for hops without a keyRef; null for the only key in the directory
 * @param knownHosts OpenSSH known_hosts file for hops without trusted fingerprints; null for none
 * @param connectionTimeout for TCP, key exchange, log-in and each later answer, of each hop and try
 * @param maxRetries how often connecting is tried again; nothing else is ever retried
 * @param retryDelay pause before the first retry; it doubles, with jitter
 * @param keepaliveInterval between signs of life on a kept connection; zero for none
 * @param idleTimeout how long an unused connection is kept
 * @param maxConnections open at once, jump hosts' included
 * @param channelsPerConnection executions that share one connection (sshd's MaxSessions is 10)
 */
public record SshSettings(
        Path keysDirectory,
        @Nullable String defaultKey,
        @Nullable Path knownHosts,
        Duration connectionTimeout,
        int maxRetries,
        Duration retryDelay,
        Duration keepaliveInterval,
        Duration idleTimeout,
        int maxConnections,
        int channelsPerConnection) {
    public SshSettings {
        if (maxConnections < 1 || channelsPerConnection < 1 || maxRetries < 0) {
            throw new IllegalArgumentException("at least 1 connection, 1 channel on it and 0 retries are needed, not "
                    + maxConnections + ", " + channelsPerConnection + " and " + maxRetries);
        }
        if (connectionTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("the connection timeout must be above zero");
        }
    }

    /** The same with another {@link #connectionTimeout}. */
    SshSettings within(Duration timeout) {
        return new SshSettings(
                keysDirectory,
                defaultKey,
                knownHosts,
                timeout,
                maxRetries,
                retryDelay,
                keepaliveInterval,
                idleTimeout,
                maxConnections,
                channelsPerConnection);
    }

    /** The defaults of the configuration for a keys directory. */
    public static SshSettings of(Path keysDirectory) {
        return new SshSettings(
                keysDirectory,
                null,
                null,
                Duration.ofSeconds(30),
                3,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                1500,
                8);
    }
}
