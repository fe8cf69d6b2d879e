package io.linkops.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP side of one event stream: headers, heartbeat, and the end: of the reader's right to read, of our patience,
 * or of the connection. It holds a slot from its making until the connection is over.
 */
final class SseConnection {
    private static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");

    private final Streams streams;
    private final Call call;
    private final HttpServerResponse response;
    private final Runnable whenOver;
    private final Supplier<Future<Void>> ending = this::endNow;
    private final Runnable recheckNow = this::recheck;
    private boolean isOver;
    private long heartbeat = -1;
    private long recheck = -1;
    private @Nullable Instant fullSince;

    /** @param whenOver runs once, however it ends */
    SseConnection(Streams streams, Call call, Runnable whenOver) {
        this.streams = streams;
        this.call = call;
        this.response = call.response();
        this.whenOver = whenOver;
        streams.slots().take();
        call.whenOver(this::over);
        if (response.closed()) {
            over();
        }
    }

    /** Sends the head; from now on the stream is alive. False when there is nobody to stream to. */
    boolean begin(Runnable whenDrained) {
        if (isOver) {
            return false;
        }
        call.request().resume();
        response.setStatusCode(200)
                .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("Cache-Control", "no-cache, no-store")
                .putHeader("X-Accel-Buffering", "no")
                .putHeader("Content-Encoding", "identity");
        if (call.isHead()) {
            response.end();
            return false;
        }
        response.setChunked(true).drainHandler(drained -> whenDrained.run());
        response.write("retry: 2000\n\n");
        streams.stopping().add(ending);
        heartbeat = streams.vertx().setPeriodic(streams.pace().heartbeat().toMillis(), tick -> beat());
        streams.doors().add(call.principal().username(), recheckNow);
        recheck = streams.vertx().setPeriodic(streams.pace().recheck().toMillis(), tick -> recheck());
        return true;
    }

    boolean isOver() {
        return isOver || response.ended();
    }

    /** Whether the reader has not taken what it was sent. */
    boolean isFull() {
        return response.writeQueueFull();
    }

    void write(Buffer frames) {
        response.write(frames);
    }

    /** A proper end. */
    void end() {
        if (!isOver()) {
            response.end();
        }
    }

    /** LinkOps is stopping; the reader comes again and goes on where it was. */
    private Future<Void> endNow() {
        return isOver() ? Future.succeededFuture() : response.end();
    }

    /** An end that the reader can tell from a proper one. */
    void abort() {
        if (!isOver) {
            call.request().connection().close();
        }
    }

    private void beat() {
        if (isOver()) {
            return;
        }
        if (!isFull()) {
            fullSince = null;
            write(HEARTBEAT);
        } else if (fullSince == null) {
            fullSince = streams.clock().instant();
        } else if (Duration.between(fullSince, streams.clock().instant())
                        .compareTo(streams.pace().patience())
                > 0) {
            abort();
        }
    }

    /** Who logged out, lost the role or is past the token's end does not go on reading. */
    private void recheck() {
        var expiresAt = call.principal().expiresAt();
        if (expiresAt != null && !streams.clock().instant().isBefore(expiresAt)) {
            end();
        } else {
            streams.authentication().recheck(call).onFailure(this::endIfRefused);
        }
    }

    private void endIfRefused(Throwable cause) {
        if (Authentication.isRefusal(cause)) {
            end();
        }
    }

    private void over() {
        if (!isOver) {
            isOver = true;
            streams.stopping().remove(ending);
            streams.vertx().cancelTimer(heartbeat);
            streams.vertx().cancelTimer(recheck);
            streams.doors().remove(call.principal().username(), recheckNow);
            streams.slots().giveBack();
            whenOver.run();
        }
    }
}
