package io.linkops.orchestrator;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Ids that sort by the time they were made and cannot be guessed: 48 bits of milliseconds, then 80 random bits, as 26
 * characters of Crockford's base 32 (the layout of a ULID). Two of one source never sort the wrong way round.
 */
final class OperationIds {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int HALF = 40;

    private final InstantSource clock;
    private final RandomGenerator random;
    private long lastMillis;
    private long high;
    private long low;

    OperationIds(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    synchronized String next() {
        long now = clock.millis();
        if (now > lastMillis) {
            begin(now);
        } else {
            step();
        }
        var id = new StringBuilder(26);
        append(id, lastMillis, 10);
        append(id, high, 8);
        append(id, low, 8);
        return id.toString();
    }

    private void begin(long millis) {
        lastMillis = millis;
        high = random.nextLong(1L << HALF);
        low = random.nextLong(1L << HALF);
    }

    /**
     * The clock stands still or went back: the random part grows by a random step. The time stays as it is, for an id
     * that is ahead of the clock would sort after those made by the next start of LinkOps.
     */
    private void step() {
        low += 1 + random.nextLong(1L << 32);
        if (low >>> HALF != 0) {
            low &= (1L << HALF) - 1;
            high++;
        }
        if (high >>> HALF != 0) {
            begin(lastMillis + 1);
        }
    }

    private static void append(StringBuilder id, long value, int digits) {
        for (int shift = 5 * (digits - 1); shift >= 0; shift -= 5) {
            id.append(DIGITS.charAt((int) (value >>> shift) & 31));
        }
    }
}
