package io.linkops.orchestrator;

import io.linkops.inventory.Inventory.Target;
import io.linkops.journal.Journal;
import io.linkops.journal.Journals;
import io.linkops.orchestrator.OperationPlan.Step;
import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.Status;
import io.linkops.orchestrator.Operations.Summary;
import io.linkops.orchestrator.Runners.Ended;
import io.linkops.store.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operation that is not over, in memory: its walk, its records as they are now, and for each move the events and
 * statements that make it durable. It writes nothing itself.
 */
final class ActiveOperation {
    private final OperationPlan plan;
    private final OperationWalk walk;
    private final List<Execution> executions;
    private final List<Target> targets = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Integer> positions = new HashMap<>();
    private Summary summary;
    private @Nullable String stoppedBy;

    /** What a move comes to on disk, in order. */
    record Move(List<Journal.Event> events, List<Statement> records) {
        Move() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(Journal.Event event, Statement record) {
            events.add(event);
            records.add(record);
        }
    }

    ActiveOperation(String id, OperationPlan plan, OperationIds ids, Instant now) {
        this.plan = plan;
        this.walk = OperationWalk.of(plan);
        this.executions = new ArrayList<>(plan.executions());
        plan.targets().forEach(target -> target.steps().forEach(step -> add(target.target(), step, ids.next())));
        executions.forEach(execution -> positions.put(execution.id(), execution.index()));
        this.summary = new Summary(
                id,
                plan.kind(),
                Status.QUEUED,
                plan.scripts(),
                plan.selectors(),
                plan.targets().size(),
                plan.concurrency(),
                plan.commit(),
                plan.startedBy(),
                now,
                null,
                null,
                walk.counts(),
                null);
    }

    private void add(Target target, Step step, String executionId) {
        targets.add(target);
        steps.add(step);
        executions.add(Execution.queued(
                executionId, executions.size(), target.linkId(), step.script(), step.arguments(), step.sha256()));
    }

    String id() {
        return summary.id();
    }

    String stream() {
        return Journals.operation(id());
    }

    OperationPlan plan() {
        return plan;
    }

    Summary summary() {
        return summary;
    }

    boolean isOver() {
        return walk.isOver();
    }

    boolean hasStarted() {
        return summary.startedAt() != null;
    }

    int running() {
        return walk.running();
    }

    Execution execution(int position) {
        return executions.get(position);
    }

    Target target(int position) {
        return targets.get(position);
    }

    Step step(int position) {
        return steps.get(position);
    }

    /** The position of an execution, or null if it is not this operation's. */
    @Nullable
    Integer position(String executionId) {
        return positions.get(executionId);
    }

    /** The rows that exist before the submission is answered. */
    List<Statement> queued() {
        List<Statement> records = new ArrayList<>();
        records.add(OperationStore.insert(summary, plan.onFailure()));
        executions.forEach(execution -> records.add(OperationStore.insert(id(), execution)));
        return records;
    }

    /** Starts what may start, at most {@code limit}. */
    List<Integer> release(int limit, Instant now, Move move) {
        var released = walk.release(limit);
        if (!released.isEmpty() && !hasStarted()) {
            change(Status.RUNNING, now, null, null);
            move.add(OperationEvents.started(summary), OperationStore.update(summary));
        }
        for (int position : released) {
            var execution = set(position, executions.get(position).running(now));
            move.add(OperationEvents.executionStarted(execution), OperationStore.update(execution));
        }
        return released;
    }

    /** One has ended; what waited behind it may be skipped, and the whole may be over. */
    void finish(int position, Ended ended, Instant now, Move move) {
        var skipped = walk.finish(position, ended.status());
        add(set(position, executions.get(position).ended(ended)), move);
        skip(skipped, "earlier_failure", "An earlier script failed on this link", now, move);
        closeIfOver(now, move);
    }

    /** Nothing starts any more. */
    void stop(String by, Instant now, Move move) {
        stoppedBy = by;
        skip(walk.stop(), "stopped", "The operation was stopped by " + by + " before this was started", now, move);
        closeIfOver(now, move);
    }

    boolean isStopped() {
        return walk.isStopped();
    }

    /** The executions that run now, by id. */
    List<String> runningIds() {
        return executions.stream()
                .filter(execution -> execution.status() == ExecutionStatus.RUNNING)
                .map(Execution::id)
                .toList();
    }

    private void skip(List<Integer> positions, String reason, String error, Instant now, Move move) {
        for (int position : positions) {
            add(set(position, executions.get(position).skipped(reason, error, now)), move);
        }
    }

    private static void add(Execution execution, Move move) {
        move.add(OperationEvents.executionFinished(execution), OperationStore.update(execution));
    }

    private void closeIfOver(Instant now, Move move) {
        if (walk.isOver()) {
            var outcome = walk.outcome();
            change(outcome, summary.startedAt(), now, reason(outcome));
            move.add(OperationEvents.finished(summary), OperationStore.update(summary));
        }
    }

    private @Nullable String reason(Status outcome) {
        return switch (outcome) {
            case STOPPED -> "Stopped by " + stoppedBy;
            case FAILED, PARTIAL ->
                walk.counts().getOrDefault(ExecutionStatus.SUCCESS, 0) + " of " + executions.size()
                        + " executions succeeded";
            default -> null;
        };
    }

    private Execution set(int position, Execution execution) {
        executions.set(position, execution);
        return execution;
    }

    private void change(
            Status status, @Nullable Instant startedAt, @Nullable Instant endedAt, @Nullable String reason) {
        summary = OperationRecovery.changed(summary, status, startedAt, endedAt, walk.counts(), reason);
    }

    /** The summary with the counts of this moment; never over, for that is told by the record on disk alone. */
    Summary current() {
        var status = hasStarted() ? Status.RUNNING : Status.QUEUED;
        return OperationRecovery.changed(summary, status, summary.startedAt(), null, walk.counts(), null);
    }
}
