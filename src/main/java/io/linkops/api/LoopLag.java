package io.linkops.api;

import io.linkops.figures.FigureBook;
import io.vertx.core.Vertx;
import java.time.Duration;

/** How much later than it should an event loop does what it has to do. */
final class LoopLag {
    private static final Duration BEAT = Duration.ofMillis(500);

    private final FigureBook book;
    private long due;

    LoopLag(FigureBook book) {
        this.book = book;
    }

    /** On the event loop of the caller. */
    void watch(Vertx vertx) {
        due = System.nanoTime() + BEAT.toNanos();
        vertx.setTimer(BEAT.toMillis(), beat -> {
            book.time(
                    "linkops_event_loop_lag",
                    "How late event loops do what is due.",
                    Duration.ofNanos(Math.max(0, System.nanoTime() - due)));
            watch(vertx);
        });
    }
}
