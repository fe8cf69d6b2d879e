package io.linkops.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.calendar.CronTimes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What is due, whatever the clock does. */
class DuePlanProperties {
    private static final CronTimes EVERY_TEN = CronTimes.of("*/10 * * * *", ZoneOffset.UTC);
    private static final Instant THEN = Instant.parse("2030-01-31T12:00:00Z");

    private static List<Instant> between(Instant after, Instant until) {
        List<Instant> times = new ArrayList<>();
        var next = EVERY_TEN.next(after);
        while (next.isPresent() && !next.get().isAfter(until)) {
            times.add(next.get());
            next = EVERY_TEN.next(next.get());
        }
        return times;
    }

    /** Each time that came is either the one to start or told as missed; the one to start is the last, and not old. */
    @Property(tries = 500)
    void eachTimeIsStartedOrMissed(
            @ForAll @IntRange(max = 20_000) int away, @ForAll @IntRange(min = 1, max = 3_000) int grace) {
        var now = THEN.plusSeconds(away);
        var times = between(THEN, now);
        var plan = DuePlan.of(EVERY_TEN, THEN, now, Duration.ofSeconds(grace));
        int accounted = plan.missed() + (plan.fire() == null ? 0 : 1);
        assertThat(accounted).isEqualTo(times.size());
        var fire = plan.fire();
        if (fire == null) {
            assertThat(times).noneMatch(time -> !time.isBefore(now.minusSeconds(grace)));
        } else {
            assertThat(fire).isEqualTo(times.getLast()).isAfterOrEqualTo(now.minusSeconds(grace));
        }
        assertThat(plan.missedFrom()).isEqualTo(plan.missed() == 0 ? null : times.getFirst());
        assertThat(plan.missedUntil()).isEqualTo(plan.missed() == 0 ? null : times.get(plan.missed() - 1));
        assertThat(plan.nextAt()).isEqualTo(EVERY_TEN.next(now).orElseThrow());
    }

    /** Looked at any number of times on the way, nothing is started twice and nothing is passed over. */
    @Property(tries = 300)
    void looksInBetweenChangeNothing(@ForAll List<@IntRange(min = 1, max = 4_000) Integer> steps) {
        var handled = THEN;
        var now = THEN;
        List<Instant> started = new ArrayList<>();
        int missed = 0;
        for (var step : steps) {
            now = now.plusSeconds(step);
            var plan = DuePlan.of(EVERY_TEN, handled, now, Duration.ofMinutes(1));
            missed += plan.missed();
            if (plan.fire() != null) {
                started.add(plan.fire());
                handled = plan.fire();
            } else if (plan.missedUntil() != null) {
                handled = plan.missedUntil();
            }
        }
        assertThat(started).doesNotHaveDuplicates().isSorted();
        assertThat(started.size() + missed).isEqualTo(between(THEN, now).size());
    }

    /** Nobody counts the minutes of a century. */
    @Property(tries = 100)
    void whoWasAwayForAgesLearnsAtLeast(@ForAll @IntRange(min = 1, max = 100) int years) {
        var now = THEN.plus(Duration.ofDays(365L * years));
        var plan = DuePlan.of(EVERY_TEN, THEN, now, Duration.ofMinutes(11));
        assertThat(plan.missed()).isBetween(DuePlan.MOST, DuePlan.MOST + 2);
        assertThat(plan.fire()).isEqualTo(between(now.minusSeconds(660), now).getLast());
    }

    /** A clock that was set back does not wait until it has caught up. */
    @Property(tries = 100)
    void aClockThatWasSetBackGoesOn(@ForAll @IntRange(min = 1, max = 100_000) int back) {
        var now = THEN.minusSeconds(back);
        var plan = DuePlan.of(EVERY_TEN, THEN, now, Duration.ofMinutes(1));
        assertThat(plan.fire()).isNull();
        assertThat(plan.missed()).isZero();
        assertThat(plan.nextAt()).isEqualTo(EVERY_TEN.next(now).orElseThrow());
    }
}
