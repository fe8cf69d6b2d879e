package io.linkops.orchestrator;

import io.linkops.inventory.EnrollmentVerdict;
import io.linkops.inventory.Inventory.Target;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Runners.Execute;
import io.linkops.ssh.DurableChannel;
import io.linkops.ssh.ProcessReaper;
import io.linkops.ssh.SshConnections;
import io.linkops.ssh.SshException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a durable run on its link, by its unit or by its processes, and looks. A link that cannot be reached is tried
 * again until the patience is over.
 */
final class DurableEnding {
    private static final Logger LOG = LoggerFactory.getLogger(DurableEnding.class);
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(30);

    private final Execute order;
    private final SshConnections connections;
    private final Supplier<Target> target;
    private final InstantSource clock;
    private final Instant until;
    private final CompletableFuture<ProcessReaper.Ended> seen = new CompletableFuture<>();
    private final ExecutionStatus as;

    /** @param target the way to the link as far as it is known at the time */
    DurableEnding(
            ExecutionStatus as,
            Execute order,
            SshConnections connections,
            Supplier<Target> target,
            Duration patience,
            InstantSource clock) {
        this.as = as;
        this.order = order;
        this.connections = connections;
        this.target = target;
        this.clock = clock;
        this.until = clock.instant().plus(order.killGrace()).plus(patience);
    }

    ExecutionStatus as() {
        return as;
    }

    /** After this nobody tries any more. */
    Instant until() {
        return until;
    }

    void begin() {
        Thread.ofVirtual().name("end-" + order.executionId()).start(this::run);
    }

    /** What was seen at last; null if the link could not be asked until now. */
    ProcessReaper.@Nullable Ended now() {
        return seen.isDone() && !seen.isCompletedExceptionally() ? seen.join() : null;
    }

    /** What was seen at last; null if the link could not be asked at all. */
    ProcessReaper.@Nullable Ended await() throws InterruptedException {
        try {
            long left = Duration.between(clock.instant(), until).toMillis();
            return seen.get(Math.max(0, left) + 60_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Execution {}: its end was not seen", order.executionId(), e);
            return null;
        }
    }

    private void run() {
        var pause = Backoff.first();
        while (true) {
            try {
                seen.complete(end());
                return;
            } catch (SshException e) {
                if (clock.instant().isAfter(until)) {
                    seen.completeExceptionally(e);
                    return;
                }
                LOG.warn("Execution {} could not be ended yet: {}", order.executionId(), e.text());
            } catch (RuntimeException e) {
                seen.completeExceptionally(e);
                return;
            }
            try {
                Thread.sleep(pause.millis());
            } catch (InterruptedException e) {
                seen.completeExceptionally(e);
                return;
            }
            pause = pause.next();
        }
    }

    private ProcessReaper.Ended end() throws SshException {
        var where = target.get();
        var byUnit = byUnit(where);
        return byUnit == null
                ? ProcessReaper.end(connections, where.route(), order.executionId(), order.killGrace())
                : byUnit;
    }

    private ProcessReaper.@Nullable Ended byUnit(Target where) throws SshException {
        try (var connection = connections.borrow(where.route());
                var channel =
                        DurableChannel.open(connection, order.executionId(), where.clientIdPath(), LOOK_TIMEOUT)) {
            var enrollment = EnrollmentVerdict.of(where, channel.clientId(), clock.instant());
            if (order.checksEnrollment() && !enrollment.isEnrolled()) {
                // Another machine may have the address: nothing is ended there.
                throw new SshException(
                        SshException.Reason.HOST_KEY_CHANGED,
                        where.linkId(),
                        where.linkId() + " is not what it claims to be any more: " + enrollment.error(),
                        null);
            }
            return channel.end(order.killGrace());
        }
    }
}
