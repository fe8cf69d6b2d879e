package io.linkops.orchestrator;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.OperationsConfig;
import io.linkops.figures.Figures;
import io.linkops.journal.Journal;
import io.linkops.orchestrator.ActiveOperation.Move;
import io.linkops.orchestrator.OperationPauses.Waiting;
import io.linkops.orchestrator.OperationPlan.Step;
import io.linkops.orchestrator.Operations.Drained;
import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.Holding;
import io.linkops.orchestrator.Operations.OperationChanged;
import io.linkops.orchestrator.Operations.Queued;
import io.linkops.orchestrator.Operations.Resuming;
import io.linkops.orchestrator.Operations.Stopping;
import io.linkops.orchestrator.Operations.Summary;
import io.linkops.orchestrator.Runners.End;
import io.linkops.orchestrator.Runners.Ended;
import io.linkops.orchestrator.Runners.Execute;
import io.linkops.orchestrator.Runners.NeedSecret;
import io.linkops.orchestrator.Runners.Output;
import io.linkops.orchestrator.Runners.Recorded;
import io.linkops.orchestrator.Runners.Script;
import io.linkops.orchestrator.Runners.SealedSecret;
import io.linkops.secrets.Secrets.LendSecret;
import io.linkops.store.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one engine: walks plans, target by target. It alone starts executions, so the limits hold over all operations. On
 * the event loop; every move is durable before anything follows from it: before a script is sent its execution is on
 * disk as running, before a report is answered what it says is on disk.
 */
final class OperationEngine {
    private static final Logger LOG = LoggerFactory.getLogger(OperationEngine.class);

    private final Vertx vertx;
    private final Bus bus;
    private final Database database;
    private final Journal journal;
    private final OperationsConfig config;
    private final InstantSource clock;
    private final OperationIds ids;
    private final OperationFigures figures = new OperationFigures();
    private final Map<String, Active> active = new LinkedHashMap<>();
    private int running;
    private @Nullable Draining draining;

    private static final class Active {
        private final ActiveOperation operation;
        private final OperationRecorder recorder;
        private final Map<String, OutputOffsets> output = new HashMap<>();
        private final Map<String, OutputSums> sums = new HashMap<>();
        private Optional<Waiting> waiting = Optional.empty();

        Active(ActiveOperation operation, OperationRecorder recorder) {
            this.operation = operation;
            this.recorder = recorder;
        }
    }

    OperationEngine(
            Vertx vertx,
            Bus bus,
            Database database,
            Journal journal,
            OperationsConfig config,
            InstantSource clock,
            OperationIds ids) {
        this.vertx = vertx;
        this.bus = bus;
        this.database = database;
        this.journal = journal;
        this.config = config;
        this.clock = clock;
        this.ids = ids;
        figures.describe(this::count, () -> running);
    }

    /** To be asked on the event loop. */
    Figures.Page figures() {
        return figures.page();
    }

    private int count(Operations.Status status) {
        return (int) active.values().stream()
                .filter(each -> each.operation.current().status() == status)
                .count();
    }

    /** Takes a plan on: answered when its records are on disk; it starts when there is room. */
    Future<Queued> start(OperationPlan plan) {
        if (draining != null) {
            return Future.failedFuture(Draining.refusal());
        }
        var operation = new ActiveOperation(ids.next(), plan, ids, clock.instant());
        return database.write(operation.queued()).map(_ -> {
            var taken = new Active(operation, new OperationRecorder(vertx, journal, operation.stream()));
            active.put(operation.id(), taken);
            bus.publish(new OperationChanged(operation.id()));
            if (draining != null) {
                drain(taken);
            }
            vertx.getOrCreateContext().runOnContext(_ -> proceed());
            return new Queued(operation.id());
        });
    }

    /** The summary of an operation that is not over, as of now. */
    Optional<Summary> find(String id) {
        return Optional.ofNullable(active.get(id)).map(each -> each.operation.current());
    }

    /** Room that executions of an earlier LinkOps take; negative when they have ended. */
    void occupy(int executions) {
        running += executions;
        proceed();
    }

    /** Starts what may start, the oldest operation first. */
    private void proceed() {
        int open = 0;
        for (var each : List.copyOf(active.values())) {
            // One that pauses takes nobody's place while nothing of it runs.
            if (each.operation.isPaused() && each.operation.running() == 0) {
                continue;
            }
            if (open++ == config.maxActive() || running >= config.maxConcurrency()) {
                return;
            }
            release(each);
        }
    }

    private void release(Active each) {
        var move = new Move();
        var released = each.operation.release(config.maxConcurrency() - running, clock.instant(), move);
        if (released.isEmpty()) {
            return;
        }
        running += released.size();
        released.stream()
                .filter(position -> each.operation.step(position).isDurable())
                .forEach(position -> move.records().add(DurableStore.insert(order(each.operation, position))));
        each.recorder
                .record(move)
                .onSuccess(_ -> released.forEach(position -> dispatch(each, position)))
                .onFailure(cause -> giveUp(each, cause))
                .onComplete(_ -> bus.publish(new OperationChanged(each.operation.id())));
    }

    /**
     * A move that the database refuses for its own sake cannot be made durable, so nothing may follow from it: the
     * operation is left as it is on disk, for the next start to close it, and its room is given to others.
     */
    private void giveUp(Active each, Throwable cause) {
        if (active.remove(each.operation.id()) != null) {
            LOG.error("Operation {} could not be recorded; it is closed at the next start", each.operation.id(), cause);
            running -= each.operation.running();
            each.operation.runningIds().forEach(this::tellToEnd);
            proceed();
        }
    }

    private void tellToEnd(String executionId) {
        tellToEnd(new End(executionId, false));
    }

    private void tellToEnd(End order) {
        var executionId = order.executionId();
        bus.request(order).onFailure(cause -> LOG.error("Execution {} could not be told to end", executionId, cause));
    }

    private void dispatch(Active each, int position) {
        var order = order(each.operation, position);
        if (each.operation.isDrained()) {
            abandon(each, order, ExecutionStatus.INTERRUPTED, "shutdown", OperationRecovery.NOT_STARTED);
            return;
        }
        if (each.operation.isStopped()) {
            abandon(each, order, ExecutionStatus.STOPPED, "before_start", "Stopped before it was started; nothing ran");
            return;
        }
        bus.request(order).onFailure(cause -> {
            var isUnsent = cause instanceof Failure failure && failure.code() == ErrorCode.UNAVAILABLE;
            if (isUnsent) {
                abandon(each, order, ExecutionStatus.FAILED, "no_runner", "No runner is there to run it; nothing ran");
            } else {
                abandon(each, order, ExecutionStatus.LOST, "no_answer", "The runner did not answer: " + cause);
            }
        });
    }

    private void abandon(Active each, Execute order, ExecutionStatus status, String reason, String error) {
        var now = clock.instant();
        ended(new Ended(
                        each.operation.id(),
                        order.executionId(),
                        status,
                        now,
                        now,
                        null,
                        null,
                        0,
                        false,
                        reason,
                        error))
                .onFailure(cause -> LOG.error("Execution {} could not be closed", order.executionId(), cause));
    }

    private Execute order(ActiveOperation operation, int position) {
        var step = operation.step(position);
        return new Execute(
                operation.execution(position).id(),
                operation.id(),
                operation.target(position),
                operation.plan().checksEnrollment(),
                script(step),
                step.timeout(),
                config.killGrace(),
                config.outputLimit(),
                step.isDurable());
    }

    private static @Nullable Script script(Step step) {
        var payload = step.payload();
        return payload == null
                ? null
                : new Script(
                        payload.script(),
                        payload.fileName(),
                        payload.content(),
                        payload.sha256(),
                        payload.options(),
                        step.arguments(),
                        step.environment(),
                        step.secrets());
    }

    /** A secret of the vault, sealed for the runner of an execution that was given it by name. */
    Future<SealedSecret> lend(NeedSecret need) {
        var each = active.get(need.operationId());
        var position = each == null ? null : each.operation.position(need.executionId());
        if (each == null
                || position == null
                || each.operation.execution(position).status() != ExecutionStatus.RUNNING) {
            return unknown(need.executionId());
        }
        var names = each.operation.step(position).secrets().values();
        if (!names.contains(need.name()) && !names.contains("vault:" + need.name())) {
            return Future.failedFuture(new Failure(
                    ErrorCode.FORBIDDEN,
                    "Execution " + need.executionId() + " was not given the secret " + need.name()));
        }
        return bus.request(new LendSecret(need.name(), need.reader(), need.about()))
                .map(lent -> new SealedSecret(lent.sender(), lent.box()));
    }

    /** Answered when the output is on disk. Of an execution that does not run nothing is kept. */
    Future<Recorded> output(Output output) {
        var each = active.get(output.operationId());
        var position = each == null ? null : each.operation.position(output.executionId());
        if (each == null || position == null) {
            return unknown(output.executionId());
        }
        var execution = each.operation.execution(position);
        // Nothing follows an end in the journal, least of all the end of the whole.
        if (execution.status() != ExecutionStatus.RUNNING) {
            return unknown(output.executionId());
        }
        return each.output
                .computeIfAbsent(output.executionId(), _ -> new OutputOffsets())
                .once(output, () -> append(each, execution, output))
                .map(_ -> new Recorded());
    }

    private Future<Void> append(Active each, Execution execution, Output output) {
        List<Journal.Event> events = new ArrayList<>();
        output.pieces().forEach(piece -> events.add(OperationEvents.output(execution, piece.isError(), piece.data())));
        var sums = each.sums.computeIfAbsent(execution.id(), _ -> new OutputSums());
        return journal.append(each.operation.stream(), events, List.of()).onSuccess(_ -> sums.add(output.pieces()));
    }

    /** Answered when the end is on disk; told twice, it counts once. */
    Future<Recorded> ended(Ended ended) {
        var each = active.get(ended.operationId());
        var position = each == null ? null : each.operation.position(ended.executionId());
        if (each == null || position == null) {
            return unknown(ended.executionId());
        }
        if (each.operation.execution(position).status() != ExecutionStatus.RUNNING) {
            // Told again: the first word may still be on its way to the disk.
            return each.recorder.record(new Move()).map(_ -> new Recorded());
        }
        var move = new Move();
        each.output.remove(ended.executionId());
        var sums = Objects.requireNonNullElseGet(each.sums.remove(ended.executionId()), OutputSums::new);
        each.operation.finish(position, ended, sums, clock.instant(), move);
        running--;
        figures.ended(ended);
        each.operation.waiting().ifPresent(waiting -> pass(each, waiting));
        log(each.operation.execution(position).target(), ended);
        var recorded = close(each, move);
        if (draining != null) {
            draining.ended(ended.executionId(), recorded);
        }
        return recorded.map(_ -> new Recorded());
    }

    private static void log(String target, Ended ended) {
        if (ended.status() != ExecutionStatus.SUCCESS) {
            LOG.atWarn()
                    .addKeyValue("operation", ended.operationId())
                    .addKeyValue("execution", ended.executionId())
                    .log(
                            "Operation {}: execution on {} is {}: {} ({})",
                            ended.operationId(),
                            target,
                            ended.status(),
                            ended.error(),
                            ended.reason());
        }
    }

    /** The next batch begins when the time is up. */
    private void pass(Active each, Waiting waiting) {
        if (each.waiting.equals(Optional.of(waiting))) {
            return;
        }
        each.waiting = Optional.of(waiting);
        long millis =
                Math.max(1, Duration.between(clock.instant(), waiting.until()).toMillis());
        vertx.setTimer(millis, _ -> {
            var move = new Move();
            if (active.get(each.operation.id()) == each
                    && each.operation.pass(waiting.batch(), clock.instant(), move)) {
                close(each, move)
                        .onFailure(cause -> LOG.error("The end of a pause of {} is lost", each.operation.id(), cause));
            }
        });
    }

    /** Starts nothing more of it until it is resumed; false if it is over already. */
    Future<Holding> hold(String id, String by) {
        return change(id, (each, move) -> each.operation.hold(by, clock.instant(), move))
                .map(Holding::new);
    }

    /** It goes on, whatever it paused for; false if it did not pause. */
    Future<Resuming> resume(String id, String by) {
        return change(id, (each, move) -> each.operation.resume(by, clock.instant(), move))
                .map(Resuming::new);
    }

    /** Answered when it is on disk. */
    private Future<Boolean> change(String id, BiPredicate<Active, Move> change) {
        var each = active.get(id);
        var move = new Move();
        return each == null || !change.test(each, move)
                ? Future.succeededFuture(false)
                : close(each, move).map(true);
    }

    /** Ends what runs, skips what waits; false if it is over already. */
    Stopping stop(String id, String by) {
        var each = active.get(id);
        if (each == null || each.operation.isOver()) {
            return new Stopping(false);
        }
        var move = new Move();
        each.operation.stop(by, clock.instant(), move);
        move.records().add(DurableStore.stopping(id, by));
        LOG.info("Operation {} is being stopped by {}", id, by);
        close(each, move).onFailure(cause -> LOG.error("The stop of {} could not be written", id, cause));
        each.operation.runningIds().forEach(this::tellToEnd);
        return new Stopping(true);
    }

    /** LinkOps is stopping. Answered when there is nothing left to wait for. */
    Future<Drained> drain(Duration grace) {
        if (draining == null) {
            Map<String, Boolean> runs = new HashMap<>();
            active.values()
                    .forEach(each -> each.operation.runningIds().forEach(id -> {
                        var position = Objects.requireNonNull(each.operation.position(id));
                        runs.put(id, each.operation.step(position).isDurable());
                    }));
            LOG.info("LinkOps is stopping: nothing starts any more, {} executions run", runs.size());
            var plan = new DrainPlan(runs, grace, config.killGrace(), clock.instant());
            draining = new Draining(vertx, clock, plan, id -> tellToEnd(new End(id, true)));
            List.copyOf(active.values()).forEach(this::drain);
            draining.look();
        }
        return draining.done();
    }

    private void drain(Active each) {
        var move = new Move();
        each.operation.drain(clock.instant(), move);
        var recorded = close(each, move);
        recorded.onFailure(cause -> LOG.error("The end of {} could not be written", each.operation.id(), cause));
        Objects.requireNonNull(draining).waitFor(recorded);
    }

    private Future<Void> close(Active each, Move move) {
        var isOver = each.operation.isOver();
        // First what has ended, then what starts in its place: the journal tells it in this order.
        var recorded = each.recorder.record(move);
        proceed();
        return recorded.onFailure(cause -> giveUp(each, cause)).onSuccess(_ -> {
            if (isOver) {
                active.remove(each.operation.id());
                proceed();
            }
            bus.publish(new OperationChanged(each.operation.id()));
        });
    }

    private static <T> Future<T> unknown(String executionId) {
        return Future.failedFuture(
                new Failure(ErrorCode.CONFLICT, "Execution " + executionId + " is over or was never started here"));
    }
}
