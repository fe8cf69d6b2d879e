package io.linkops.api;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each request when it is over. Queries are never logged: a ticket may be in them. */
final class AccessLog implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger("io.linkops.access");
    private static final String BEGAN = "linkops.began";
    private static final String USER = "linkops.user";

    private final InstantSource clock;

    AccessLog(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void handle(RoutingContext context) {
        watch(context);
        context.next();
    }

    void watch(RoutingContext context) {
        if (context.data().putIfAbsent(BEGAN, clock.instant()) == null) {
            context.addEndHandler(over -> write(context));
        }
    }

    private void write(RoutingContext context) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        var request = context.request();
        LOG.info(
                "{} {} {} {} {} {} {} bytes {} ms",
                FrontDoor.requestId(request),
                Proxies.address(request),
                context.get(USER, "-"),
                request.method(),
                path(request),
                request.response().getStatusCode(),
                request.response().bytesWritten(),
                Duration.between(context.<Instant>get(BEGAN), clock.instant()).toMillis());
    }

    /** A request that never was one. */
    void invalid(HttpServerRequest request) {
        LOG.info("{} {} sent an invalid request", FrontDoor.requestId(request), Proxies.address(request));
    }

    /** Who it was, for the line. */
    static void name(RoutingContext context, String username) {
        context.put(USER, username);
    }

    /** The path in one line of plain ASCII. */
    static String path(HttpServerRequest request) {
        var path = Objects.requireNonNullElse(request.path(), "-");
        return Call.shortened(path.replaceAll("[^\\x21-\\x7e]", "?"));
    }

    /** Foreign text that can't begin a line of its own. */
    static String inOneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
