package io.linkops.calendar;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;

/**
 * The times of a cron expression (five fields, or {@code @daily} and the like) in a time zone.
 *
 * <p>Daylight saving, as people expect of cron: an expression with fixed hours fires once for each of its times. A time
 * that the clock skips fires at the moment it skips; one that the clock shows twice fires the first time. An expression
 * whose hours begin with {@code *} follows the hours as they pass.
 */
public final class CronTimes {
    private static final Map<String, String> NICKNAMES = Map.of(
            "@yearly", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@hourly", "0 * * * *");

    private static final int HOUR = 1;
    /** Transitions looked behind for one time: a leap day is at most eight years away. */
    private static final int MOST_STEPS = 100;

    private final ExecutionTime times;
    private final ZoneId zone;
    private final boolean hasFixedHours;

    private CronTimes(ExecutionTime times, ZoneId zone, boolean hasFixedHours) {
        this.times = times;
        this.zone = zone;
        this.hasFixedHours = hasFixedHours;
    }

    /** @throws IllegalArgumentException that says what is wrong with the expression, or that it never fires */
    public static CronTimes of(String expression, ZoneId zone) {
        var plain = NICKNAMES.getOrDefault(expression.strip(), expression.strip());
        var parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
        var times = ExecutionTime.forCron(parser.parse(plain).validate());
        if (times.nextExecution(LocalDateTime.of(2000, 1, 1, 0, 0).atZone(ZoneOffset.UTC))
                .isEmpty()) {
            throw new IllegalArgumentException("names a day that no month has, so it never comes");
        }
        return new CronTimes(times, zone, !plain.split("\\s+", -1)[HOUR].startsWith("*"));
    }

    /** @throws IllegalArgumentException if there is no such time zone */
    public static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("is no time zone; write one such as Europe/Berlin or UTC", e);
        }
    }

    /** The first time after a moment. */
    public Optional<Instant> next(Instant after) {
        var rules = zone.getRules();
        var offset = rules.getOffset(after);
        var local = LocalDateTime.ofInstant(after, offset);
        var from = after;
        for (int step = 0; step < MOST_STEPS; step++) {
            var found = nextLocal(local);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            var at = found.get();
            var change = rules.nextTransition(from);
            if (change == null || at.toInstant(offset).isBefore(change.getInstant())) {
                if (!isShownAgain(at, offset)) {
                    return Optional.of(at.toInstant(offset));
                }
                local = at;
                continue;
            }
            if (hasFixedHours && change.isGap() && at.isBefore(change.getDateTimeAfter())) {
                return Optional.of(change.getInstant());
            }
            // A second before the first local time behind the change: that time itself is found too.
            offset = change.getOffsetAfter();
            local = change.getDateTimeAfter().minusSeconds(1);
            from = change.getInstant();
        }
        return Optional.empty();
    }

    /** Whether the clock showed this time before, with another offset. */
    private boolean isShownAgain(LocalDateTime at, ZoneOffset offset) {
        var offsets = zone.getRules().getValidOffsets(at);
        return hasFixedHours && offsets.size() > 1 && !offsets.getFirst().equals(offset);
    }

    private Optional<LocalDateTime> nextLocal(LocalDateTime after) {
        return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(found -> found.toLocalDateTime());
    }
}
