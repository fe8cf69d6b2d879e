package io.linkops.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.audit.Audit.Auth;
import io.linkops.audit.Audit.Entry;
import io.linkops.audit.Audit.Who;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** However many failures come, few rows are written, and none of the failures is forgotten. */
class FloodGateProperties {
    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

    private static Entry failure(int address) {
        return new Entry(
                new Who("eve", "", Auth.PASSWORD, "192.0.2." + address),
                "auth.login",
                "auth",
                "",
                Map.of(),
                "INVALID_CREDENTIALS",
                "");
    }

    @Property(tries = 200)
    void aFloodIsCountedToTheLastOne(@ForAll @Size(max = 3_000) List<@IntRange(max = 200) Integer> addresses) {
        var gate = new FloodGate();
        long singles = addresses.stream()
                .filter(address -> gate.passes(failure(address), NOW))
                .count();
        assertThat(gate.sums(NOW.plusSeconds(59), false)).isEmpty();
        var sums = gate.sums(NOW.plusSeconds(60), false);
        long counted = sums.stream()
                .mapToLong(sum -> Long.parseLong(sum.details().getOrDefault("times", "")))
                .sum();
        assertThat(singles + counted).isEqualTo(addresses.size());
        assertThat(singles).isLessThanOrEqualTo(FloodGate.MOST_SINGLE);
        assertThat(sums).hasSizeLessThanOrEqualTo(FloodGate.MOST_KINDS);
        assertThat(gate.sums(NOW.plusSeconds(300), false)).isEmpty();
    }

    @Property(tries = 100)
    void aFewOfAKindAreToldSingly(@ForAll @IntRange(min = 1, max = FloodGate.SINGLE) int few) {
        var gate = new FloodGate();
        for (int i = 0; i < few; i++) {
            assertThat(gate.passes(failure(1), NOW)).isTrue();
        }
        assertThat(gate.sums(NOW, true)).isEmpty();
    }
}
