package io.linkops.api;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which web pages may ask: our own, and those of the configured origins; never with cookies from elsewhere. */
final class CrossOrigin implements Handler<RoutingContext> {
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Set<String> origins;

    CrossOrigin(List<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    @Override
    public void handle(RoutingContext context) {
        var request = context.request();
        var given = request.headers().getAll("Origin");
        if (!origins.isEmpty()) {
            context.response().putHeader("Vary", "Origin");
        }
        if (given.isEmpty()) {
            context.next();
            return;
        }
        var origin = given.getFirst();
        var isListed = given.size() == 1 && origins.contains(origin);
        if (isListed) {
            context.response()
                    .putHeader("Access-Control-Allow-Origin", origin)
                    .putHeader("Access-Control-Expose-Headers", "X-Request-Id, Location, Retry-After");
        }
        var isAllowed = isListed || (given.size() == 1 && isOwn(origin, request));
        if (!isAllowed && (isPreflight(request) || !READING.contains(request.method()))) {
            throw refused(origin);
        }
        if (isPreflight(request)) {
            answerPreflight(context);
        } else {
            context.next();
        }
    }

    /**
     * For sockets, which browsers open for any page, with our cookie: only our own pages and those of the configured
     * origins may. Who is no browser sends no Origin.
     */
    void requireAllowed(Call call) {
        var given = call.request().headers().getAll("Origin");
        boolean isAllowed = given.isEmpty()
                || (given.size() == 1
                        && (origins.contains(given.getFirst()) || isOwn(given.getFirst(), call.request())));
        if (!isAllowed) {
            throw refused(given.getFirst());
        }
    }

    private static Failure refused(String origin) {
        return new Failure(
                ErrorCode.FORBIDDEN,
                "The origin " + Call.shortened(origin)
                        + " may not do this; an administrator can list it as api.cors_origins");
    }

    private static boolean isPreflight(HttpServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS)
                && request.headers().contains("Access-Control-Request-Method");
    }

    private static void answerPreflight(RoutingContext context) {
        context.request().resume();
        context.response()
                .putHeader("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE")
                .putHeader("Access-Control-Allow-Headers", "Authorization, Content-Type, X-LinkOps, Last-Event-ID")
                .putHeader("Access-Control-Max-Age", "600")
                .setStatusCode(204)
                .end();
    }

    /** A browser writes the same host and port into both, leaving the scheme's own port out of both. */
    private static boolean isOwn(String origin, HttpServerRequest request) {
        var host = request.getHeader("Host");
        var own = origin.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "");
        return host != null && own.length() < origin.length() && own.equals(host.toLowerCase(Locale.ROOT));
    }
}
