package io.linkops.api;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;

/**
 * One thing the API can be asked: the router is built from these and from nothing else.
 *
 * @param path as people write it, {@code /api/links/:id}; what begins with {@code /api/} is served under
 *     {@code /api/v1/} too
 * @param isStream whether it is an event stream, which a ticket in the query opens as well
 */
record Endpoint(HttpMethod method, String path, Access access, boolean isStream, Action action) {

    /** What an endpoint does; a failed future or an exception becomes an error answer. */
    @FunctionalInterface
    interface Action {
        Future<Answer> answer(Call call);
    }

    boolean isApi() {
        return path.startsWith(Routes.API + "/");
    }

    /** The browser's files, which are not part of the API. */
    boolean isPage() {
        return path.endsWith("*");
    }
}
