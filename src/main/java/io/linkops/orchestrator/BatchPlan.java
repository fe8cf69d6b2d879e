package io.linkops.orchestrator;

import io.linkops.orchestrator.Operations.Batches;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What batches a number of targets is cut into, in order. Pure.
 *
 * @param sizes targets of each batch, none of them 0
 * @param pausesBetween whether time passes between the end of a batch and the begin of the next
 * @param pausesAfterCanary whether somebody has to resume it after the first batch
 * @param maxFailures when more targets than this have failed nothing starts any more
 */
record BatchPlan(List<Integer> sizes, boolean pausesBetween, boolean pausesAfterCanary, int maxFailures) {

    BatchPlan {
        sizes = List.copyOf(sizes);
    }

    static BatchPlan of(@Nullable Batches batches, int targets) {
        if (batches == null) {
            return new BatchPlan(List.of(targets), false, false, Integer.MAX_VALUE);
        }
        return new BatchPlan(
                sizes(batches, targets),
                batches.pause().isPositive(),
                batches.pausesAfterCanary(),
                maxFailures(batches, targets));
    }

    private static List<Integer> sizes(Batches batches, int targets) {
        List<Integer> sizes = new ArrayList<>();
        int left = targets;
        if (batches.canary() != null) {
            sizes.add(Math.min(batches.canary(), targets));
            left -= sizes.getFirst();
        }
        for (int size = size(batches, targets); left > 0; left -= sizes.getLast()) {
            sizes.add(Math.min(size, left));
        }
        return sizes;
    }

    private static int size(Batches batches, int targets) {
        if (batches.size() != null) {
            return batches.size();
        }
        return batches.percent() == null ? targets : (int) Math.ceilDiv((long) targets * batches.percent(), 100L);
    }

    private static int maxFailures(Batches batches, int targets) {
        if (batches.maxFailures() != null) {
            return batches.maxFailures();
        }
        return batches.maxFailurePercent() == null
                ? Integer.MAX_VALUE
                : (int) ((long) targets * batches.maxFailurePercent() / 100);
    }
}
