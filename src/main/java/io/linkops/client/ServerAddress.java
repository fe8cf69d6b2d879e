package io.linkops.client;

import io.linkops.vault.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is and who asks.
 *
 * @param base such as {@code https://linkops.example}, without a slash at the end; a path before the API is kept
 * @param token of a log-in or an API token
 * @param authorities a PEM file with the certificates to trust besides those of Java; null for those alone
 */
public record ServerAddress(
        URI base, Secret token, @Nullable Path authorities) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    /**
     * Reads and judges an address.
     *
     * @param mayBePlain whether the token may travel over http to another machine
     * @throws IllegalArgumentException with a sentence that says what is wrong with it
     */
    public static ServerAddress of(String url, Secret token, @Nullable Path authorities, boolean mayBePlain) {
        var base = parse(url);
        var host = base.getHost();
        if (base.getScheme().equals("http") && !LOOPBACK.contains(host) && !host.startsWith("127.") && !mayBePlain) {
            throw new IllegalArgumentException("The token would travel in clear text to " + host
                    + "; use https, or allow it with --allow-http (LINKOPS_ALLOW_HTTP=true)");
        }
        return new ServerAddress(base, token, authorities);
    }

    private static URI parse(String url) {
        URI parsed;
        try {
            parsed = new URI(url.strip().replaceFirst("/+$", ""));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("The address of the server is not a URL: " + e.getReason(), e);
        }
        var scheme = parsed.getScheme() == null ? "" : parsed.getScheme().toLowerCase(Locale.ROOT);
        if (!Set.of("http", "https").contains(scheme) || parsed.getHost() == null) {
            throw new IllegalArgumentException(
                    "The address of the server must be like https://linkops.example:8443 (LINKOPS_URL or --url)");
        }
        if (parsed.getRawUserInfo() != null || parsed.getRawQuery() != null || parsed.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "The address of the server has no user, no query and no fragment; the token goes into"
                            + " LINKOPS_TOKEN");
        }
        return parsed;
    }

    /** The address of something on this server. */
    URI at(String path) {
        return URI.create(base + path);
    }
}
