package io.linkops.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class UsedStatesTest {
    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

    private final UsedStates used = new UsedStates();

    @Test
    void letsEachStateThroughOnce() {
        assertThat(used.use(flow("a", 600), NOW)).isTrue();
        assertThat(used.use(flow("a", 600), NOW)).isFalse();
        assertThat(used.use(flow("b", 600), NOW)).isTrue();
    }

    @Test
    void remembersAStateUntilItsFlowIsOver() {
        used.use(flow("a", 600), NOW);

        assertThat(used.use(flow("a", 600), NOW.plusSeconds(599))).isFalse();
        assertThat(used.use(flow("a", 1200), NOW.plusSeconds(600))).isTrue();
    }

    @Test
    void remembersTheNewestOfAFlood() {
        for (int i = 0; i <= UsedStates.MOST; i++) {
            used.use(flow("state-" + i, 600), NOW);
        }

        assertThat(used.use(flow("state-" + UsedStates.MOST, 600), NOW)).isFalse();
        assertThat(used.use(flow("state-1", 600), NOW)).isFalse();
        assertThat(used.use(flow("state-0", 600), NOW)).isTrue();
    }

    private static Flow flow(String state, long seconds) {
        return new Flow(state, "nonce", "verifier", "/", NOW.plusSeconds(seconds));
    }
}
