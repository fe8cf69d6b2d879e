package io.linkops.api;

import io.linkops.figures.FigureBook;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** Counts requests by the endpoint's path as it is written, never by what was asked for. */
final class HttpFigures implements Handler<RoutingContext> {
    private static final String ENDPOINT = "linkops.endpoint";
    private static final String NONE = "none";

    private final FigureBook book;

    HttpFigures(FigureBook book) {
        this.book = book;
    }

    /** With steps that fit requests. */
    static FigureBook book() {
        return new FigureBook(
                Duration.ofMillis(5),
                Duration.ofMillis(25),
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10));
    }

    static void name(RoutingContext context, Endpoint endpoint) {
        context.put(ENDPOINT, endpoint);
    }

    @Override
    public void handle(RoutingContext context) {
        long began = System.nanoTime();
        context.addEndHandler(over -> count(context, Duration.ofNanos(System.nanoTime() - began)));
        context.next();
    }

    private void count(RoutingContext context, Duration took) {
        Endpoint endpoint = context.get(ENDPOINT);
        var method = endpoint == null ? NONE : endpoint.method().name();
        var route = endpoint == null ? NONE : endpoint.path();
        var status = context.response().getStatusCode() / 100 + "xx";
        book.count("linkops_http_requests", "Requests.", "method", method, "route", route, "status", status);
        // a stream or socket lasts as long as somebody watches
        if (endpoint != null && endpoint.kind() == Endpoint.Kind.PLAIN) {
            book.time(
                    "linkops_http_request_duration", "How long answers took.", took, "method", method, "route", route);
        }
    }
}
