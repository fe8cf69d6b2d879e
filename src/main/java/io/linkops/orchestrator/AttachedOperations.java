package io.linkops.orchestrator;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory;
import io.linkops.inventory.Inventory.Target;
import io.linkops.journal.Journal;
import io.linkops.orchestrator.ActiveOperation.Move;
import io.linkops.orchestrator.DurableStore.Handed;
import io.linkops.orchestrator.OperationRecovery.Recovered;
import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.OperationChanged;
import io.linkops.orchestrator.Operations.Stopping;
import io.linkops.orchestrator.Operations.Summary;
import io.linkops.orchestrator.Runners.Attach;
import io.linkops.orchestrator.Runners.Attached;
import io.linkops.orchestrator.Runners.Detached;
import io.linkops.orchestrator.Runners.End;
import io.linkops.orchestrator.Runners.Ended;
import io.linkops.orchestrator.Runners.Execute;
import io.linkops.orchestrator.Runners.Output;
import io.linkops.orchestrator.Runners.Recorded;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations of an earlier LinkOps that still run on their links. On the event loop; as with the engine, every move
 * is durable before anything follows from it.
 */
final class AttachedOperations {
    private static final Logger LOG = LoggerFactory.getLogger(AttachedOperations.class);

    private final Vertx vertx;
    private final Bus bus;
    private final Journal journal;
    private final InstantSource clock;
    private final Map<String, Open> open = new HashMap<>();
    private final List<Attaching> waiting = new ArrayList<>();
    private IntConsumer room = _ -> {};

    private record Open(
            AttachedOperation operation,
            OperationRecorder recorder,
            Map<String, OutputOffsets> output,
            Map<String, OutputSums> sums) {}

    private record Attaching(String operationId, Execution execution, Handed handed, KeptOutput kept) {}

    AttachedOperations(Vertx vertx, Bus bus, Journal journal, InstantSource clock) {
        this.vertx = vertx;
        this.bus = bus;
        this.journal = journal;
        this.clock = clock;
    }

    /** Takes an operation on that was recovered and is not over; {@link #begin} looks for what runs of it. */
    void add(Recovered recovered, Map<String, Handed> handed, Map<String, KeptOutput> kept) {
        var by = handed.values().stream()
                .map(Handed::stoppedBy)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        var operation = new AttachedOperation(recovered.operation(), recovered.executions(), by);
        var offsets = new HashMap<String, OutputOffsets>();
        var sums = new HashMap<String, OutputSums>();
        for (var execution : operation.running()) {
            var output = Objects.requireNonNull(kept.get(execution.id()));
            offsets.put(execution.id(), new OutputOffsets(output.size()));
            sums.put(execution.id(), output.sums());
            waiting.add(new Attaching(
                    operation.id(), execution, Objects.requireNonNull(handed.get(execution.id())), output));
        }
        open.put(
                operation.id(),
                new Open(operation, new OperationRecorder(vertx, journal, operation.stream()), offsets, sums));
    }

    /**
     * Tells the runners, which must be able to answer by now.
     *
     * @param room hears how many executions run, and -1 for each that has ended
     */
    void begin(IntConsumer room) {
        this.room = room;
        room.accept(waiting.size());
        waiting.forEach(this::attach);
        waiting.clear();
    }

    private void attach(Attaching each) {
        LOG.info("Execution {} ran on without LinkOps; looking for it", each.execution.id());
        bus.request(new Inventory.Resolve(List.of(each.execution.target())))
                .compose(targets -> bus.request(order(each, targets.targets().getFirst())))
                .onFailure(cause -> lose(each, cause));
    }

    private static Attach order(Attaching each, Target target) {
        var handed = each.handed;
        var order = new Execute(
                each.execution.id(),
                each.operationId,
                target,
                handed.checksEnrollment(),
                null,
                handed.timeLimit(),
                handed.killGrace(),
                handed.outputLimit(),
                true);
        return new Attach(
                order,
                Objects.requireNonNullElse(each.execution.startedAt(), Instant.EPOCH),
                each.kept.stdout(),
                each.kept.stderr(),
                handed.way() != null || each.kept.size() > 0,
                handed.stoppedBy() != null);
    }

    private void lose(Attaching each, Throwable cause) {
        boolean isRetired = cause instanceof Failure failure && failure.code() == ErrorCode.LINK_NOT_FOUND;
        var now = clock.instant();
        var why = cause instanceof Failure failure ? failure.text() : String.valueOf(cause);
        ended(new Ended(
                        each.operationId,
                        each.execution.id(),
                        ExecutionStatus.LOST,
                        Objects.requireNonNullElse(each.execution.startedAt(), now),
                        now,
                        null,
                        null,
                        each.kept.size(),
                        false,
                        isRetired ? "link_retired" : "no_runner",
                        why + ". The script may still be running there: look before you run it again."))
                .onFailure(failed -> LOG.error("Execution {} could not be closed", each.execution.id(), failed));
    }

    boolean has(String operationId) {
        return open.containsKey(operationId);
    }

    Optional<Summary> find(String operationId) {
        return Optional.ofNullable(open.get(operationId)).map(each -> each.operation.current());
    }

    /** Answered when the output is on disk. */
    Future<Recorded> output(Output output) {
        var each = open.get(output.operationId());
        var execution = each == null ? Optional.<Execution>empty() : each.operation.running(output.executionId());
        if (each == null || execution.isEmpty()) {
            return unknown(output.executionId());
        }
        return each.output
                .computeIfAbsent(output.executionId(), _ -> new OutputOffsets())
                .once(output, () -> append(each, execution.get(), output))
                .map(_ -> new Recorded());
    }

    private Future<Void> append(Open each, Execution execution, Output output) {
        List<Journal.Event> events = output.pieces().stream()
                .map(piece -> OperationEvents.output(execution, piece.isError(), piece.data()))
                .toList();
        var sums = each.sums.computeIfAbsent(execution.id(), _ -> new OutputSums());
        return journal.append(each.operation.stream(), events, List.of()).onSuccess(_ -> sums.add(output.pieces()));
    }

    /** Answered when the end is on disk; told twice, it counts once. */
    Future<Recorded> ended(Ended ended) {
        var each = open.get(ended.operationId());
        if (each == null) {
            return unknown(ended.executionId());
        }
        var move = new Move();
        var execution = each.operation.running(ended.executionId());
        execution.ifPresent(running -> {
            var sums = Objects.requireNonNullElseGet(each.sums.remove(running.id()), OutputSums::new);
            each.operation.finish(running, ended, sums, clock.instant(), move);
            room.accept(-1);
        });
        boolean isOver = each.operation.isOver();
        return each.recorder
                .record(move)
                .onSuccess(_ -> {
                    if (isOver) {
                        open.remove(ended.operationId());
                    }
                    bus.publish(new OperationChanged(ended.operationId()));
                })
                .map(_ -> new Recorded());
    }

    /** Ends what runs of it. */
    Stopping stop(String operationId, String by) {
        var each = open.get(operationId);
        if (each == null || each.operation.isOver()) {
            return new Stopping(false);
        }
        each.operation.stop(by);
        LOG.info("Operation {} is being stopped by {}", operationId, by);
        var move = new Move();
        move.records().add(DurableStore.stopping(operationId, by));
        each.recorder
                .record(move)
                .onFailure(cause -> LOG.error("The stop of {} could not be written", operationId, cause));
        each.operation
                .running()
                .forEach(running -> bus.request(new End(running.id(), false))
                        .onFailure(cause -> LOG.error("Execution {} could not be told to end", running.id(), cause)));
        return new Stopping(true);
    }

    /** Tells that an execution, also one of the engine's, is followed. */
    Future<Recorded> attached(Attached report) {
        return tell(
                report.operationId(),
                OperationEvents.attached(report, clock.instant()),
                List.of(DurableStore.begun(report.executionId(), report.way())));
    }

    /** Tells that an execution, also one of the engine's, goes on without being followed. */
    Future<Recorded> detached(Detached report) {
        return tell(report.operationId(), OperationEvents.detached(report, clock.instant()), List.of());
    }

    private Future<Recorded> tell(String operationId, Journal.Event event, List<Statement> records) {
        return journal.append(io.linkops.journal.Journals.operation(operationId), List.of(event), records)
                .map(_ -> new Recorded());
    }

    private static <T> Future<T> unknown(String executionId) {
        return Future.failedFuture(
                new Failure(ErrorCode.CONFLICT, "Execution " + executionId + " is over or was never started here"));
    }
}
