package io.linkops.api;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.orchestrator.Operations;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Whether LinkOps is stopping, as one verticle instance knows it: then nothing new is taken on, though everything can
 * still be read and what runs can be stopped; at the end open streams are ended properly (P37).
 */
final class Stopping {
    private static final int RETRY_SECONDS = 15;

    private final Set<Supplier<Future<Void>>> streams = new HashSet<>();
    private boolean isDraining;
    private boolean isClosed;

    void listen(Bus bus) {
        bus.listen(Operations.DrainBegun.class, _ -> isDraining = true);
    }

    boolean isDraining() {
        return isDraining;
    }

    /** Refuses what would begin something. */
    void admit(Endpoint endpoint) {
        if (isDraining && begins(endpoint)) {
            throw refusal();
        }
    }

    static Failure refusal() {
        return new Failure(
                ErrorCode.UNAVAILABLE,
                "LinkOps is stopping and takes no more work; try again when it is back",
                Map.of("retry_after", RETRY_SECONDS, "status", "draining"));
    }

    private static boolean begins(Endpoint endpoint) {
        return !endpoint.method().equals(HttpMethod.GET)
                && !endpoint.path().startsWith("/api/auth/")
                && !endpoint.path().endsWith("/stop");
    }

    /** @param end ends the stream; completes when the end is written */
    void add(Supplier<Future<Void>> end) {
        streams.add(end);
        if (isClosed) {
            var _ = end.get();
        }
    }

    void remove(Supplier<Future<Void>> end) {
        streams.remove(end);
    }

    Future<Void> endStreams() {
        isClosed = true;
        return Future.join(List.copyOf(streams).stream().map(Supplier::get).toList())
                .mapEmpty();
    }
}
