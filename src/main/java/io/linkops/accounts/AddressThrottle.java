package io.linkops.accounts;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Refuses log-ins from an address from which too many have failed lately, whatever the names. It locks nobody: other
 * addresses are not concerned, who usually logs in from here is let through ({@link AttemptStore#lane} counts them
 * apart), and refused attempts do not count, so it ends by itself. On one context only.
 */
final class AddressThrottle {
    private static final String OVER_ALL = "Too many log-ins from your address have failed; try again in ";

    private final AttemptStore attempts;
    private final int most;
    private final Duration window;

    /** Attempts under way, by network: guesses made in parallel count before they have failed. */
    private final Map<String, Integer> underWay = new HashMap<>();

    AddressThrottle(AttemptStore attempts, int most, Duration window) {
        this.attempts = attempts;
        this.most = most;
        this.window = window;
    }

    /** Does the act unless there were too many failures; RATE_LIMITED with {@code retry_after_seconds} then. */
    <T> Future<T> pass(String network, Instant now, Supplier<Future<T>> act) {
        int others = underWay.merge(network, 1, Integer::sum) - 1;
        return attempts.nthFailure(network, now.minus(window), Math.max(1, most - others))
                .compose(limit -> others >= most || limit.isPresent()
                        ? Future.<T>failedFuture(refusal(limit.orElse(now), now))
                        : act.get())
                .onComplete(ended -> underWay.computeIfPresent(network, (key, count) -> count == 1 ? null : count - 1));
    }

    /** @param counted the failure that must be forgotten before another attempt is let through */
    private Failure refusal(Instant counted, Instant now) {
        var left = Duration.between(now, counted.plus(window));
        long seconds = Math.clamp(left.toSeconds() + 1, 1, window.toSeconds());
        return new Failure(
                ErrorCode.RATE_LIMITED, OVER_ALL + seconds + " seconds", Map.of("retry_after_seconds", seconds));
    }
}
