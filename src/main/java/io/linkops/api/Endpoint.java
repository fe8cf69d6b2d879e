package io.linkops.api;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;

/**
 * One thing the API can be asked: the router is built from these and from nothing else.
 *
 * @param path as people write it, {@code /api/links/:id}; what begins with {@code /api/} is served under
 *     {@code /api/v1/} too
 * @param kind streams and sockets are opened by a ticket in the query as well
 */
record Endpoint(HttpMethod method, String path, Access access, Kind kind, Action action) {

    /** What comes of a request. */
    enum Kind {
        /** One answer. */
        PLAIN,
        /** An event stream. */
        STREAM,
        /** A WebSocket. */
        SOCKET
    }

    /** What an endpoint does; a failed future or an exception becomes an error answer. */
    @FunctionalInterface
    interface Action {
        Future<Answer> answer(Call call);
    }

    /** Whether a browser opens it without headers. */
    boolean takesTickets() {
        return kind != Kind.PLAIN;
    }

    boolean isApi() {
        return path.startsWith(Routes.API + "/");
    }

    /** The browser's files, which are not part of the API. */
    boolean isPage() {
        return path.endsWith("*");
    }
}
