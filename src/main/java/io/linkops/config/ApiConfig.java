package io.linkops.config;

import io.linkops.vault.Masking;
import io.linkops.vault.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The HTTP server. */
public record ApiConfig(
        @Key(
                value = "Address to listen on. Everything but loopback needs TLS, in front or of its own.",
                byDefault = "127.0.0.1")
        String host,

        @Key(value = "TCP port to listen on; 0 takes a free one.", byDefault = "8080", min = 0, max = 65535)
        int port,

        @Key(
                value = "Key that signs tokens, at least 32 bytes. Without one, LinkOps makes one and keeps it beside"
                        + " the database.",
                min = 32)
        @Nullable
        Secret jwtSecret,

        @Key(
                value = "How long a log-in lasts.",
                name = "jwt_expiration_hours",
                byDefault = "24",
                unit = "h",
                min = 1,
                max = 8760)
        Duration jwtExpiration,

        @Key(value = "Origins (https://host) other than its own that may call the API from a browser.")
        List<String> corsOrigins,

        @Key(value = "Largest request body.", byDefault = "1048576", unit = "bytes", min = 1024, max = 104857600)
        int maxBodyBytes,

        @Key(value = "Event streams open at once, over all users.", byDefault = "2000", min = 1, max = 100000)
        int maxStreams,

        @Key(
                value = "Who may read /metrics: whoever has a token of any role, everybody (only behind something that"
                        + " keeps strangers out), or nobody.",
                byDefault = "token")
        MetricsAccess metrics,

        @Key(
                value = "Proxies in front of LinkOps, as networks (10.0.0.5, 10.0.0.0/8, fd00::/8). From these alone"
                        + " X-Forwarded-For and X-Forwarded-Proto are believed.")
        List<String> trustedProxies,

        @Key(
                value = "Certificate (PEM, with its chain) for TLS of its own; read again when it changes. Goes with"
                        + " tls_key.")
        @Nullable
        Path tlsCertificate,

        @Key(
                value = "Private key (PEM) of the certificate: owned by root or LinkOps's user, and not for others to"
                        + " read (mode 600 or 640).")
        @Nullable
        Path tlsKey)
        implements SelfChecked {
    private static final Pattern ORIGIN = Pattern.compile("https?://([A-Za-z0-9.-]+|\\[[0-9a-fA-F:]+])(:[0-9]{1,5})?");

    public ApiConfig {
        corsOrigins = List.copyOf(corsOrigins);
        trustedProxies = List.copyOf(trustedProxies);
    }

    @Override
    public List<Violation> violations() {
        return Stream.of(origins(), proxies(), tls()).flatMap(each -> each).toList();
    }

    private Stream<Violation> proxies() {
        return trustedProxies.stream()
                .filter(network -> !IpNetwork.isValid(network))
                .map(network -> new Violation(
                        List.of("trusted_proxies"),
                        "has '" + Shown.name(network) + "', expected an address or a network in digits, such as"
                                + " 10.0.0.5 or 10.0.0.0/8."));
    }

    private Stream<Violation> tls() {
        if ((tlsCertificate == null) == (tlsKey == null)) {
            return Stream.empty();
        }
        var missing = tlsKey == null ? "tls_key" : "tls_certificate";
        var given = tlsKey == null ? "tls_certificate" : "tls_key";
        return Stream.of(new Violation(List.of(missing, given), "is missing, and goes with " + given));
    }

    private Stream<Violation> origins() {
        return corsOrigins.stream()
                .filter(origin -> !ORIGIN.matcher(origin).matches())
                .map(origin -> new Violation(
                        List.of("cors_origins"),
                        "has '" + Shown.name(Masking.urls(origin))
                                + "', expected origins such as https://ops.example.org, without a path or *."));
    }
}
