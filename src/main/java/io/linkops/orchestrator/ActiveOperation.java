package io.linkops.orchestrator;

import io.linkops.inventory.Inventory.Target;
import io.linkops.journal.Journal;
import io.linkops.journal.Journals;
import io.linkops.orchestrator.OperationPauses.Waiting;
import io.linkops.orchestrator.OperationPlan.Step;
import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.Kind;
import io.linkops.orchestrator.Operations.Progress;
import io.linkops.orchestrator.Operations.Status;
import io.linkops.orchestrator.Operations.Summary;
import io.linkops.orchestrator.Runners.Ended;
import io.linkops.store.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An operation that is not over, in memory: its walk, its records as they are now, and for each move the events and
 * statements that make it durable. It writes nothing itself.
 */
final class ActiveOperation {
    private final OperationPlan plan;
    private final OperationWalk walk;
    private final OperationPauses pauses;
    private final List<Execution> executions;
    private final List<Target> targets = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Integer> positions = new HashMap<>();
    private Summary summary;
    private @Nullable String stoppedBy;
    private boolean isDrained;
    private boolean isCutShort;

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
        this.pauses = new OperationPauses(
                walk, plan.batches() == null ? Duration.ZERO : plan.batches().pause());
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
                null,
                plan.batches() == null ? null : new Progress(plan.batches(), 0, walk.batches()),
                null,
                plan.retryOf());
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
        records.addAll(OperationStore.insert(summary, plan));
        executions.forEach(execution -> records.add(OperationStore.insert(id(), execution)));
        return records;
    }

    /** Starts what may start, at most {@code limit}. */
    List<Integer> release(int limit, Instant now, Move move) {
        var released = walk.release(limit);
        if (!released.isEmpty()) {
            begin(now, move);
        }
        for (int position : released) {
            var execution = set(position, executions.get(position).running(now));
            move.add(OperationEvents.executionStarted(execution), OperationStore.update(execution));
        }
        return released;
    }

    /** The whole begins, and the batch, if these are the first. */
    private void begin(Instant now, Move move) {
        if (!hasStarted()) {
            change(Status.RUNNING, now, null, null);
            move.add(OperationEvents.started(summary), OperationStore.update(summary));
        }
        var progress = summary.progress();
        if (progress != null && progress.batch() <= walk.batch()) {
            summary = summary.progressed(new Progress(progress.batches(), walk.batch() + 1, walk.batches()));
            move.add(OperationEvents.batchStarted(summary, walk.batchSize(), now), OperationStore.update(summary));
        }
    }

    /** One has ended; what waited behind it may be skipped, and the whole may be over. */
    void finish(int position, Ended told, OutputSums sums, Instant now, Move move) {
        var ended = plan.kind() == Kind.PREFLIGHT ? PreflightScript.explained(told) : told;
        var skipped = walk.finish(position, ended.status());
        add(set(position, sums.on(executions.get(position).ended(ended))), move);
        skip(skipped.earlierFailure(), "earlier_failure", "An earlier script failed on this link", now, move);
        skip(skipped.failureLimit(), "failure_limit", tooMany() + "; this was not started", now, move);
        pauses.ended(now);
        tellPause(null, now, move);
        closeIfOver(now, move);
    }

    private String tooMany() {
        return walk.failedTargets() + " of " + summary.targets() + " targets failed, more than the limit of "
                + walk.passedLimit().orElse(0);
    }

    /** What the next batch waits for, if time has to pass: to be told when it has ({@link #pass}). */
    Optional<Waiting> waiting() {
        return pauses.waiting();
    }

    /** The time before a batch has passed. @return false if it has begun before */
    boolean pass(int batch, Instant now, Move move) {
        boolean isPassed = pauses.pass(batch);
        tellPause(null, now, move);
        return isPassed;
    }

    /** Nothing starts until it is resumed. @return false if there is nothing to hold any more */
    boolean hold(String by, Instant now, Move move) {
        boolean isHeld = pauses.hold(by);
        tellPause(by, now, move);
        return isHeld;
    }

    /** It goes on, whatever it paused for. @return false if it did not pause */
    boolean resume(String by, Instant now, Move move) {
        boolean isResumed = pauses.resume();
        tellPause(by, now, move);
        return isResumed;
    }

    private void tellPause(@Nullable String by, Instant now, Move move) {
        if (!pauses.hasChanged()) {
            return;
        }
        summary = summary.paused(pauses.current());
        // Past its failure limit it does not go on, it ends.
        if (summary.pause() != null || !(walk.isOver() || walk.passedLimit().isPresent())) {
            move.events().add(OperationEvents.paused(summary, by, now));
        }
    }

    boolean isPaused() {
        return walk.paused() != OperationWalk.Hold.NONE;
    }

    /** Nothing starts any more. */
    void stop(String by, Instant now, Move move) {
        stoppedBy = by;
        pauses.end();
        summary = summary.paused(null);
        skip(walk.stop(), "stopped", "The operation was stopped by " + by + " before this was started", now, move);
        closeIfOver(now, move);
    }

    /** LinkOps is stopping: nothing starts any more, and what waited is told as never started. */
    void drain(Instant now, Move move) {
        if (!walk.isStopped()) {
            isDrained = true;
            pauses.end();
            summary = summary.paused(null);
            var waiting = walk.stop();
            isCutShort = !waiting.isEmpty();
            skip(waiting, "interrupted", OperationRecovery.NOT_STARTED, now, move);
            closeIfOver(now, move);
        }
    }

    boolean isDrained() {
        return isDrained;
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
            var outcome = outcome();
            change(outcome, summary.startedAt(), now, reason(outcome));
            move.add(OperationEvents.finished(summary), OperationStore.update(summary));
        }
    }

    /** What LinkOps cut short was interrupted, unless a person stopped it; what it let finish is what it came to. */
    private Status outcome() {
        if (!isDrained || stoppedBy != null) {
            return walk.outcome();
        }
        var status = OperationWalk.outcome(walk.counts(), false);
        return isCutShort && status != Status.SUCCESS ? Status.INTERRUPTED : status;
    }

    private @Nullable String reason(Status outcome) {
        return switch (outcome) {
            case INTERRUPTED -> "LinkOps was stopped while this operation ran";
            case STOPPED -> "Stopped by " + stoppedBy;
            case FAILED, PARTIAL ->
                (walk.passedLimit().isPresent() ? "Nothing more was started: " + tooMany() + ". " : "") + tally();
            default -> null;
        };
    }

    /** How many came to what, in words. */
    private String tally() {
        var others = walk.counts().entrySet().stream()
                .filter(each -> each.getKey() != ExecutionStatus.SUCCESS)
                .map(each -> each.getValue() + " " + each.getKey().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        return walk.counts().getOrDefault(ExecutionStatus.SUCCESS, 0) + " of " + executions.size()
                + " executions succeeded (" + others + ")";
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
