package io.linkops.orchestrator;

import io.linkops.orchestrator.OperationWalk.Hold;

/** Which batch of an operation may run now, and what stands between it and its start. */
final class BatchGate {
    private final BatchPlan batches;
    /** The position after the last one of each batch. */
    private final int[] endOf;

    private int batch;
    private int open;
    private Hold gate = Hold.NONE;
    private boolean isHeld;

    /** @param firstOf the first position of each target, and the number of all positions */
    BatchGate(BatchPlan batches, int[] firstOf) {
        this.batches = batches;
        this.endOf = new int[batches.sizes().size()];
        for (int each = 0, target = 0; each < endOf.length; each++) {
            target += batches.sizes().get(each);
            endOf[each] = firstOf[target];
        }
        this.open = endOf[0];
    }

    /** The batch that runs or comes next, from 0. */
    int batch() {
        return batch;
    }

    int count() {
        return endOf.length;
    }

    /** How many targets this batch has. */
    int size() {
        return batches.sizes().get(batch);
    }

    /** The position after the last one that may start now, as far as batches go. */
    int end() {
        return isHeld || gate != Hold.NONE ? 0 : endOf[batch];
    }

    /** A position has got its final status. */
    void close(int position) {
        if (position < endOf[batch]) {
            open--;
        }
    }

    /** The next batch, when this one is over. There is one. */
    void advance() {
        if (open > 0) {
            return;
        }
        if (batch == 0 && batches.pausesAfterCanary()) {
            gate = Hold.CANARY;
        } else if (batches.pausesBetween()) {
            gate = Hold.BETWEEN_BATCHES;
        }
        batch++;
        open = endOf[batch] - endOf[batch - 1];
    }

    void hold() {
        isHeld = true;
    }

    void resume() {
        isHeld = false;
        gate = Hold.NONE;
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
        return isHeld ? Hold.BY_HAND : gate;
    }

    /** Whether the time between two batches passes, held by hand besides or not. */
    boolean isBetweenBatches() {
        return gate == Hold.BETWEEN_BATCHES;
    }
}
