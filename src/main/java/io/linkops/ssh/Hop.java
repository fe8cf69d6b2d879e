package io.linkops.ssh;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One log-in on the way.
 *
 * @param name what people call it (the link's id), for messages
 * @param port 1–65535
 * @param keyRef file name of the private key in the keys directory; null for the configured default
 * @param trustedHostKeys fingerprints ({@code SHA256:…}) of which the host key must have one; if empty, the known_hosts
 *     file decides; if that does not know the host either, the connection is refused
 */
public record Hop(
        String name,
        String host,
        int port,
        String user,
        @Nullable String keyRef,
        List<String> trustedHostKeys) {
    public Hop {
        trustedHostKeys = List.copyOf(trustedHostKeys);
    }

    @Override
    public String toString() {
        return name + " (" + user + "@" + host + ":" + port + ")";
    }
}
