package io.linkops.orchestrator;

import io.linkops.inventory.EnrollmentVerdict;
import io.linkops.inventory.Inventory.RecordEnrollment;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Runners.Ended;
import io.linkops.orchestrator.Runners.Execute;
import io.linkops.orchestrator.Runners.Script;
import io.linkops.ssh.Exit;
import io.linkops.ssh.Payload;
import io.linkops.ssh.ProcessReaper;
import io.linkops.ssh.ScriptChannel;
import io.linkops.ssh.SshConnection;
import io.linkops.ssh.SshConnections;
import io.linkops.ssh.SshException;
import io.linkops.vault.SecretFileException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution, as plain blocking code: connect, look whether the link is what it claims to be, run, tell how it
 * ended. It runs once and answers exactly one {@link Ended}, whatever happens.
 */
final class ExecutionJob implements RunningJob {
    private static final Logger LOG = LoggerFactory.getLogger(ExecutionJob.class);
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(30);
    /** How long the end of the channel may take once the processes are gone. */
    private static final Duration DRAIN = Duration.ofSeconds(3);

    /** What the job tells while it runs. */
    interface Reports extends OutputPump.Delivery {
        /** What was seen of the link, also for the operation's owner to record. */
        void saw(RecordEnrollment seen);
    }

    private final Execute order;
    private final SshConnections connections;
    private final ScriptEnvironment.Lookup secrets;
    private final Reports reports;
    private final InstantSource clock;
    private final ScheduledExecutorService timers;

    private @Nullable ExecutionStatus ending;
    private @Nullable ScriptChannel running;
    private @Nullable Thread worker;
    private final CompletableFuture<ProcessReaper.Ended> reaped = new CompletableFuture<>();

    ExecutionJob(
            Execute order,
            SshConnections connections,
            ScriptEnvironment.Lookup secrets,
            Reports reports,
            InstantSource clock,
            ScheduledExecutorService timers) {
        this.order = order;
        this.connections = connections;
        this.secrets = secrets;
        this.reports = reports;
        this.clock = clock;
        this.timers = timers;
    }

    @Override
    public Ended run() throws InterruptedException {
        var startedAt = clock.instant();
        synchronized (this) {
            worker = Thread.currentThread();
        }
        var outcome = new ExecutionOutcome(order, startedAt);
        var pump = new OutputPump(order.executionId(), order.outputLimit(), reports);
        try {
            connect(outcome, pump);
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "Execution {} on {} failed unexpectedly",
                    order.executionId(),
                    order.target().linkId(),
                    e);
            outcome.lost("internal", "An internal error; the log has the details");
        } finally {
            synchronized (this) {
                worker = null;
            }
            // A stop may have come too late to find the work but in time to interrupt this thread.
            Thread.interrupted();
            pump.close();
        }
        return outcome.ended(clock.instant(), pump.accepted(), pump.isTruncated());
    }

    private void connect(ExecutionOutcome outcome, OutputPump pump) {
        var target = order.target();
        var begun = clock.instant();
        try (var connection = connections.borrow(target.route())) {
            var latency = connection.isReused()
                    ? null
                    : Long.valueOf(Duration.between(begun, clock.instant()).toMillis());
            look(connection, latency, outcome, pump);
        } catch (SshException e) {
            if (ending() != null) {
                outcome.endedBeforeStart(ending());
                return;
            }
            var enrollment = EnrollmentVerdict.of(e, clock.instant());
            var offered = EnrollmentVerdict.offeredHostKey(e, target.linkId());
            reports.saw(new RecordEnrollment(target.linkId(), enrollment, offered, null));
            LOG.warn(
                    "Execution {} of operation {} could not start on {}: {}",
                    order.executionId(),
                    order.operationId(),
                    target.linkId(),
                    e.reason(),
                    e);
            outcome.refused(enrollment);
        }
    }

    private void look(SshConnection connection, @Nullable Long latencyMillis, ExecutionOutcome outcome, OutputPump pump)
            throws SshException {
        var target = order.target();
        try (var channel = ScriptChannel.open(connection, order.executionId(), target.clientIdPath(), LOOK_TIMEOUT)) {
            var enrollment = EnrollmentVerdict.of(target, channel.clientId(), clock.instant());
            reports.saw(new RecordEnrollment(target.linkId(), enrollment, null, latencyMillis));
            if (order.checksEnrollment() && !enrollment.isEnrolled()) {
                outcome.refused(enrollment);
            } else if (order.script() == null) {
                outcome.success();
            } else if (mayStart(channel)) {
                execute(channel, order.script(), outcome, pump);
            } else {
                outcome.endedBeforeStart(ending());
            }
        }
    }

    private synchronized boolean mayStart(ScriptChannel channel) {
        if (ending != null) {
            return false;
        }
        running = channel;
        worker = null;
        return true;
    }

    private void execute(ScriptChannel channel, Script script, ExecutionOutcome outcome, OutputPump pump) {
        ScriptEnvironment environment;
        try {
            environment = ScriptEnvironment.of(order, script, secrets);
        } catch (SecretFileException e) {
            outcome.unready("secret", e.text());
            return;
        }
        ScheduledFuture<?> timer = timers.schedule(
                () -> end(ExecutionStatus.TIMEOUT), order.timeout().toMillis(), TimeUnit.MILLISECONDS);
        try {
            settle(outcome, start(channel, environment.payload(script), environment.masked(pump)), null);
        } catch (SshException e) {
            settle(outcome, null, e);
        } finally {
            timer.cancel(false);
        }
    }

    private static Exit start(ScriptChannel channel, Payload payload, MaskedOutput output) throws SshException {
        try {
            return channel.start(payload, output);
        } finally {
            output.close();
        }
    }

    /** The script is over, the channel is cut, or both were ended: what does it come to? */
    private void settle(ExecutionOutcome outcome, @Nullable Exit exit, @Nullable SshException fault) {
        var asked = ending();
        if (asked == null) {
            if (exit != null) {
                outcome.exited(exit);
            } else if (fault != null) {
                LOG.warn(
                        "Execution {} of operation {} on {} was lost: {}",
                        order.executionId(),
                        order.operationId(),
                        order.target().linkId(),
                        fault.reason(),
                        fault);
                outcome.cut(fault);
            }
            return;
        }
        outcome.forced(asked, exit, awaitReaper());
    }

    private ProcessReaper.@Nullable Ended awaitReaper() {
        try {
            return reaped.get(order.killGrace().toMillis() * 4 + 60_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "Execution {} on {}: its end was not seen",
                    order.executionId(),
                    order.target().linkId(),
                    e);
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    @Override
    public void end(ExecutionStatus as) {
        ScriptChannel channel;
        synchronized (this) {
            if (ending != null) {
                return;
            }
            ending = as;
            channel = running;
            if (channel == null && worker != null) {
                worker.interrupt();
            }
        }
        if (channel != null) {
            Thread.ofVirtual().name("end-" + order.executionId()).start(() -> reap(channel));
        }
    }

    private void reap(ScriptChannel channel) {
        try {
            reaped.complete(
                    ProcessReaper.end(connections, order.target().route(), order.executionId(), order.killGrace()));
        } catch (SshException | RuntimeException e) {
            reaped.completeExceptionally(e);
        }
        var _ = timers.schedule(
                () -> Thread.startVirtualThread(channel::close), DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized @Nullable ExecutionStatus ending() {
        return ending;
    }
}
