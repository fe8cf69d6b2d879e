package io.linkops.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.SettableClock;
import io.linkops.notifications.RetryPlan.Done;
import io.linkops.notifications.RetryPlan.GiveUp;
import io.linkops.notifications.RetryPlan.Later;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** What holds of retries for any receiver; time is a clock that is set to each next try. */
class RetryPlanProperties {
    private static final Instant START = Instant.parse("2030-01-01T12:00:00Z");
    private static final RetryPlan PLAN =
            new RetryPlan(Duration.ofSeconds(10), Duration.ofHours(1), Duration.ofHours(24));

    /** A receiver that is down for good is tried for 24 h, at pauses that double up to an hour, then given up. */
    @Property(tries = 300)
    void aDeadReceiverIsTriedForADay(@ForAll @DoubleRange(min = 0, max = 1) double chance) {
        var clock = new SettableClock(START);
        for (int attempts = 1; ; attempts++) {
            var next = PLAN.after(Attempt.of(503, null), attempts, START, clock.instant(), chance);
            if (next instanceof GiveUp) {
                assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofHours(24)));
                assertThat(attempts).isBetween(25, 45);
                return;
            }
            var later = (Later) next;
            var pause = Duration.between(clock.instant(), later.at());
            var whole = Duration.ofSeconds(10).multipliedBy(1L << Math.min(attempts - 1, 9));
            var expected = whole.compareTo(Duration.ofHours(1)) > 0 ? Duration.ofHours(1) : whole;
            if (later.at().isBefore(START.plus(Duration.ofHours(24)))) {
                assertThat(pause.toMillis())
                        .isBetween((long) (expected.toMillis() * 0.8) - 1, (long) (expected.toMillis() * 1.2) + 1);
            }
            assertThat(later.isAside()).isEqualTo(attempts >= RetryPlan.HOLDING);
            clock.set(later.at());
        }
    }

    /** What the receiver asks for is granted, as far as the time for retries reaches. */
    @Property(tries = 300)
    void retryAfterIsHonoured(
            @ForAll @IntRange(min = 1, max = 10) int attempts, @ForAll @IntRange(max = 200_000) int seconds) {
        var asked = Duration.ofSeconds(seconds);
        var later = (Later) PLAN.after(Attempt.of(429, asked), attempts, START, START, 0.5);
        var wanted = START.plus(asked);
        var end = START.plus(Duration.ofHours(24));
        assertThat(later.at())
                .isAfterOrEqualTo(wanted.isBefore(end) ? wanted : end)
                .isBeforeOrEqualTo(end);
    }

    /** 2xx is done, 5xx and 429 are tried again, everything else is given up at once. */
    @Property(tries = 500)
    void onlyWhatMayWorkLaterIsTriedAgain(@ForAll @IntRange(min = 200, max = 599) int status) {
        var next = PLAN.after(Attempt.of(status, null), 1, START, START, 0.5);
        if (status < 300) {
            assertThat(next).isInstanceOf(Done.class);
        } else if (status >= 500 || status == 429) {
            assertThat(next).isInstanceOf(Later.class);
        } else {
            assertThat(next).isInstanceOf(GiveUp.class);
        }
    }

    /** Retry-After: any text is read or left alone, never an exception; seconds and dates are understood. */
    @Property(tries = 300)
    void retryAfterTakesAnything(@ForAll String text, @ForAll @IntRange(max = 1_000_000) int seconds) {
        RetryAfter.read(text, START);
        assertThat(RetryAfter.read("" + seconds, START)).isEqualTo(Duration.ofSeconds(seconds));
        var date = java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
                START.plusSeconds(seconds).atZone(java.time.ZoneOffset.UTC));
        assertThat(RetryAfter.read(date, START)).isEqualTo(Duration.ofSeconds(seconds));
    }
}
