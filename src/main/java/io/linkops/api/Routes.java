package io.linkops.api;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;

/** Where the {@code <Noun>Routes} register their endpoints, each with the access it grants. */
final class Routes {
    static final String API = "/api";

    private final List<Endpoint> endpoints = new ArrayList<>();

    /** HEAD is answered too, like GET without the body. */
    Routes get(String path, Access access, Endpoint.Action action) {
        return add(new Endpoint(HttpMethod.GET, path, access, Endpoint.Kind.PLAIN, action));
    }

    /** A GET that answers with an event stream. */
    Routes stream(String path, Access access, Endpoint.Action action) {
        return add(new Endpoint(HttpMethod.GET, path, access, Endpoint.Kind.STREAM, action));
    }

    /** A GET that becomes a WebSocket. */
    Routes socket(String path, Access access, Endpoint.Action action) {
        return add(new Endpoint(HttpMethod.GET, path, access, Endpoint.Kind.SOCKET, action));
    }

    Routes post(String path, Access access, Endpoint.Action action) {
        return add(new Endpoint(HttpMethod.POST, path, access, Endpoint.Kind.PLAIN, action));
    }

    Routes put(String path, Access access, Endpoint.Action action) {
        return add(new Endpoint(HttpMethod.PUT, path, access, Endpoint.Kind.PLAIN, action));
    }

    Routes delete(String path, Access access, Endpoint.Action action) {
        return add(new Endpoint(HttpMethod.DELETE, path, access, Endpoint.Kind.PLAIN, action));
    }

    List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    private Routes add(Endpoint endpoint) {
        for (var other : endpoints) {
            if (other.method().equals(endpoint.method()) && other.path().equals(endpoint.path())) {
                throw new IllegalStateException(endpoint.method() + " " + endpoint.path() + " is registered twice");
            }
        }
        endpoints.add(endpoint);
        return this;
    }
}
