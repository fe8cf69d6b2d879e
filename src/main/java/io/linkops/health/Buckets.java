package io.linkops.health;

import io.linkops.health.Health.Bucket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts checks into buckets of one width (pure). */
final class Buckets {
    private final long from;
    private final long to;
    private final long width;
    private final List<Content> contents = new ArrayList<>();

    private static final class Content {
        private long checks;
        private long failures;
        private final List<Long> latencies = new ArrayList<>();
    }

    /** @param points at most so many; fewer if the time has fewer milliseconds */
    Buckets(Instant from, Instant to, int points) {
        this.from = from.toEpochMilli();
        this.to = to.toEpochMilli();
        this.width = Math.max(1, Math.ceilDiv(this.to - this.from, points));
        for (long at = this.from; at < this.to; at += width) {
            contents.add(new Content());
        }
    }

    /** What happened at a time, or in an hour that began then. */
    void add(long at, long checks, long failures, List<Long> latencies) {
        if (at >= from && at < to) {
            var content = contents.get((int) ((at - from) / width));
            content.checks += checks;
            content.failures += failures;
            content.latencies.addAll(latencies);
        }
    }

    List<Bucket> list() {
        var buckets = new ArrayList<Bucket>(contents.size());
        for (int i = 0; i < contents.size(); i++) {
            var content = contents.get(i);
            content.latencies.sort(null);
            long begin = from + i * width;
            buckets.add(new Bucket(
                    Instant.ofEpochMilli(begin),
                    Instant.ofEpochMilli(Math.min(begin + width, to)),
                    content.checks,
                    content.failures,
                    rank(content.latencies, 50),
                    rank(content.latencies, 95),
                    rank(content.latencies, 100)));
        }
        return buckets;
    }

    /** The smallest value that so many percent do not go beyond. */
    private static @Nullable Long rank(List<Long> sorted, int percent) {
        return sorted.isEmpty() ? null : sorted.get(Math.ceilDiv(sorted.size() * percent, 100) - 1);
    }
}
