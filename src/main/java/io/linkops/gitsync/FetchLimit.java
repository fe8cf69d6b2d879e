package io.linkops.gitsync;

import java.time.Duration;
import org.eclipse.jgit.lib.EmptyProgressMonitor;

/** Ends a fetch that goes on for ever, however steadily it trickles. */
final class FetchLimit extends EmptyProgressMonitor {
    static final Duration LONGEST = Duration.ofMinutes(10);

    private final long begun = System.nanoTime();

    @Override
    public boolean isCancelled() {
        return System.nanoTime() - begun > LONGEST.toNanos();
    }
}
