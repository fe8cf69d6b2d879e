package io.linkops.inventory;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/** Lets a number of jobs run at once and a larger number wait; for one event loop. */
final class Admission {
    private final int maxRunning;
    private final int maxWaiting;
    private final ArrayDeque<Promise<Void>> waiting = new ArrayDeque<>();
    private int running;

    Admission(int maxRunning, int maxWaiting) {
        this.maxRunning = maxRunning;
        this.maxWaiting = maxWaiting;
    }

    <T> Future<T> admit(Supplier<Future<T>> job) {
        if (running < maxRunning) {
            running++;
            return job.get().onComplete(_ -> next());
        }
        if (waiting.size() >= maxWaiting) {
            return Future.failedFuture(new Failure(
                    ErrorCode.RATE_LIMITED, maxWaiting + " verifications wait already; try again in a moment"));
        }
        Promise<Void> turn = Promise.promise();
        waiting.add(turn);
        return turn.future().compose(_ -> job.get()).onComplete(_ -> next());
    }

    /** The place goes to whoever waits longest, or is free. */
    private void next() {
        var turn = waiting.poll();
        if (turn == null) {
            running--;
        } else {
            turn.complete();
        }
    }
}
