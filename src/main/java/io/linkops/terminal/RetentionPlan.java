package io.linkops.terminal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Which recordings go: those that are too old, and the oldest of those that are too much. Pure. */
final class RetentionPlan {
    private RetentionPlan() {}

    record Kept(String id, Instant closedAt, long bytes) {}

    /** @param newestFirst all that are complete */
    static List<String> victims(List<Kept> newestFirst, Duration keep, long maxBytes, Instant now) {
        List<String> victims = new ArrayList<>();
        long bytes = 0;
        for (var each : newestFirst) {
            bytes += each.bytes();
            if (bytes > maxBytes || each.closedAt().plus(keep).isBefore(now)) {
                victims.add(each.id());
            }
        }
        return victims;
    }
}
