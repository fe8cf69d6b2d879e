package io.linkops.orchestrator;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.journal.Journal;
import io.linkops.orchestrator.ActiveOperation.Move;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the moves of one operation durable in their order: what comes while one write is on its way goes into the next
 * one together, and a write that fails for want of room is tried again until there is.
 */
final class OperationRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(OperationRecorder.class);
    private static final long RETRY_MILLIS = 1000;

    private final Vertx vertx;
    private final Journal journal;
    private final String stream;
    private final List<Move> waiting = new ArrayList<>();
    private Promise<Void> next = Promise.promise();
    private boolean isBusy;

    OperationRecorder(Vertx vertx, Journal journal, String stream) {
        this.vertx = vertx;
        this.journal = journal;
        this.stream = stream;
    }

    /** Completes when the move, and every one before it, is on disk. */
    Future<Void> record(Move move) {
        waiting.add(move);
        var done = next.future();
        if (!isBusy) {
            isBusy = true;
            flush();
        }
        return done;
    }

    private void flush() {
        var moves = List.copyOf(waiting);
        waiting.clear();
        var done = next;
        next = Promise.promise();
        write(moves).onComplete(written -> {
            done.handle(written);
            if (waiting.isEmpty()) {
                isBusy = false;
            } else {
                flush();
            }
        });
    }

    private Future<Void> write(List<Move> moves) {
        var events = moves.stream().flatMap(move -> move.events().stream()).toList();
        var records = moves.stream().flatMap(move -> move.records().stream()).toList();
        return journal.append(stream, events, records)
                .recover(cause -> isPassing(cause) ? later(moves) : Future.failedFuture(cause));
    }

    private Future<Void> later(List<Move> moves) {
        LOG.warn("{} could not be written; trying again in {} ms", stream, RETRY_MILLIS);
        return vertx.timer(RETRY_MILLIS).compose(_ -> write(moves));
    }

    private static boolean isPassing(Throwable cause) {
        return cause instanceof Failure failure
                && (failure.code() == ErrorCode.STORAGE_FULL || failure.code() == ErrorCode.STORAGE_UNAVAILABLE);
    }
}
