package io.linkops.api;

import static io.linkops.api.Access.VIEWER;

import io.vertx.core.Future;

/** Event streams: one operation's, and the fleet's for the browser. */
final class EventRoutes {
    private static final long LARGEST = 999_999_999_999_999_999L;

    private final Streams streams;
    private final FleetEvents events;

    /**
     * What the reader of an operation asked for.
     *
     * @param fleet whether the fleet's news come on the same stream
     */
    private record Asked(long after, boolean fleet) {}

    EventRoutes(Streams streams, FleetEvents events) {
        this.streams = streams;
        this.events = events;
    }

    void register(Routes routes) {
        routes.stream("/api/events", VIEWER, this::fleet).stream("/api/operations/:id/events", VIEWER, this::operation);
    }

    private Future<Answer> fleet(Call call) {
        call.query(query -> {
            query.ignore("ticket");
            return true;
        });
        return Future.succeededFuture(new BrowserStream(streams, events, call).open());
    }

    private Future<Answer> operation(Call call) {
        var asked = call.query(query -> {
            query.ignore("ticket");
            return new Asked(query.number("after", 0, LARGEST, 0), query.flag("fleet"));
        });
        long after = resumeAfter(call, asked.after());
        return new EventStream(streams, call, call.part("id"), after, asked.fleet() ? events : null).open();
    }

    /** The header is newer than the URL: an EventSource sends it when it comes back. */
    private static long resumeAfter(Call call, long asked) {
        var header = call.request().getHeader("Last-Event-ID");
        if (header == null || header.isEmpty()) {
            return asked;
        }
        if (!header.matches("[0-9]{1,18}")) {
            throw Problems.of("Last-Event-ID", "must be the id of an event of this stream");
        }
        return Long.parseLong(header);
    }
}
