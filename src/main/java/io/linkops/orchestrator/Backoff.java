package io.linkops.orchestrator;

import java.util.concurrent.ThreadLocalRandom;

/** The pause before the next try: from half a second on, doubled each time up to half a minute, with jitter. */
record Backoff(long longest) {
    private static final long FIRST = 500;
    private static final long LAST = 30_000;

    static Backoff first() {
        return new Backoff(FIRST);
    }

    Backoff next() {
        return new Backoff(Math.min(LAST, 2 * longest));
    }

    long millis() {
        return longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
    }
}
