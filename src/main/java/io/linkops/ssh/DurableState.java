package io.linkops.ssh;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a durable run stands, as the link tells.
 *
 * @param way what keeps it there
 * @param elapsed since it began there, up to its end if it has ended
 * @param ago how long it has ended, as far as the link can tell
 * @param stdout bytes that were kept there
 * @param stderr as stdout
 * @param exit how it ended; null unless it has
 * @param isTimeout whether it was ended there because its time was up
 * @param isWhole whether the link's disk took all of the output, up to the limit
 */
public record DurableState(
        Kind kind,
        Way way,
        Duration elapsed,
        Duration ago,
        long stdout,
        long stderr,
        @Nullable Exit exit,
        boolean isTimeout,
        boolean isWhole) {

    /** Where it is. */
    public enum Kind {
        /** Ordered, and not begun within half a minute. */
        WAITING,
        RUNNING,
        ENDED,
        /** It was never begun, and cannot be any more. */
        NEVER,
        /** The link, or the container it is, was started anew in between. */
        RESTARTED,
        /** Its keeper is gone without a word, so how it ended is not known. */
        DEAD,
        /** Its files are gone, or some of them. */
        GONE
    }

    /** What keeps a run while nobody is connected (decision 10). */
    public enum Way {
        /** A transient unit. */
        SYSTEMD,
        /** A session of its own, with files. */
        SESSION,
        NONE
    }
}
