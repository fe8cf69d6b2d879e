package io.linkops.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Times of cron expressions, against a walk from minute to minute. */
class CronTimesProperties {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    /** In 2030 the clock skips from 2 to 3 at 1:00 UTC. */
    private static final Instant SPRING = Instant.parse("2030-03-31T00:00:00Z");
    /** In 2030 it shows 2 to 3 twice from 0:00 UTC. */
    private static final Instant AUTUMN = Instant.parse("2030-10-26T23:00:00Z");

    /** An expression of minutes and hours that the walk understands without a parser. */
    record Simple(Set<Integer> minutes, Set<Integer> hours, boolean isEveryHour) {
        String cron() {
            return list(minutes) + " " + (isEveryHour ? "*" : list(hours)) + " * * *";
        }

        private static String list(Set<Integer> values) {
            return String.join(",", values.stream().map(String::valueOf).toList());
        }

        boolean matches(LocalDateTime local) {
            return minutes.contains(local.getMinute()) && (isEveryHour || hours.contains(local.getHour()));
        }
    }

    @Provide
    Arbitrary<Simple> simple() {
        return Combinators.combine(
                        Arbitraries.of(0, 1, 15, 29, 30, 59).set().ofMinSize(1).ofMaxSize(3),
                        Arbitraries.of(0, 1, 2, 3, 4, 23).set().ofMinSize(1).ofMaxSize(3),
                        Arbitraries.of(true, false))
                .as((minutes, hours, isEveryHour) ->
                        new Simple(new TreeSet<>(minutes), new TreeSet<>(hours), isEveryHour));
    }

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of(
                        "UTC",
                        "Europe/Berlin",
                        "America/New_York",
                        "Australia/Lord_Howe",
                        "Asia/Kathmandu",
                        "America/Sao_Paulo",
                        "Africa/Casablanca")
                .map(ZoneId::of);
    }

    @Provide
    Arbitrary<Instant> moments() {
        return Arbitraries.longs()
                .between(0, 3L * 365 * 24 * 60)
                .map(minutes -> Instant.parse("2029-01-01T00:00:00Z").plus(minutes, ChronoUnit.MINUTES));
    }

    /** What people expect of cron, minute by minute: see {@link CronTimes}. */
    private static List<Instant> walk(Simple simple, ZoneId zone, Instant from, int hours) {
        var found = new TreeSet<Instant>();
        var rules = zone.getRules();
        for (int minute = 1; minute <= hours * 60; minute++) {
            var at = from.plus(minute, ChronoUnit.MINUTES);
            var offset = rules.getOffset(at);
            var local = LocalDateTime.ofInstant(at, offset);
            boolean isSecondTime = rules.getValidOffsets(local).size() > 1
                    && !rules.getValidOffsets(local).getFirst().equals(offset);
            if (simple.matches(local) && (simple.isEveryHour || !isSecondTime)) {
                found.add(at);
            }
            var change = rules.nextTransition(at.minusSeconds(60));
            if (!simple.isEveryHour
                    && change != null
                    && change.isGap()
                    && change.getInstant().equals(at)) {
                for (var skipped = change.getDateTimeBefore();
                        skipped.isBefore(change.getDateTimeAfter());
                        skipped = skipped.plusMinutes(1)) {
                    if (simple.matches(skipped)) {
                        found.add(at);
                    }
                }
            }
        }
        return List.copyOf(found);
    }

    private static List<Instant> until(CronTimes times, Instant from, int hours) {
        List<Instant> found = new ArrayList<>();
        var end = from.plus(hours, ChronoUnit.HOURS);
        var next = times.next(from);
        while (next.isPresent() && !next.get().isAfter(end)) {
            found.add(next.get());
            next = times.next(next.get());
        }
        return found;
    }

    @Property(tries = 400)
    void timesAreThoseOfAWalkFromMinuteToMinute(
            @ForAll("simple") Simple simple, @ForAll("zones") ZoneId zone, @ForAll("moments") Instant from) {
        assertThat(until(CronTimes.of(simple.cron(), zone), from, 60)).isEqualTo(walk(simple, zone, from, 60));
    }

    @Property(tries = 200)
    void timesAroundAClockChangeAreThoseOfAWalk(@ForAll("simple") Simple simple, @ForAll("zones") ZoneId zone) {
        var change = zone.getRules().nextTransition(SPRING.minus(60, ChronoUnit.DAYS));
        var from = (change == null ? SPRING : change.getInstant()).minus(5, ChronoUnit.HOURS);
        var other = change == null ? null : zone.getRules().nextTransition(change.getInstant());
        assertThat(until(CronTimes.of(simple.cron(), zone), from, 12)).isEqualTo(walk(simple, zone, from, 12));
        if (other != null) {
            var later = other.getInstant().minus(5, ChronoUnit.HOURS);
            assertThat(until(CronTimes.of(simple.cron(), zone), later, 12)).isEqualTo(walk(simple, zone, later, 12));
        }
    }

    @Example
    void aTimeThatTheClockSkipsComesAtTheMomentItSkips() {
        assertThat(until(CronTimes.of("30 2 * * *", BERLIN), SPRING, 36))
                .containsExactly(Instant.parse("2030-03-31T01:00:00Z"), Instant.parse("2030-04-01T00:30:00Z"));
        assertThat(until(CronTimes.of("0,30 2,3 * * *", BERLIN), SPRING, 3))
                .containsExactly(Instant.parse("2030-03-31T01:00:00Z"), Instant.parse("2030-03-31T01:30:00Z"));
    }

    @Example
    void aTimeThatTheClockShowsTwiceComesOnce() {
        assertThat(until(CronTimes.of("30 2 * * *", BERLIN), AUTUMN, 30))
                .containsExactly(Instant.parse("2030-10-27T00:30:00Z"), Instant.parse("2030-10-28T01:30:00Z"));
    }

    @Example
    void whatComesEveryHourComesEveryHourThatPasses() {
        assertThat(until(CronTimes.of("30 * * * *", BERLIN), AUTUMN, 4))
                .containsExactly(
                        Instant.parse("2030-10-26T23:30:00Z"),
                        Instant.parse("2030-10-27T00:30:00Z"),
                        Instant.parse("2030-10-27T01:30:00Z"),
                        Instant.parse("2030-10-27T02:30:00Z"));
        assertThat(until(CronTimes.of("30 * * * *", BERLIN), SPRING, 3))
                .containsExactly(
                        Instant.parse("2030-03-31T00:30:00Z"),
                        Instant.parse("2030-03-31T01:30:00Z"),
                        Instant.parse("2030-03-31T02:30:00Z"));
    }

    @Example
    void leapDaysAndNicknamesAreKnown() {
        assertThat(CronTimes.of("0 0 29 2 *", BERLIN).next(SPRING)).contains(Instant.parse("2032-02-28T23:00:00Z"));
        assertThat(CronTimes.of("@daily", BERLIN).next(SPRING)).contains(Instant.parse("2030-03-31T22:00:00Z"));
        assertThat(CronTimes.of("0 9 * * MON-FRI", BERLIN).next(SPRING))
                .contains(Instant.parse("2030-04-01T07:00:00Z"));
    }

    @Example
    void whatIsNoExpressionIsRefusedWithAReason() {
        for (var wrong : List.of("", "x", "61 * * * *", "* * * * * *", "0 0 30 2 *", "@never", "0 0 * * L")) {
            assertThatThrownBy(() -> CronTimes.of(wrong, BERLIN))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .isNotBlank();
        }
        assertThatThrownBy(() -> CronTimes.zone("Mars/Base")).hasMessageContaining("Europe/Berlin");
    }
}
