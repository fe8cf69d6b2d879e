package io.linkops.orchestrator;

import io.linkops.orchestrator.ActiveOperation.Move;
import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.Status;
import io.linkops.orchestrator.Operations.Summary;
import io.linkops.orchestrator.Runners.Detached;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** What becomes of it: the executions as they are from now on, and what makes that durable. */
    record Recovered(Summary operation, List<Execution> executions, Move move) {
        boolean isOver() {
            return operation.status().isFinal();
        }
    }

    /** @param outputBytes of each execution that ran, as the journal has them */
    static Move recover(Summary operation, List<Execution> executions, Map<String, Long> outputBytes, Instant now) {
        return recover(operation, executions, outputBytes, Set.of(), now).move();
    }

    /**
     * @param outputBytes of each execution that ran, as the journal has them
     * @param durable the executions, by id, that go on without LinkOps: they stay as they are
     */
    static Recovered recover(
            Summary operation,
            List<Execution> executions,
            Map<String, Long> outputBytes,
            Set<String> durable,
            Instant now) {
        var move = new Move();
        var after = executions.stream()
                .map(execution -> durable.contains(execution.id())
                        ? detached(operation.id(), execution, now, move)
                        : recover(
                                execution,
                                outputBytes.getOrDefault(execution.id(), execution.outputBytes()),
                                now,
                                move))
                .toList();
        var counts = OperationWalk.count(after.stream().map(Execution::status).toList());
        if (counts.getOrDefault(ExecutionStatus.RUNNING, 0) > 0) {
            var open = changed(operation, Status.RUNNING, operation.startedAt(), null, counts, null);
            move.records().add(OperationStore.update(open));
            return new Recovered(open, after, move);
        }
        var status = OperationWalk.outcome(counts, false);
        var reason = status == Status.SUCCESS ? null : "LinkOps ended while this operation ran";
        var closed = changed(operation, interrupted(status), operation.startedAt(), now, counts, reason);
        move.add(OperationEvents.finished(closed), OperationStore.update(closed));
        return new Recovered(closed, after, move);
    }

    private static Execution detached(String operationId, Execution execution, Instant now, Move move) {
        move.events()
                .add(OperationEvents.detached(
                        new Detached(
                                operationId,
                                execution.id(),
                                execution.target(),
                                execution.script(),
                                "linkops_ended",
                                "LinkOps ended while this ran; it goes on, and is looked for"),
                        now));
        return execution;
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
