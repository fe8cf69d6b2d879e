package io.linkops.notifications;

import io.linkops.notifications.Attempt.Verdict;
import java.time.Duration;
import java.time.Instant;

/**
 * Decides what becomes of a notice that was tried: pauses double from the first to the longest, with a fifth of jitter
 * to either side, until the time for retries is over; then one last try. Pure.
 *
 * @param first the pause after the first try
 * @param retryFor counted from when it was stored, or from when somebody asked to try it again
 */
record RetryPlan(Duration first, Duration longest, Duration retryFor) {
    /** After so many tries (20 minutes by default) it steps aside, and what waits behind it goes on. */
    static final int HOLDING = 8;

    private static final int MOST_DOUBLINGS = 40;

    /** What to do next. */
    sealed interface Next {}

    record Done() implements Next {}

    /** @param isAside whether it still holds back what waits behind it */
    record Later(Instant at, boolean isAside) implements Next {}

    record GiveUp() implements Next {}

    /**
     * @param attempts made, this one included
     * @param chance from 0 to 1, for the jitter
     */
    Next after(Attempt attempt, int attempts, Instant since, Instant now, double chance) {
        if (attempt.isDelivered()) {
            return new Done();
        }
        var end = since.plus(retryFor);
        if (attempt.verdict() == Verdict.REFUSED || !now.isBefore(end)) {
            return new GiveUp();
        }
        var at = now.plus(pause(attempt, attempts, chance));
        return new Later(at.isBefore(end) ? at : end, attempts >= HOLDING);
    }

    private Duration pause(Attempt attempt, int attempts, double chance) {
        var doubled = first.toMillis() * Math.pow(2, Math.min(attempts - 1, MOST_DOUBLINGS));
        var jittered =
                Duration.ofMillis((long) (Math.min(doubled, (double) longest.toMillis()) * (0.8 + 0.4 * chance)));
        var asked = attempt.retryAfter();
        return asked != null && asked.compareTo(jittered) > 0 ? asked : jittered;
    }
}
