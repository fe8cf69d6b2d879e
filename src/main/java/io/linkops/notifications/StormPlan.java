package io.linkops.notifications;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a notice of one topic goes to one channel by itself or into a summary. In each minute so many go
 * singly, the rest is folded. While the minute before was a storm, all of this minute is folded, so that a storm of an
 * hour is that many notices and sixty summaries. Pure.
 */
record StormPlan(int limit) {
    static final Duration MINUTE = Duration.ofMinutes(1);

    /**
     * What was seen of one topic on one channel.
     *
     * @param from when this minute began
     * @param count notices in it so far
     * @param isAfterStorm whether the minute before was folded
     */
    record Window(Instant from, int count, boolean isAfterStorm) {
        Instant until() {
            return from.plus(MINUTE);
        }
    }

    /** @param after what is to be remembered */
    record Decision(boolean isFolded, Window after) {}

    Decision next(@Nullable Window before, Instant now) {
        var window = at(before, now);
        var isFolded = isStorm(new Window(window.from(), window.count() + 1, window.isAfterStorm()));
        return new Decision(isFolded, new Window(window.from(), window.count() + 1, window.isAfterStorm()));
    }

    private Window at(@Nullable Window before, Instant now) {
        // A clock that was set back begins anew: otherwise it would fold until it is where it was.
        if (before == null || now.isBefore(before.from())) {
            return new Window(now, 0, false);
        }
        if (now.isBefore(before.until())) {
            return before;
        }
        var isAdjacent = now.isBefore(before.until().plus(MINUTE));
        return new Window(now, 0, isAdjacent && isStorm(before));
    }

    private boolean isStorm(Window window) {
        return window.isAfterStorm() ? window.count() > 0 : window.count() > limit;
    }
}
