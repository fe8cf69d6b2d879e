package io.linkops.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.terminal.RetentionPlan.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which recordings go. */
class RetentionPlanTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration KEEP = Duration.ofDays(90);

    private static final List<Kept> NEWEST_FIRST =
            List.of(kept("today", 0, 10), kept("lately", 30, 20), kept("just", 90, 30), kept("old", 91, 40));

    private static Kept kept(String id, int days, long bytes) {
        return new Kept(id, NOW.minus(Duration.ofDays(days)), bytes);
    }

    private static List<String> victims(long maxBytes) {
        return RetentionPlan.victims(NEWEST_FIRST, KEEP, maxBytes, NOW);
    }

    @Test
    void whatIsOlderThanItIsKeptGoes() {
        assertThat(victims(1000)).containsExactly("old");
    }

    @Test
    void theOldestOfWhatIsTooMuchGo() {
        assertThat(victims(60)).containsExactly("old");
        assertThat(victims(59)).containsExactly("just", "old");
        assertThat(victims(10)).containsExactly("lately", "just", "old");
        assertThat(victims(9)).containsExactly("today", "lately", "just", "old");
    }

    @Test
    void whereThereIsNothingNothingGoes() {
        assertThat(RetentionPlan.victims(List.of(), KEEP, 0, NOW)).isEmpty();
    }
}
