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
     * @param isDurable whether the script outlives the connection and LinkOps itself
     */
    record Execute(
            String executionId,
            String operationId,
            Target target,
            boolean checksEnrollment,
            @Nullable Script script,
            Duration timeout,
            Duration killGrace,
            long outputLimit,
            boolean isDurable)
            implements Request<Accepted> {}

    /**
     * Goes on with a durable execution that an earlier LinkOps handed out: finds out whether it runs, ran or was never
     * started, takes what it printed since, and never starts it.
     *
     * @param order as it was given, without the script
     * @param startedAt when it was handed out
     * @param stdout bytes of its stdout that are on disk
     * @param stderr as stdout
     * @param hasBegun whether it is known to have been started
     * @param isStopping whether somebody told it to stop
     */
    record Attach(Execute order, Instant startedAt, long stdout, long stderr, boolean hasBegun, boolean isStopping)
            implements Request<Accepted> {}

    /**
     * A durable execution is followed, for the first time or again.
     *
     * @param way what keeps it on the link: {@code systemd} or {@code session}
     * @param elapsed since it was started there
     */
    record Attached(
            String operationId,
            String executionId,
            String target,
            @Nullable String script,
            String way,
            Duration elapsed)
            implements Request<Recorded> {}

    /**
     * The connection to a durable execution is gone; it goes on, and so does the search for it.
     *
     * @param reason a stable word
     */
    record Detached(
            String operationId,
            String executionId,
            String target,
            @Nullable String script,
            String reason,
            String error) implements Request<Recorded> {}

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

    /**
     * A runner needs a secret of the vault for an execution that it runs. FORBIDDEN if its script is given no such one,
     * CONFLICT if it does not run, NOT_FOUND if there is none.
     *
     * @param name as in the vault
     * @param reader the public key that the value is sealed for: the runner's own, made for this request
     */
    record NeedSecret(String operationId, String executionId, String name, Bytes reader)
            implements Request<SealedSecret> {
        /** What the parcel is bound to. */
        String about() {
            return "execution/" + executionId + "/" + name;
        }
    }

    /** A {@code vault.Parcel}. */
    record SealedSecret(Bytes sender, Bytes box) implements Reply {}

    /**
     * Ends an execution, wherever it is; its {@link Ended} tells what came of it.
     *
     * @param isShutdown whether nobody asked for it: LinkOps itself is stopping
     */
    record End(String executionId, boolean isShutdown) implements Request<Accepted> {}

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
