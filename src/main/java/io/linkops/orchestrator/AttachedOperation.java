package io.linkops.orchestrator;

import io.linkops.journal.Journals;
import io.linkops.orchestrator.ActiveOperation.Move;
import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.Status;
import io.linkops.orchestrator.Operations.Summary;
import io.linkops.orchestrator.Runners.Ended;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An operation of an earlier LinkOps of which some executions go on by themselves: nothing more is started, and it is
 * over when the last of them has ended. It writes nothing itself.
 */
final class AttachedOperation {
    private final List<Execution> executions;
    private Summary summary;
    private @Nullable String stoppedBy;

    /** @param stoppedBy who told it to stop, if somebody did */
    AttachedOperation(Summary summary, List<Execution> executions, @Nullable String stoppedBy) {
        this.summary = summary;
        this.executions = new ArrayList<>(executions);
        this.stoppedBy = stoppedBy;
    }

    String id() {
        return summary.id();
    }

    String stream() {
        return Journals.operation(id());
    }

    Summary current() {
        return summary;
    }

    Optional<Execution> running(String executionId) {
        return running().stream().filter(each -> each.id().equals(executionId)).findFirst();
    }

    List<Execution> running() {
        return executions.stream()
                .filter(each -> each.status() == ExecutionStatus.RUNNING)
                .toList();
    }

    boolean isOver() {
        return running().isEmpty();
    }

    void stop(String by) {
        if (stoppedBy == null) {
            stoppedBy = by;
        }
    }

    /** One has ended, and the whole may be over. */
    void finish(Execution execution, Ended ended, OutputSums sums, Instant now, Move move) {
        var after = sums.on(execution.ended(ended));
        executions.set(execution.index(), after);
        move.add(OperationEvents.executionFinished(after), OperationStore.update(after));
        var counts =
                OperationWalk.count(executions.stream().map(Execution::status).toList());
        if (isOver()) {
            var status = outcome(counts);
            summary = OperationRecovery.changed(summary, status, summary.startedAt(), now, counts, reason(status));
            move.add(OperationEvents.finished(summary), OperationStore.update(summary));
        } else {
            summary = OperationRecovery.changed(summary, Status.RUNNING, summary.startedAt(), null, counts, null);
            move.records().add(OperationStore.update(summary));
        }
    }

    /** What was not started because LinkOps ended makes the whole interrupted, as does what was cut off. */
    private Status outcome(Map<ExecutionStatus, Integer> counts) {
        var status = OperationWalk.outcome(counts, stoppedBy != null);
        boolean isInterrupted = executions.stream()
                .anyMatch(each -> each.status() == ExecutionStatus.SKIPPED && "interrupted".equals(each.reason()));
        return isInterrupted && status != Status.SUCCESS && status != Status.STOPPED ? Status.INTERRUPTED : status;
    }

    private @Nullable String reason(Status status) {
        return switch (status) {
            case SUCCESS -> null;
            case STOPPED -> "Stopped by " + stoppedBy;
            case INTERRUPTED -> "LinkOps ended while this operation ran";
            default ->
                executions.stream()
                                .filter(each -> each.status() == ExecutionStatus.SUCCESS)
                                .count()
                        + " of " + executions.size() + " executions succeeded";
        };
    }
}
