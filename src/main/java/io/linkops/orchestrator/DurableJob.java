package io.linkops.orchestrator;

import io.linkops.inventory.EnrollmentVerdict;
import io.linkops.inventory.Inventory.RecordEnrollment;
import io.linkops.inventory.Inventory.Target;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Runners.Attach;
import io.linkops.orchestrator.Runners.Attached;
import io.linkops.orchestrator.Runners.Detached;
import io.linkops.orchestrator.Runners.Ended;
import io.linkops.orchestrator.Runners.Execute;
import io.linkops.ssh.DurableChannel;
import io.linkops.ssh.DurableLimits;
import io.linkops.ssh.DurableState;
import io.linkops.ssh.DurableState.Kind;
import io.linkops.ssh.Payload;
import io.linkops.ssh.SshConnections;
import io.linkops.ssh.SshException;
import io.linkops.ssh.SshException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution that outlives its connection and LinkOps itself (decision 10), as plain blocking code: starts it once,
 * or never if an earlier LinkOps may have; follows it from connection to connection; tells how it ended.
 */
final class DurableJob implements RunningJob {
    private static final Logger LOG = LoggerFactory.getLogger(DurableJob.class);
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(30);
    /** So often in a row a link may say that there is more and then give nothing. */
    private static final int MAX_FRUITLESS = 5;
    /** A connection that brought nothing at once is not followed by the next one at once. */
    private static final Duration IDLE = Duration.ofMillis(300);

    /** What the job tells and asks while it runs. */
    interface Reports extends ExecutionJob.Reports {
        void attached(Attached report) throws InterruptedException;

        void detached(Detached report) throws InterruptedException;

        /** The way to the link as it is now. */
        Target whereIs(Target before) throws InterruptedException, LinkGoneException;
    }

    private final Execute order;
    private final @Nullable Attach attach;
    private final @Nullable Payload payload;
    private final DurableLimits limits;
    private final Duration patience;
    private final SshConnections connections;
    private final Reports reports;
    private final InstantSource clock;
    private final ScheduledExecutorService timers;
    private final Instant startedAt;
    private final Instant startLimit;

    private @Nullable DurableEnding ending;
    private @Nullable ExecutionStatus endingUnsent;
    private @Nullable Thread unsent;
    private boolean isSent;
    private @Nullable ScheduledFuture<?> timer;
    private volatile Target target;

    private boolean isAttached;
    /** Whether it was told that the connection is gone. */
    private boolean isDetached;

    private boolean hasBegun;
    private boolean isForgettable;
    private int fruitless;
    private int idle;
    private long stdout;
    private long stderr;
    private Instant endedAt;

    /**
     * @param attach what an earlier LinkOps has left; null to start it
     * @param payload null to go on only
     * @param patience how long an unreachable link is tried again after its time is up
     */
    DurableJob(
            Execute order,
            @Nullable Attach attach,
            @Nullable Payload payload,
            DurableLimits limits,
            Duration patience,
            SshConnections connections,
            Reports reports,
            InstantSource clock,
            ScheduledExecutorService timers) {
        this.order = order;
        this.attach = attach;
        this.payload = payload;
        this.limits = limits;
        this.patience = patience;
        this.connections = connections;
        this.reports = reports;
        this.clock = clock;
        this.timers = timers;
        this.target = order.target();
        var now = clock.instant();
        this.startedAt = attach == null ? now : attach.startedAt();
        this.startLimit = now;
        this.endedAt = now;
        if (attach != null) {
            isSent = true;
            isDetached = true;
            hasBegun = attach.hasBegun();
            stdout = attach.stdout();
            stderr = attach.stderr();
        }
    }

    @Override
    public Ended run() throws InterruptedException {
        synchronized (this) {
            unsent = isSent ? null : Thread.currentThread();
        }
        if (attach != null && attach.isStopping()) {
            end(ExecutionStatus.STOPPED);
        }
        var outcome = new ExecutionOutcome(order, startedAt);
        var pump = new OutputPump(order.executionId(), order.outputLimit(), reports, stdout + stderr);
        boolean isTold = false;
        try {
            goOn(outcome, pump);
            isTold = true;
        } catch (RuntimeException | Error e) {
            LOG.error("Execution {} on {} failed unexpectedly", order.executionId(), target.linkId(), e);
            outcome.lost("internal", "An internal error; the log has the details");
            isTold = true;
        } finally {
            cancelTimer();
            if (!isTold) {
                pump.abort();
            }
        }
        if (isEndingUnsent()) {
            Thread.interrupted(); // that was for the connection that it waited for
        }
        pump.close();
        var over = endedAt.isBefore(startedAt) ? startedAt : endedAt;
        return outcome.ended(over, pump.accepted(), pump.isTruncated());
    }

    /** From connection to connection, until it is known what has become of it. */
    private void goOn(ExecutionOutcome outcome, OutputPump pump) throws InterruptedException {
        var pause = Backoff.first();
        while (true) {
            try {
                if (contact(outcome, pump)) {
                    return;
                }
                pause = Backoff.first();
                if (idle > 0) {
                    Thread.sleep(IDLE.toMillis());
                }
                continue;
            } catch (LinkGoneException e) {
                outcome.lost("link_retired", e.text() + ". The script may still be running there");
                return;
            } catch (SshException e) {
                if (Thread.interrupted() && !isEndingUnsent()) {
                    throw new InterruptedException("LinkOps is ending");
                }
                if (!isSent()) {
                    neverSent(outcome, e);
                    return;
                }
                detach(e);
                if (clock.instant().isAfter(until())) {
                    giveUp(outcome, e);
                    return;
                }
            }
            Thread.sleep(pause.millis());
            pause = pause.next();
        }
    }

    private void neverSent(ExecutionOutcome outcome, SshException fault) {
        endedAt = clock.instant();
        if (isEndingUnsent()) {
            outcome.endedBeforeStart(asked());
            return;
        }
        var enrollment = EnrollmentVerdict.of(fault, clock.instant());
        var offered = EnrollmentVerdict.offeredHostKey(fault, target.linkId());
        reports.saw(new RecordEnrollment(target.linkId(), enrollment, offered, null));
        LOG.warn("Execution {} could not start on {}: {}", order.executionId(), target.linkId(), fault.reason(), fault);
        outcome.refused(enrollment);
    }

    /** Until when it is looked for: as long as it may run, and the patience after that. */
    private Instant until() {
        var told = ending();
        if (told != null) {
            return told.until();
        }
        var mayRun = startedAt.plus(order.timeout()).plus(order.killGrace());
        return (mayRun.isAfter(startLimit) ? mayRun : startLimit).plus(patience);
    }

    private void giveUp(ExecutionOutcome outcome, SshException fault) {
        endedAt = clock.instant();
        var told = ending();
        var seen = told == null ? null : told.now();
        if (told != null && seen != null) {
            outcome.forced(told.as(), null, seen);
        } else {
            outcome.lost(
                    fault.reason().name().toLowerCase(Locale.ROOT),
                    fault.text() + " It was looked for until " + until()
                            + ". The script may still be running there, and what it left is kept for "
                            + limits.keep().toDays() + " days: look before you run it again.");
        }
    }

    /** One connection. @return whether it is known what has become of the run */
    private boolean contact(ExecutionOutcome outcome, OutputPump pump)
            throws SshException, LinkGoneException, InterruptedException {
        if (isSent()) {
            target = reports.whereIs(target);
        }
        var begun = clock.instant();
        try (var connection = connections.borrow(target.route())) {
            var latency = connection.isReused()
                    ? null
                    : Long.valueOf(Duration.between(begun, clock.instant()).toMillis());
            try (var channel =
                    DurableChannel.open(connection, order.executionId(), target.clientIdPath(), LOOK_TIMEOUT)) {
                var enrollment = EnrollmentVerdict.of(target, channel.clientId(), clock.instant());
                reports.saw(new RecordEnrollment(target.linkId(), enrollment, null, latency));
                if (order.checksEnrollment() && !enrollment.isEnrolled()) {
                    endedAt = clock.instant();
                    if (isSent()) {
                        outcome.estranged(enrollment);
                    } else {
                        outcome.refused(enrollment);
                    }
                    return true;
                }
                var state = ask(channel, outcome);
                return state == null || look(state, channel, outcome, pump);
            }
        }
    }

    /** Starts it, or asks how it stands; null if that was refused, and the outcome says so. */
    private @Nullable DurableState ask(DurableChannel channel, ExecutionOutcome outcome) throws SshException {
        boolean isFirst = !isSent();
        if (isFirst && !mayStart()) {
            endedAt = clock.instant();
            outcome.endedBeforeStart(asked());
            return null;
        }
        try {
            return isFirst && payload != null ? channel.start(payload, limits) : channel.attach();
        } catch (SshException e) {
            if (e.reason() != Reason.NO_SHELL) {
                throw e;
            }
            endedAt = clock.instant();
            if (isFirst) {
                outcome.cut(e);
            } else {
                outcome.lost("run_refused", e.text() + " The script may still be running there.");
            }
            return null;
        }
    }

    private synchronized boolean mayStart() {
        if (endingUnsent != null) {
            return false;
        }
        isSent = true;
        unsent = null;
        return true;
    }

    /** @return whether it is known what has become of the run */
    private boolean look(DurableState state, DurableChannel channel, ExecutionOutcome outcome, OutputPump pump)
            throws SshException, InterruptedException {
        return switch (state.kind()) {
            case RUNNING -> accompany(state, channel, pump);
            case WAITING -> {
                idle = 1;
                yield false;
            }
            case NEVER -> {
                endedAt = clock.instant();
                notThere(outcome);
                yield true;
            }
            case ENDED, RESTARTED, DEAD, GONE -> conclude(state, channel, outcome, pump);
        };
    }

    private boolean accompany(DurableState state, DurableChannel channel, OutputPump pump)
            throws SshException, InterruptedException {
        attach(state);
        var begun = clock.instant();
        boolean isFruitful = follow(state, channel, pump);
        idle = isFruitful || clock.instant().isAfter(begun.plus(IDLE)) ? 0 : 1;
        return false;
    }

    private boolean conclude(DurableState state, DurableChannel channel, ExecutionOutcome outcome, OutputPump pump)
            throws SshException, InterruptedException {
        tellWay(state);
        boolean isMore = stdout < state.stdout() || stderr < state.stderr();
        if (isMore && state.kind() != Kind.GONE && !pump.isTruncated() && fruitless < MAX_FRUITLESS) {
            fruitless = follow(state, channel, pump) ? 0 : fruitless + 1;
            idle = fruitless;
            return false;
        }
        endedAt = clock.instant().minus(state.ago());
        settle(state, outcome, pump);
        return true;
    }

    private void notThere(ExecutionOutcome outcome) throws InterruptedException {
        var told = ending();
        if (hasBegun) {
            gone(outcome, "run_gone", "What was kept of it on the link is gone");
        } else if (told != null) {
            outcome.endedBeforeStart(told.as());
        } else {
            outcome.notStarted();
        }
    }

    private void tellWay(DurableState state) throws InterruptedException {
        hasBegun = true;
        if (!isAttached && state.way() != DurableState.Way.NONE) {
            isAttached = true;
            isDetached = false;
            reports.attached(new Attached(
                    order.operationId(),
                    order.executionId(),
                    target.linkId(),
                    script(),
                    state.way().name().toLowerCase(Locale.ROOT),
                    state.elapsed()));
        }
    }

    private void attach(DurableState state) throws InterruptedException {
        tellWay(state);
        cancelTimer();
        long left = order.timeout().minus(state.elapsed()).toMillis();
        timer = timers.schedule(() -> end(ExecutionStatus.TIMEOUT), Math.max(0, left), TimeUnit.MILLISECONDS);
    }

    private void detach(SshException fault) throws InterruptedException {
        if (!isDetached) {
            isDetached = true;
            isAttached = false;
            LOG.warn("Execution {} on {} goes on alone: {}", order.executionId(), target.linkId(), fault.text());
            reports.detached(new Detached(
                    order.operationId(),
                    order.executionId(),
                    target.linkId(),
                    script(),
                    fault.reason().name().toLowerCase(Locale.ROOT),
                    fault.text()));
        }
    }

    private @Nullable String script() {
        return order.script() == null ? null : order.script().id();
    }

    /**
     * Output from where the last connection ended; what is cut anyway is not asked for.
     *
     * @return whether any came
     */
    private boolean follow(DurableState state, DurableChannel channel, OutputPump pump) throws SshException {
        var tap = pump.isTruncated()
                ? new DurableTap(state.stdout(), state.stderr(), pump)
                : new DurableTap(stdout, stderr, pump);
        long before = tap.stdout() + tap.stderr();
        try {
            channel.follow(tap.stdout(), tap.stderr(), tap);
        } finally {
            tap.close();
            stdout = tap.stdout();
            stderr = tap.stderr();
        }
        return stdout + stderr > before;
    }

    private void settle(DurableState state, ExecutionOutcome outcome, OutputPump pump) throws InterruptedException {
        if (!state.isWhole()) {
            pump.remark("the disk of the link could not take all of the output");
        }
        switch (state.kind()) {
            case RESTARTED -> {
                isForgettable = true;
                gone(outcome, "target_restarted", "The link was started anew while it ran");
            }
            case DEAD -> gone(outcome, "keeper_gone", "The process that kept it on the link was ended by somebody");
            case ENDED -> {
                if (stdout < state.stdout() && !pump.isTruncated()) {
                    pump.remark("some of the output could not be read on the link");
                }
                isForgettable = true;
                ended(state, outcome);
            }
            default -> gone(outcome, "run_gone", "What was kept of it on the link is gone");
        }
    }

    private void ended(DurableState state, ExecutionOutcome outcome) throws InterruptedException {
        var exit = state.exit();
        if (state.isTimeout()) {
            end(ExecutionStatus.TIMEOUT);
        }
        var told = ending();
        if (told != null) {
            outcome.forced(told.as(), exit, told.await());
        } else if (exit != null) {
            outcome.exited(exit);
        }
    }

    /** It is not there any more, and how it ended nobody knows; whoever told it to end has what was wanted. */
    private void gone(ExecutionOutcome outcome, String reason, String what) throws InterruptedException {
        var told = ending();
        var seen = told == null ? null : told.await();
        if (told != null && seen != null && seen.isGone()) {
            outcome.forced(told.as(), null, seen);
        } else {
            outcome.lost(reason, what + ", so how it ended is not known: look before you run it again.");
        }
    }

    @Override
    public void end(ExecutionStatus as) {
        DurableEnding begun;
        synchronized (this) {
            if (ending != null || endingUnsent != null) {
                return;
            }
            if (!isSent) {
                endingUnsent = as;
                if (unsent != null) {
                    unsent.interrupt();
                }
                return;
            }
            begun = new DurableEnding(as, order, connections, () -> target, patience, clock);
            ending = begun;
        }
        begun.begin();
    }

    @Override
    public void afterwards() {
        if (!isForgettable) {
            return;
        }
        try (var connection = connections.borrow(target.route());
                var channel =
                        DurableChannel.open(connection, order.executionId(), target.clientIdPath(), LOOK_TIMEOUT)) {
            if (EnrollmentVerdict.of(target, channel.clientId(), clock.instant())
                            .isEnrolled()
                    || !order.checksEnrollment()) {
                channel.forget();
            }
        } catch (SshException e) {
            LOG.info("What is left of execution {} on {} is swept later", order.executionId(), target.linkId(), e);
        }
    }

    private synchronized @Nullable DurableEnding ending() {
        return ending;
    }

    private synchronized boolean isSent() {
        return isSent;
    }

    private synchronized boolean isEndingUnsent() {
        return endingUnsent != null;
    }

    private synchronized @Nullable ExecutionStatus asked() {
        return endingUnsent;
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
