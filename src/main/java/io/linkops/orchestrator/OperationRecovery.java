package io.linkops.orchestrator;

import io.linkops.orchestrator.ActiveOperation.Move;
import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.Status;
import io.linkops.orchestrator.Operations.Summary;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an operation that was open when LinkOps ended: what ran is interrupted, what waited was never
 * started, nothing is run again. Pure.
 */
final class OperationRecovery {
    static final String INTERRUPTED = "LinkOps ended while this ran; what became of it is not known: look on the link "
            + "before you run it again";
    static final String NOT_STARTED = "LinkOps ended before this was started; it did not run";

    private OperationRecovery() {}

    /** @param outputBytes of each execution that ran, as the journal has them */
    static Move recover(Summary operation, List<Execution> executions, Map<String, Long> outputBytes, Instant now) {
        var move = new Move();
        var after = executions.stream()
                .map(execution -> recover(
                        execution, outputBytes.getOrDefault(execution.id(), execution.outputBytes()), now, move))
                .toList();
        var counts = OperationWalk.count(after.stream().map(Execution::status).toList());
        var status = OperationWalk.outcome(counts, false);
        var reason = status == Status.SUCCESS ? null : "LinkOps ended while this operation ran";
        var closed = changed(operation, interrupted(status), operation.startedAt(), now, counts, reason);
        move.add(OperationEvents.finished(closed), OperationStore.update(closed));
        return move;
    }

    /** Skipped ones were interrupted too: the operation did not end by itself. */
    private static Status interrupted(Status status) {
        return status == Status.SUCCESS ? status : Status.INTERRUPTED;
    }

    private static Execution recover(Execution execution, long outputBytes, Instant now, Move move) {
        var after = switch (execution.status()) {
            case RUNNING -> execution.interrupted(INTERRUPTED, outputBytes, now);
            case QUEUED -> execution.skipped("interrupted", NOT_STARTED, now);
            default -> execution;
        };
        if (after.status() != execution.status()) {
            move.add(OperationEvents.executionFinished(after), OperationStore.update(after));
        }
        return after;
    }

    static Summary changed(
            Summary summary,
            Status status,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            Map<ExecutionStatus, Integer> counts,
            @Nullable String reason) {
        return new Summary(
                summary.id(),
                summary.kind(),
                status,
                summary.scripts(),
                summary.selectors(),
                summary.targets(),
                summary.concurrency(),
                summary.commit(),
                summary.startedBy(),
                summary.queuedAt(),
                startedAt,
                endedAt,
                counts,
                reason,
                summary.progress(),
                endedAt == null ? summary.pause() : null,
                summary.retryOf());
    }
}
