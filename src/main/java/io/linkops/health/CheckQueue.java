package io.linkops.health;

import io.linkops.health.Health.Check;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Checks at once, no more than so many, and one of a link at a time: whoever asks meanwhile shares it. Those that
 * somebody asked for go before those of the schedule. For one event loop.
 */
final class CheckQueue {
    private final int parallelism;
    private final Function<Turn, Future<Check>> act;
    private final Map<String, Turn> turns = new HashMap<>();
    private final ArrayDeque<Turn> asked = new ArrayDeque<>();
    private final ArrayDeque<Turn> scheduled = new ArrayDeque<>();
    private int running;

    /** A check that waits or runs. */
    static final class Turn {
        private final String linkId;
        private final Promise<Check> promise = Promise.promise();
        private boolean isAsked;
        private boolean isRunning;

        private Turn(String linkId) {
            this.linkId = linkId;
        }

        String linkId() {
            return linkId;
        }

        /** Whether somebody waits for it, maybe since it runs. */
        boolean isAsked() {
            return isAsked;
        }
    }

    CheckQueue(int parallelism, Function<Turn, Future<Check>> act) {
        this.parallelism = parallelism;
        this.act = act;
    }

    Future<Check> ask(String linkId) {
        var turn = turns.computeIfAbsent(linkId, Turn::new);
        if (!turn.isAsked) {
            turn.isAsked = true;
            if (!turn.isRunning) {
                scheduled.remove(turn);
                asked.add(turn);
            }
        }
        proceed();
        return turn.promise.future();
    }

    /** One that waits or runs already is not put in again. */
    void schedule(String linkId) {
        if (!turns.containsKey(linkId)) {
            var turn = new Turn(linkId);
            turns.put(linkId, turn);
            scheduled.add(turn);
            proceed();
        }
    }

    int running() {
        return running;
    }

    int waiting() {
        return asked.size() + scheduled.size();
    }

    private void proceed() {
        while (running < parallelism && waiting() > 0) {
            var turn = asked.isEmpty() ? scheduled.poll() : asked.poll();
            if (turn == null) {
                return;
            }
            running++;
            turn.isRunning = true;
            act.apply(turn).onComplete(done -> {
                running--;
                turns.remove(turn.linkId, turn);
                turn.promise.handle(done);
                proceed();
            });
        }
    }
}
