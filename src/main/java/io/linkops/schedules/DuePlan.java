package io.linkops.schedules;

import io.linkops.calendar.CronTimes;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is due between the last time that was dealt with and now. Pure: the clock may have jumped, LinkOps may have been
 * away for a year.
 *
 * @param fire the one time to start now; null if there is none
 * @param missedFrom the first of the times that are too old to be started; null if there is none
 * @param missedUntil the last of them that was counted
 * @param missed how many they are, at most {@link #MOST} and one
 * @param nextAt the first time after now; null if it never comes again
 */
record DuePlan(
        @Nullable Instant fire,
        @Nullable Instant missedFrom,
        @Nullable Instant missedUntil,
        int missed,
        @Nullable Instant nextAt) {
    /** So many missed times are counted one by one; who was away for longer learns "at least". */
    static final int MOST = 1_000;

    /**
     * @param handledUntil the last time that was dealt with; if that is later than now, the clock was set back, and
     *     times are due again which the caller knows
     * @param grace how late a time may still be started; of several within it, the last is
     */
    static DuePlan of(CronTimes times, Instant handledUntil, Instant now, Duration grace) {
        var oldest = now.minus(grace);
        @Nullable Instant fire = null;
        @Nullable Instant from = null;
        @Nullable Instant until = null;
        int missed = 0;
        var next = times.next(handledUntil.isAfter(now) ? now : handledUntil);
        while (next.isPresent() && !next.get().isAfter(now)) {
            var due = next.get();
            var late = due.isBefore(oldest) ? due : fire;
            fire = due.isBefore(oldest) ? fire : due;
            if (late != null) {
                from = from == null ? late : from;
                until = late;
                missed++;
            }
            next = times.next(missed == MOST && fire == null ? oldest.minusMillis(1) : due);
        }
        return new DuePlan(fire, from, until, missed, next.orElse(null));
    }
}
