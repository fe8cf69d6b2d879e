package io.linkops.retention;

import io.linkops.bus.Contract;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.figures.Figures;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What retention can be asked. It owns no table: each owner removes its own rows (decision 19). */
@Contract
public interface Retention {

    /** Looks now what is to be removed; answered when it is. A sweep that is under way is waited for. */
    record Sweep() implements Request<Status> {}

    record FindStatus() implements Request<Status> {}

    /**
     * What was removed since LinkOps started, and how large the database is.
     *
     * @param sweptAt when the last sweep ended; null before the first
     * @param problem why the last sweep did not do all of it; null if it did
     * @param outputBytes of operations that were removed
     * @param fileBytes of the database file
     * @param freeBytes in the file that are used by nothing, and are given back little by little
     * @param reclaimedBytes given back to the disk
     * @param isReclaimable false for a file made by an old LinkOps that was too large to be rewritten at the start
     */
    record Status(
            @Nullable Instant sweptAt,
            @Nullable String problem,
            long operations,
            long outputBytes,
            long terminalSessions,
            long auditRows,
            long fileBytes,
            long freeBytes,
            long reclaimedBytes,
            boolean isReclaimable)
            implements Reply {}

    record FindFigures() implements Request<Figures.Page> {}
}
