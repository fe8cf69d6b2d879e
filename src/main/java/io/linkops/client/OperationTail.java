package io.linkops.client;

import io.vertx.core.json.DecodeException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Follows one operation to its end: each event once and in order, however often the connection is cut. It goes on after
 * the last event it has seen, and gives up when the server was away for too long.
 */
public final class OperationTail {
    /** The server says something every 15 s. */
    private static final Duration SILENCE = Duration.ofSeconds(45);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Told when the connection is lost and when it is there again. */
    public interface Watch {
        void lost(String why);

        void found();
    }

    private final LinkOpsServer server;
    private final Duration patience;
    private final Watch watch;

    /** @param patience how long the server may be away */
    public OperationTail(LinkOpsServer server, Duration patience, Watch watch) {
        this.server = server;
        this.patience = patience;
        this.watch = watch;
    }

    /**
     * Hands over every event.
     *
     * @return the last one
     */
    public OperationEvent follow(String operationId, Consumer<OperationEvent> reader)
            throws ServerRefusal, ServerUnreachable, InterruptedException {
        var path = "/api/operations/" + LinkOpsServer.part(operationId) + "/events";
        var last = new Last();
        long lostAt = 0;
        var pause = FIRST_PAUSE;
        while (true) {
            long before = last.id;
            String why;
            try {
                why = read(path, last, reader, lostAt != 0);
            } catch (ServerUnreachable e) {
                why = String.valueOf(e.getMessage());
            } catch (ServerRefusal e) {
                if (e.status() != 429 && e.status() < 500) {
                    throw e;
                }
                why = String.valueOf(e.getMessage());
            }
            var end = last.end;
            if (end != null) {
                return end;
            }
            if (last.id > before || lostAt == 0) {
                lostAt = System.nanoTime();
                pause = FIRST_PAUSE;
                watch.lost(why);
            } else if (System.nanoTime() - lostAt > patience.toNanos()) {
                throw new ServerUnreachable(
                        why + ". The operation goes on without us; see it again with: linkops logs -f " + operationId);
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    /** How far we are. */
    private static final class Last {
        private long id;
        private @org.jspecify.annotations.Nullable OperationEvent end;
    }

    /** One connection. @return why it is over */
    private String read(String path, Last last, Consumer<OperationEvent> reader, boolean isAgain)
            throws ServerRefusal, ServerUnreachable, InterruptedException {
        var answer = server.events(path, last.id);
        if (isAgain) {
            watch.found();
        }
        if (answer.statusCode() == 204) {
            throw new ServerUnreachable("The event stream ended without the operation's end");
        }
        var heardAt = new AtomicLong(System.nanoTime());
        try (var body = answer.body();
                var _ = new Alarm(body, heardAt)) {
            var events = new EventReader(body, () -> heardAt.set(System.nanoTime()));
            for (var event = events.next(); event != null; event = events.next()) {
                if (event.id() <= last.id) {
                    continue;
                }
                reader.accept(event);
                last.id = event.id();
                if (event.isLast()) {
                    last.end = event;
                    return "";
                }
            }
            return "The server closed the connection";
        } catch (IOException | DecodeException | NumberFormatException e) {
            return "The connection broke: " + e.getMessage();
        }
    }

    /** Closes a connection on which nothing was heard for too long: reading alone would wait for ever. */
    private static final class Alarm implements AutoCloseable {
        private final Thread thread;

        Alarm(InputStream body, AtomicLong heardAt) {
            this.thread = Thread.ofVirtual().start(() -> {
                try {
                    while (System.nanoTime() - heardAt.get() < SILENCE.toNanos()) {
                        Thread.sleep(SILENCE.dividedBy(9));
                    }
                    body.close();
                } catch (InterruptedException | IOException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }
}
