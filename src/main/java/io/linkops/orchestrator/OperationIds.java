package io.linkops.orchestrator;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Ids that sort by the time they were made and cannot be guessed: 48 bits of milliseconds, then 80 random bits, as 26
 * characters of Crockford's base 32 (the layout of a ULID). Two of one source never sort the wrong way round.
 */
final class OperationIds {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

    private final InstantSource clock;
    private final RandomGenerator random;
    private long lastMillis;

    OperationIds(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    synchronized String next() {
        // A clock that stands still or goes back must not break the order: time then moves on by one.
        lastMillis = Math.max(clock.millis(), lastMillis + 1);
        var id = new StringBuilder(26);
        for (int shift = 45; shift >= 0; shift -= 5) {
            id.append(DIGITS.charAt((int) (lastMillis >>> shift) & 31));
        }
        for (int i = 0; i < 16; i++) {
            id.append(DIGITS.charAt(random.nextInt(32)));
        }
        return id.toString();
    }
}
