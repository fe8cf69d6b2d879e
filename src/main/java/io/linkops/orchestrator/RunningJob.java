package io.linkops.orchestrator;

import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Runners.Ended;

/** One execution on a thread of its own. */
interface RunningJob {
    /**
     * Blocks until it is over.
     *
     * @throws InterruptedException if LinkOps is ending: then nothing is told
     */
    Ended run() throws InterruptedException;

    /** Ends it, wherever it is; from any thread, any number of times. */
    void end(ExecutionStatus as);

    /** What is left to do when its end is on disk. */
    default void afterwards() {}
}
