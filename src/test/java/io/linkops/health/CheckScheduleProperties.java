package io.linkops.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** When links are due, for any fleet and any way of asking. */
class CheckScheduleProperties {
    private static final Duration INTERVAL = Duration.ofMinutes(5);
    private static final long MINUTES = INTERVAL.toNanos();

    private static Set<String> links(int count) {
        return IntStream.range(0, count).mapToObj(i -> "link-" + i).collect(Collectors.toSet());
    }

    /** Each link once in each interval, wherever the clock begins and however irregularly it is looked at. */
    @Property(tries = 150)
    void eachLinkIsDueOnceInAnInterval(
            @ForAll long epoch, @ForAll @IntRange(min = 1, max = 60) int count, @ForAll long seed) {
        var schedule = new CheckSchedule(INTERVAL, epoch);
        schedule.keep(links(count), epoch);
        var random = new Random(seed);
        Map<String, Integer> seen = new HashMap<>();
        int rounds = 6;
        long end = rounds * MINUTES;
        for (long at = 0; at < end; at += 1 + (long) (random.nextDouble() * MINUTES / 50)) {
            schedule.due(epoch + at).forEach(id -> seen.merge(id, 1, Integer::sum));
        }
        assertThat(seen.keySet()).isEqualTo(links(count));
        assertThat(seen.values()).allMatch(times -> times >= rounds - 1 && times <= rounds + 1);
    }

    /** After a pause of any length each link is due once, not once for each interval that was missed. */
    @Property(tries = 150)
    void aPauseIsNotMadeUp(@ForAll @LongRange(min = 1, max = 1_000_000) long pauseSeconds) {
        var schedule = new CheckSchedule(INTERVAL, 0);
        schedule.keep(links(50), 0);
        long after = 2 * MINUTES + Duration.ofSeconds(pauseSeconds).toNanos();
        var due = schedule.due(after);
        assertThat(due).doesNotHaveDuplicates();
        assertThat(schedule.due(after)).isEmpty();
        assertThat(schedule.due(after + MINUTES / 3)).hasSizeLessThan(50);
    }

    @Test
    void aThousandLinksAreSpreadOverTheInterval() {
        var schedule = new CheckSchedule(INTERVAL, 7);
        schedule.keep(links(1_000), 7);
        for (int round = 0; round < 3; round++) {
            List<Integer> slices = new ArrayList<>();
            for (int slice = 1; slice <= 20; slice++) {
                slices.add(
                        schedule.due(7 + round * MINUTES + slice * MINUTES / 20).size());
            }
            if (round > 0) {
                assertThat(slices).allMatch(size -> size > 20 && size < 85);
            }
            assertThat(slices.stream().mapToInt(size -> size).sum()).isBetween(930, 1_070);
        }
    }

    @Test
    void aNewLinkIsNotKeptWaitingAndOneThatIsGoneIsNotDue() {
        var schedule = new CheckSchedule(INTERVAL, 0);
        schedule.keep(Set.of("old"), 0);
        schedule.due(MINUTES);
        schedule.keep(Set.of("new"), MINUTES);
        assertThat(schedule.due(MINUTES + MINUTES / 10)).containsExactly("new");
        assertThat(schedule.due(9 * MINUTES)).containsExactly("new");
    }
}
