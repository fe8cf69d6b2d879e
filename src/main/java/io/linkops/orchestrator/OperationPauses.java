package io.linkops.orchestrator;

import io.linkops.orchestrator.OperationWalk.Hold;
import io.linkops.orchestrator.Operations.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pauses of one operation: what to tell of them, and what its next batch waits for. */
final class OperationPauses {
    private final OperationWalk walk;
    private final Duration betweenBatches;
    private Hold told = Hold.NONE;
    private @Nullable String heldBy;
    private @Nullable Instant until;

    /** @param batch what comes then, from 0 */
    record Waiting(int batch, Instant until) {}

    OperationPauses(OperationWalk walk, Duration betweenBatches) {
        this.walk = walk;
        this.betweenBatches = betweenBatches;
    }

    /** Something has ended: with a batch the time until the next one begins. */
    void ended(Instant now) {
        if (walk.isBetweenBatches() && until == null) {
            until = now.plus(betweenBatches);
        }
    }

    /** What the next batch waits for, if time has to pass: to be told when it has ({@link #pass}). */
    Optional<Waiting> waiting() {
        return until == null ? Optional.empty() : Optional.of(new Waiting(walk.batch(), until));
    }

    /** The time before a batch has passed. @return false if it has begun before */
    boolean pass(int batch) {
        boolean isPassed = walk.pass(batch);
        until = isPassed ? null : until;
        return isPassed;
    }

    /** Nothing starts until it is resumed. @return false if there is nothing to hold any more */
    boolean hold(String by) {
        boolean isHeld = walk.hold();
        heldBy = isHeld ? by : heldBy;
        return isHeld;
    }

    /** It goes on, whatever it paused for. @return false if it did not pause */
    boolean resume() {
        boolean isResumed = walk.resume();
        until = isResumed ? null : until;
        return isResumed;
    }

    /** It is being stopped: nothing waits for anything any more. */
    void end() {
        told = Hold.NONE;
        until = null;
    }

    /** Whether it pauses for another reason than when this was last asked, or goes on. */
    boolean hasChanged() {
        boolean isNews = walk.paused() != told;
        told = walk.paused();
        return isNews;
    }

    /** Why nothing starts for the moment; null if it goes on. */
    @Nullable
    Pause current() {
        return switch (walk.paused()) {
            case NONE -> null;
            case BY_HAND -> new Pause("by_hand", null, heldBy);
            case CANARY -> new Pause("canary", null, null);
            case BETWEEN_BATCHES -> new Pause("between_batches", until, null);
        };
    }
}
