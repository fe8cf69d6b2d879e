package io.linkops.schedules;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a schedule stands.
 *
 * @param expression cron and time zone it was dealt with under
 * @param handledUntil the last of its times that was dealt with, or when it began
 * @param switchedBy who switched it last; null if nobody did
 */
record Mark(
        String expression,
        Instant handledUntil,
        boolean isEnabled,
        @Nullable String switchedBy) {

    static Mark begun(String expression, Instant now) {
        return new Mark(expression, now, true, null);
    }

    Mark handled(Instant until) {
        return new Mark(expression, until, isEnabled, switchedBy);
    }

    /** Times while it is off do not count: back on, it begins now. */
    Mark switched(boolean isOn, String by, Instant now) {
        return new Mark(expression, now, isOn, by);
    }

    /** Another expression begins now; the switch stays. */
    Mark under(String other, Instant now) {
        return expression.equals(other) ? this : new Mark(other, now, isEnabled, switchedBy);
    }
}
