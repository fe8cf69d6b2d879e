package io.linkops.health;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Jump hosts that were just found to be out of reach, so that not every link behind them is waited for. For one event
 * loop.
 */
final class HopOutages {
    private final long nanos;
    private final Map<String, Outage> outages = new HashMap<>();

    /** @param until on the clock that only goes forward */
    private record Outage(long until, String stage, String error) {}

    /** A hop that is out of reach, and why. */
    record Known(String hop, String stage, String error) {}

    /** @param nanos how long a word counts */
    HopOutages(long nanos) {
        this.nanos = nanos;
    }

    void found(String hop, String stage, String error, long now) {
        outages.put(hop, new Outage(now + nanos, stage, error));
    }

    void passed(String hop) {
        outages.remove(hop);
    }

    /** The first of these hops that is known to be out of reach. */
    @Nullable
    Known first(List<String> hops, long now) {
        for (var hop : hops) {
            var outage = outages.get(hop);
            if (outage != null && now - outage.until < 0) {
                return new Known(hop, outage.stage, outage.error);
            }
            outages.remove(hop);
        }
        return null;
    }
}
