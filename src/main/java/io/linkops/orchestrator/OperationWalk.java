package io.linkops.orchestrator;

import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.OnFailure;
import io.linkops.orchestrator.Operations.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Where an operation is, and what may happen next: the only place that decides. Executions are known by their position.
 *
 * <p>Invariants: never more than {@code concurrency} of them run, never two on one target, on one target only in the
 * order of its steps, never of two batches at once, none is started once too many targets have failed, and each gets
 * exactly one final status.
 */
final class OperationWalk {
    private final int concurrency;
    private final OnFailure onFailure;
    private final BatchPlan batches;
    /** The position after the last one of each batch. */
    private final int[] endOf;

    private final boolean[] hasFailed;
    private final ExecutionStatus[] statuses;
    private final int[] targetOf;
    private final int[] firstOf;
    private final Map<ExecutionStatus, Integer> tally = new EnumMap<>(ExecutionStatus.class);
    private int running;
    private int open;
    private int firstCandidate;
    private int batch;
    private int openInBatch;
    private int failedTargets;
    private Hold gate = Hold.NONE;
    private boolean isHeld;
    private boolean isStopped;
    private boolean isCutOff;

    /** Why nothing starts for the moment. */
    enum Hold {
        NONE,
        /** Somebody paused it. */
        BY_HAND,
        /** The canary is over; somebody has to resume it. */
        CANARY,
        /** The time between two batches. */
        BETWEEN_BATCHES
    }

    /**
     * What is skipped because something ended.
     *
     * @param earlierFailure positions on the same target
     * @param failureLimit all that waited, because too many targets have failed
     */
    record Skipped(List<Integer> earlierFailure, List<Integer> failureLimit) {}

    /** @param steps how many executions each target has */
    OperationWalk(List<Integer> steps, int concurrency, OnFailure onFailure, BatchPlan batches) {
        this.concurrency = concurrency;
        this.onFailure = onFailure;
        this.batches = batches;
        this.hasFailed = new boolean[steps.size()];
        this.open = steps.stream().mapToInt(Integer::intValue).sum();
        this.statuses = new ExecutionStatus[open];
        Arrays.fill(statuses, ExecutionStatus.QUEUED);
        tally.put(ExecutionStatus.QUEUED, open);
        this.targetOf = new int[open];
        this.firstOf = new int[steps.size() + 1];
        for (int target = 0, position = 0; target < steps.size(); target++) {
            firstOf[target] = position;
            for (int step = 0; step < steps.get(target); step++) {
                targetOf[position++] = target;
            }
            firstOf[target + 1] = position;
        }
        this.endOf = new int[batches.sizes().size()];
        for (int each = 0, target = 0; each < endOf.length; each++) {
            target += batches.sizes().get(each);
            endOf[each] = firstOf[target];
        }
        this.openInBatch = endOf[0];
    }

    static OperationWalk of(OperationPlan plan) {
        return new OperationWalk(
                plan.targets().stream().map(target -> target.steps().size()).toList(),
                plan.concurrency(),
                plan.onFailure(),
                BatchPlan.of(plan.batches(), plan.targets().size()));
    }

    /** Starts what may start now, at most {@code limit}; the positions that are running from this moment. */
    List<Integer> release(int limit) {
        if (isHeld || gate != Hold.NONE) {
            return List.of();
        }
        List<Integer> released = new ArrayList<>();
        boolean isContiguous = true;
        for (int position = firstCandidate;
                position < endOf[batch] && released.size() < limit && running < concurrency;
                position++) {
            if (mayStart(position)) {
                become(position, ExecutionStatus.RUNNING);
                running++;
                released.add(position);
            }
            isContiguous = isContiguous && statuses[position].isFinal();
            if (isContiguous) {
                firstCandidate = position + 1;
            }
        }
        return released;
    }

    private boolean mayStart(int position) {
        if (isStopped || statuses[position] != ExecutionStatus.QUEUED) {
            return false;
        }
        return position == firstOf[targetOf[position]] || statuses[position - 1].isFinal();
    }

    /**
     * One that ran has ended.
     *
     * @throws IllegalStateException if it was not running, or the status is not final
     */
    Skipped finish(int position, ExecutionStatus status) {
        if (statuses[position] != ExecutionStatus.RUNNING || !status.isFinal()) {
            throw new IllegalStateException(statuses[position] + " cannot become " + status);
        }
        become(position, status);
        running--;
        close(position);
        var skipped = status == ExecutionStatus.SUCCESS
                ? new Skipped(List.of(), List.of())
                : fail(targetOf[position], position + 1);
        advance();
        return skipped;
    }

    private Skipped fail(int target, int next) {
        var rest = onFailure == OnFailure.CONTINUE ? List.<Integer>of() : skip(next, firstOf[target + 1]);
        if (!hasFailed[target]) {
            hasFailed[target] = true;
            failedTargets++;
        }
        if (failedTargets <= batches.maxFailures() || isCutOff) {
            return new Skipped(rest, List.of());
        }
        isCutOff = true;
        return new Skipped(rest, skip(0, statuses.length));
    }

    /** The next batch, when this one is over. */
    private void advance() {
        if (openInBatch > 0 || open == 0) {
            return;
        }
        if (batch == 0 && batches.pausesAfterCanary()) {
            gate = Hold.CANARY;
        } else if (batches.pausesBetween()) {
            gate = Hold.BETWEEN_BATCHES;
        }
        batch++;
        openInBatch = endOf[batch] - endOf[batch - 1];
    }

    /** Nothing starts until it is resumed. @return false if it is over or being stopped */
    boolean hold() {
        if (isOver() || isStopped || isCutOff) {
            return false;
        }
        isHeld = true;
        return true;
    }

    /** It goes on, whatever it paused for. @return false if it did not pause */
    boolean resume() {
        boolean isPaused = paused() != Hold.NONE;
        isHeld = false;
        gate = Hold.NONE;
        return isPaused;
    }

    /** The time before this batch has passed. @return false if it has begun before */
    boolean pass(int before) {
        if (gate != Hold.BETWEEN_BATCHES || batch != before) {
            return false;
        }
        gate = Hold.NONE;
        return true;
    }

    /** Why nothing starts for the moment. */
    Hold paused() {
        if (isOver() || isStopped || isCutOff) {
            return Hold.NONE;
        }
        return isHeld ? Hold.BY_HAND : gate;
    }

    /** Whether the time between two batches passes, held by hand besides or not. */
    boolean isBetweenBatches() {
        return gate == Hold.BETWEEN_BATCHES && !isOver();
    }

    /** The batch that runs or comes next, from 0. */
    int batch() {
        return batch;
    }

    int batches() {
        return endOf.length;
    }

    /** How many targets this batch has. */
    int batchSize() {
        return batches.sizes().get(batch);
    }

    /** How many targets may have failed, if more than that have. */
    OptionalInt passedLimit() {
        return isCutOff ? OptionalInt.of(batches.maxFailures()) : OptionalInt.empty();
    }

    int failedTargets() {
        return failedTargets;
    }

    /** Nothing starts any more. @return the positions that are skipped because of it */
    List<Integer> stop() {
        isStopped = true;
        return skip(0, statuses.length);
    }

    private List<Integer> skip(int from, int to) {
        List<Integer> skipped = new ArrayList<>();
        for (int position = from; position < to; position++) {
            if (statuses[position] == ExecutionStatus.QUEUED) {
                become(position, ExecutionStatus.SKIPPED);
                close(position);
                skipped.add(position);
            }
        }
        return skipped;
    }

    private void close(int position) {
        open--;
        if (position < endOf[batch]) {
            openInBatch--;
        }
    }

    private void become(int position, ExecutionStatus status) {
        tally.merge(statuses[position], -1, Integer::sum);
        tally.merge(status, 1, Integer::sum);
        statuses[position] = status;
    }

    boolean isStopped() {
        return isStopped;
    }

    boolean isOver() {
        return open == 0;
    }

    int running() {
        return running;
    }

    ExecutionStatus status(int position) {
        return statuses[position];
    }

    Map<ExecutionStatus, Integer> counts() {
        Map<ExecutionStatus, Integer> counts = new EnumMap<>(tally);
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    /** What the whole has come to; QUEUED or RUNNING before it is over. */
    Status outcome() {
        if (!isOver()) {
            return running > 0 || counts().getOrDefault(ExecutionStatus.QUEUED, 0) < statuses.length
                    ? Status.RUNNING
                    : Status.QUEUED;
        }
        return outcome(counts(), isStopped);
    }

    /** The status of an operation whose executions are all over [P17]. */
    static Status outcome(Map<ExecutionStatus, Integer> counts, boolean isStopped) {
        int succeeded = counts.getOrDefault(ExecutionStatus.SUCCESS, 0);
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        if (succeeded == all) {
            return Status.SUCCESS;
        }
        if (isStopped) {
            return Status.STOPPED;
        }
        if (counts.getOrDefault(ExecutionStatus.INTERRUPTED, 0) > 0) {
            return Status.INTERRUPTED;
        }
        return succeeded == 0 ? Status.FAILED : Status.PARTIAL;
    }

    static Map<ExecutionStatus, Integer> count(List<ExecutionStatus> statuses) {
        Map<ExecutionStatus, Integer> counts = new EnumMap<>(ExecutionStatus.class);
        statuses.forEach(status -> counts.merge(status, 1, Integer::sum));
        return counts;
    }
}
