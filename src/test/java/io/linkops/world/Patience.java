package io.linkops.world;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waiting for a condition that nothing tells of, such as a file another process writes. */
public final class Patience {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Patience() {}

    /** Returns when it is so; throws, saying what was waited for, if that takes too long. */
    public static void until(String what, Callable<Boolean> isSo) throws Exception {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!isSo.call()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not within " + LIMIT.toSeconds() + " s: " + what);
            }
            Thread.sleep(20);
        }
    }
}
