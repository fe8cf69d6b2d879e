package io.linkops.orchestrator;

import io.linkops.bus.Bytes;
import io.linkops.bus.Contract;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.inventory.Inventory.Target;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Between the engine and those who do the work near the links. Orders carry the execution's id and are done once,
 * however often they arrive; a report is answered when it is on disk, so that nothing acknowledged is ever lost.
 */
@Contract
public interface Runners {

    /**
     * Runs one script on one link, or only looks at the link.
     *
     * @param script what to run; null only to look
     * @param timeout from the start of the script to its forced end
     * @param killGrace between TERM and KILL
     * @param outputLimit bytes of output that are kept
     */
    record Execute(
            String executionId,
            String operationId,
            Target target,
            boolean checksEnrollment,
            @Nullable Script script,
            Duration timeout,
            Duration killGrace,
            long outputLimit)
            implements Request<Accepted> {}

    /**
     * A script as it travels: see {@code OperationPlan.Payload}.
     *
     * @param environment variables besides those of the log-in
     * @param secrets names of secrets by the variable that gets the value: whoever runs it looks them up
     */
    record Script(
            String id,
            String fileName,
            Bytes content,
            String sha256,
            List<String> options,
            List<String> arguments,
            Map<String, String> environment,
            Map<String, String> secrets) {
        public Script {
            options = List.copyOf(options);
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
            secrets = Map.copyOf(secrets);
        }
    }

    record Accepted() implements Reply {}

    /** Ends an execution, wherever it is; its {@link Ended} tells what came of it. */
    record End(String executionId) implements Request<Accepted> {}

    /**
     * Output as it came, in order within each stream. Told again, because its answer was lost, it counts once.
     *
     * @param offset bytes of this execution's output that were told before
     */
    record Output(String operationId, String executionId, long offset, List<Piece> pieces)
            implements Request<Recorded> {
        public Output {
            pieces = List.copyOf(pieces);
        }
    }

    /** @param isError whether it came on stderr */
    record Piece(boolean isError, Bytes data) {}

    /** The end of an execution; exactly one for each {@link Execute}. */
    record Ended(
            String operationId,
            String executionId,
            ExecutionStatus status,
            Instant startedAt,
            Instant endedAt,
            @Nullable Integer exitCode,
            @Nullable String signal,
            long outputBytes,
            boolean isTruncated,
            @Nullable String reason,
            @Nullable String error)
            implements Request<Recorded> {}

    record Recorded() implements Reply {}
}
