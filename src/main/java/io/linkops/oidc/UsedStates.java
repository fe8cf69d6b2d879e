package io.linkops.oidc;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Log-ins that came back, so that none comes back twice. Bounded: of a flood, the newest are remembered. */
final class UsedStates {
    static final int MOST = 20_000;

    private final LinkedHashMap<String, Instant> used = new LinkedHashMap<>();

    /** Whether this is the first time. */
    boolean use(Flow flow, Instant now) {
        var oldest = used.entrySet().iterator();
        while (oldest.hasNext() && isOver(oldest.next(), now)) {
            oldest.remove();
        }
        if (used.containsKey(flow.state())) {
            return false;
        }
        if (used.size() >= MOST) {
            used.pollFirstEntry();
        }
        used.put(flow.state(), flow.expiresAt());
        return true;
    }

    private static boolean isOver(Map.Entry<String, Instant> entry, Instant now) {
        return !now.isBefore(entry.getValue());
    }
}
