package io.linkops.api;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * The cookie that binds a log-in at the OpenID provider to the browser that began it. Lax: it must come along when the
 * provider sends the browser back.
 */
final class FlowCookie {
    private static final String PLAIN = "linkops-oidc";
    private static final String SECURE = "__Host-linkops-oidc";

    private FlowCookie() {}

    /** Empty when there is none. */
    static String read(HttpServerRequest request) {
        var cookie = request.getCookie(name(request));
        return cookie == null ? "" : cookie.getValue();
    }

    static Answer put(Answer answer, String ticket, Duration lifetime) {
        return call -> {
            call.response().addCookie(cookie(call.request(), ticket, lifetime.toSeconds()));
            answer.send(call);
        };
    }

    static Answer clear(Answer answer) {
        return put(answer, "", Duration.ZERO);
    }

    private static Cookie cookie(HttpServerRequest request, String value, long maxAgeSeconds) {
        return Cookie.cookie(name(request), value)
                .setPath("/")
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.LAX)
                .setSecure(SecurityHeaders.isSecure(request))
                .setMaxAge(maxAgeSeconds);
    }

    private static String name(HttpServerRequest request) {
        return SecurityHeaders.isSecure(request) ? SECURE : PLAIN;
    }
}
