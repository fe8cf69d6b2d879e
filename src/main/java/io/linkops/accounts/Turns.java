package io.linkops.accounts;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** One act after another for the same key, any number at once for different keys. On one context only. */
final class Turns {
    private static final int MAX_PER_KEY = 100;
    private static final int MAX_IN_ALL = 2000;

    private final Map<String, Line> lines = new HashMap<>();
    private int waiting;

    private static final class Line {
        private Future<?> last = Future.succeededFuture();
        private int length;
    }

    /** Starts the act when all acts taken before for this key have ended, well or badly. */
    <T> Future<T> take(String key, Supplier<Future<T>> act) {
        if (waiting >= MAX_IN_ALL) {
            return tooMany();
        }
        var line = lines.computeIfAbsent(key, absent -> new Line());
        if (line.length >= MAX_PER_KEY) {
            return tooMany();
        }
        waiting++;
        line.length++;
        Future<T> turn = line.last.transform(ended -> act.get());
        line.last = turn;
        return turn.onComplete(ended -> leave(key, line));
    }

    private void leave(String key, Line line) {
        waiting--;
        line.length--;
        if (line.length == 0) {
            lines.remove(key);
        }
    }

    private static <T> Future<T> tooMany() {
        return Future.failedFuture(new Failure(
                ErrorCode.RATE_LIMITED,
                "Too many requests for this account at once; try again in a few seconds",
                Map.of("retry_after_seconds", 5)));
    }
}
