package io.linkops.api;

import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** The headers that every answer carries, and the policy of the one page. */
final class SecurityHeaders {
    private SecurityHeaders() {}

    static void put(HttpServerRequest request) {
        var response = request.response()
                .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
                .putHeader("Cache-Control", "no-store");
        if (isSecure(request)) {
            response.putHeader("Strict-Transport-Security", "max-age=31536000");
        }
    }

    /** What index.html may load; styles made by script carry the nonce. */
    static String pagePolicy(String nonce) {
        return "default-src 'self'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' data:; connect-src 'self'; "
                + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
                + "require-trusted-types-for 'script'";
    }

    /** Whether the client speaks TLS, to us or to a configured proxy ({@link Proxies}). */
    static boolean isSecure(HttpServerRequest request) {
        @Nullable String forwarded = request.getHeader("X-Forwarded-Proto");
        return request.isSSL() || "https".equalsIgnoreCase(forwarded);
    }
}
