package io.linkops.terminal;

import java.util.function.LongSupplier;

/**
 * Keeps echoes quick beside floods: as long as somebody types, panes that nobody types in share
 * {@value #BYTES_PER_SECOND} bytes per second, which is more than anybody reads. Otherwise there is no limit. A flood
 * uses every core, of this machine and of the link's, and each thread on an echo's way would wait for its turn.
 *
 * <p>Any thread. Times are those of one monotonic clock, in nanoseconds.
 */
final class TypingFirst {
    static final long BYTES_PER_SECOND = 1_000_000;
    /** What is this small is an echo or a line: it never waits. */
    static final int SMALL = 1024;
    /** Somebody types as long as this after a key. */
    static final long TYPING_NANOS = 500_000_000L;
    /** Nobody waits longer at once. */
    static final long LONGEST_NANOS = 50_000_000L;

    private final LongSupplier clock;
    private long lastKey;
    private boolean isAnyKey;
    private long free;

    TypingFirst(LongSupplier clock) {
        this.clock = clock;
    }

    /** What one pane knows of its own keys. */
    final class Pane {
        private long lastOwnKey;
        private boolean isAnyOwnKey;

        void typed() {
            synchronized (TypingFirst.this) {
                lastKey = clock.getAsLong();
                isAnyKey = true;
                lastOwnKey = lastKey;
                isAnyOwnKey = true;
            }
        }

        /** @return for how many nanoseconds the reader of this pane, which has just read so much, rests */
        long rest(int bytes) {
            synchronized (TypingFirst.this) {
                long now = clock.getAsLong();
                boolean isTypedInto = isAnyOwnKey && now - lastOwnKey < TYPING_NANOS;
                boolean isAnybodyTyping = isAnyKey && now - lastKey < TYPING_NANOS;
                if (bytes <= SMALL || isTypedInto || !isAnybodyTyping) {
                    return 0;
                }
                long cost = bytes * 1_000_000_000L / BYTES_PER_SECOND;
                long ahead = Math.clamp(free - now, 0, LONGEST_NANOS);
                free = now + ahead + cost;
                return Math.min(ahead + cost, LONGEST_NANOS);
            }
        }
    }

    Pane pane() {
        return new Pane();
    }
}
