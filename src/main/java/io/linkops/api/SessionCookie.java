package io.linkops.api;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** The cookie that carries a browser's token: no script reads it, no other site sends it. */
final class SessionCookie {
    private static final String PLAIN = "linkops";
    /** Browsers take a cookie of this name over TLS only, from this very host. */
    private static final String SECURE = "__Host-linkops";

    private SessionCookie() {}

    static @Nullable String read(HttpServerRequest request) {
        var cookie = request.getCookie(name(request));
        return cookie == null ? null : cookie.getValue();
    }

    static Answer put(Answer answer, String token, long maxAgeSeconds) {
        return call -> {
            call.response().addCookie(cookie(call.request(), token, Math.max(0, maxAgeSeconds)));
            answer.send(call);
        };
    }

    static Answer clear(Answer answer) {
        return put(answer, "", 0);
    }

    private static Cookie cookie(HttpServerRequest request, String value, long maxAgeSeconds) {
        return Cookie.cookie(name(request), value)
                .setPath("/")
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT)
                .setSecure(SecurityHeaders.isSecure(request))
                .setMaxAge(maxAgeSeconds);
    }

    private static String name(HttpServerRequest request) {
        return SecurityHeaders.isSecure(request) ? SECURE : PLAIN;
    }
}
