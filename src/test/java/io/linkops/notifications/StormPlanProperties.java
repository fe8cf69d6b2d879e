package io.linkops.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.notifications.StormPlan.Decision;
import io.linkops.notifications.StormPlan.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** What holds of folding for any storm, of any shape, on any clock. */
class StormPlanProperties {
    private static final Instant START = Instant.parse("2030-01-01T12:00:00Z");

    private static List<Decision> walk(int limit, List<Integer> gaps) {
        var plan = new StormPlan(limit);
        var decisions = new ArrayList<Decision>();
        @Nullable Window window = null;
        var now = START;
        for (int gap : gaps) {
            now = now.plusSeconds(gap);
            var decision = plan.next(window, now);
            window = decision.after();
            decisions.add(decision);
        }
        return decisions;
    }

    /**
     * In no minute do more than the limit go singly, and every one is either single or folded. A clock that is set back
     * begins another minute, which may be named like one before.
     */
    @Property(tries = 500)
    void noMoreThanTheLimitGoSinglyInAMinute(
            @ForAll @IntRange(min = 1, max = 10) int limit,
            @ForAll @Size(max = 200) List<@IntRange(min = -30, max = 90) Integer> gaps) {
        Map<Integer, Integer> singles = new HashMap<>();
        int folded = 0;
        int minute = 0;
        for (var decision : walk(limit, gaps)) {
            minute += decision.after().count() == 1 ? 1 : 0;
            if (decision.isFolded()) {
                folded++;
            } else {
                singles.merge(minute, 1, Integer::sum);
            }
        }
        assertThat(singles.values()).allMatch(count -> count <= limit);
        assertThat(singles.values().stream().mapToInt(Integer::intValue).sum() + folded)
                .isEqualTo(gaps.size());
    }

    /** Notices that never come more often than the limit in a minute are never folded. */
    @Property(tries = 300)
    void calmIsNeverFolded(
            @ForAll @IntRange(min = 1, max = 10) int limit, @ForAll @IntRange(min = 1, max = 100) int count) {
        int gap = (60 + limit - 1) / limit;
        assertThat(walk(limit, java.util.Collections.nCopies(count, gap))).noneMatch(Decision::isFolded);
    }

    /** A storm of any length is its first few, and then one summary a minute. */
    @Property(tries = 200)
    void aLongStormIsAFewAndOneSummaryAMinute(
            @ForAll @IntRange(min = 1, max = 20) int limit, @ForAll @IntRange(min = 1, max = 30) int minutes) {
        var decisions = walk(
                limit,
                java.util.Collections.nCopies(minutes * 60, 1).stream()
                        .flatMap(second -> java.util.stream.Stream.of(second, 0))
                        .toList());
        assertThat(decisions).filteredOn(decision -> !decision.isFolded()).hasSize(limit);
        var summaries = decisions.stream()
                .filter(Decision::isFolded)
                .map(decision -> decision.after().from())
                .distinct()
                .count();
        assertThat(summaries).isLessThanOrEqualTo(minutes + 1L);
    }

    /** After a minute of calm, single notices go out again. */
    @Property(tries = 200)
    void afterACalmMinuteTheStormIsOver(
            @ForAll @IntRange(min = 1, max = 10) int limit, @ForAll @IntRange(min = 120, max = 10_000) int calm) {
        var gaps = new ArrayList<>(java.util.Collections.nCopies(limit + 50, 0));
        gaps.add(calm);
        assertThat(walk(limit, gaps).getLast().isFolded()).isFalse();
    }
}
