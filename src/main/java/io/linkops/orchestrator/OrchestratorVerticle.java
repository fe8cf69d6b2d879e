package io.linkops.orchestrator;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.OperationsConfig;
import io.linkops.config.SecurityConfig;
import io.linkops.journal.Journal;
import io.linkops.journal.Journals;
import io.linkops.orchestrator.DurableStore.Handed;
import io.linkops.orchestrator.OperationStore.Origin;
import io.linkops.orchestrator.OperationStore.Touched;
import io.linkops.orchestrator.Operations.Drain;
import io.linkops.orchestrator.Operations.DrainBegun;
import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.FindFigures;
import io.linkops.orchestrator.Operations.FindGroups;
import io.linkops.orchestrator.Operations.FindOperation;
import io.linkops.orchestrator.Operations.FindOperations;
import io.linkops.orchestrator.Operations.FindSummary;
import io.linkops.orchestrator.Operations.FindVisible;
import io.linkops.orchestrator.Operations.Forget;
import io.linkops.orchestrator.Operations.Groups;
import io.linkops.orchestrator.Operations.Hold;
import io.linkops.orchestrator.Operations.Operation;
import io.linkops.orchestrator.Operations.OperationChanged;
import io.linkops.orchestrator.Operations.OutputPage;
import io.linkops.orchestrator.Operations.Page;
import io.linkops.orchestrator.Operations.Preflight;
import io.linkops.orchestrator.Operations.Queued;
import io.linkops.orchestrator.Operations.ReadOutput;
import io.linkops.orchestrator.Operations.Rehearse;
import io.linkops.orchestrator.Operations.Resume;
import io.linkops.orchestrator.Operations.Retry;
import io.linkops.orchestrator.Operations.Run;
import io.linkops.orchestrator.Operations.ScriptInput;
import io.linkops.orchestrator.Operations.Stop;
import io.linkops.orchestrator.Operations.Summary;
import io.linkops.orchestrator.Operations.VerifyLinks;
import io.linkops.orchestrator.Operations.Visible;
import io.linkops.orchestrator.Runners.Attached;
import io.linkops.orchestrator.Runners.Detached;
import io.linkops.orchestrator.Runners.Ended;
import io.linkops.orchestrator.Runners.NeedSecret;
import io.linkops.orchestrator.Runners.Output;
import io.linkops.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns operations: makes plans of what is asked for, lets the engine walk them, answers what has become of them. */
public final class OrchestratorVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(OrchestratorVerticle.class);
    private static final int MAX_LIMIT = 200;
    private static final int MAX_VISIBLE = 1_000;
    private static final int OUTPUT_PAGE = 100;

    private final Database database;
    private final OperationStore store;
    private final DurableStore durable;
    private final RunPlan plans;
    private final OperationsConfig config;
    private final InstantSource clock;

    public OrchestratorVerticle(
            Database database, OperationsConfig config, SecurityConfig security, InstantSource clock) {
        this.database = database;
        this.store = new OperationStore(database);
        this.durable = new DurableStore(database);
        this.plans = new RunPlan(config, security);
        this.config = config;
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        var bus = Bus.of(vertx);
        var journal = new Journal(database, bus, clock);
        var ids = new OperationIds(clock, new SecureRandom());
        var engine = new OperationEngine(vertx, bus, database, journal, config, clock, ids);
        var attached = new AttachedOperations(vertx, bus, journal, clock);
        return recover(bus, journal, attached).onSuccess(_ -> {
            var lookups = new OperationLookups(vertx, bus, store, plans, clock);
            bus.answer(Run.class, run -> lookups.run(run).compose(engine::start));
            bus.answer(Rehearse.class, question -> lookups.rehearse(question.run()));
            bus.answer(VerifyLinks.class, verify -> lookups.verify(verify).compose(engine::start));
            bus.answer(
                    Preflight.class, preflight -> lookups.preflight(preflight).compose(engine::start));
            bus.answer(Retry.class, retry -> retry(bus, engine, lookups, retry));
            bus.answer(FindOperation.class, question -> find(engine, attached, question.id()));
            bus.answer(
                    FindSummary.class,
                    question -> find(question.id()).map(stored -> current(engine, attached, stored)));
            bus.answer(FindVisible.class, this::visible);
            bus.answer(FindOperations.class, question -> page(engine, attached, question));
            bus.answer(FindGroups.class, this::groups);
            bus.answer(
                    ReadOutput.class, question -> find(question.operationId()).compose(_ -> output(bus, question)));
            bus.answer(Stop.class, order -> stop(engine, attached, order));
            bus.answer(Drain.class, order -> {
                bus.publish(new DrainBegun());
                return engine.drain(order.grace());
            });
            bus.answer(Forget.class, order -> forget(bus, order));
            bus.answer(FindFigures.class, _ -> Future.succeededFuture(engine.figures()));
            bus.answer(
                    Hold.class,
                    order -> find(order.operationId()).compose(_ -> engine.hold(order.operationId(), order.heldBy())));
            bus.answer(
                    Resume.class,
                    order -> find(order.operationId())
                            .compose(_ -> engine.resume(order.operationId(), order.resumedBy())));
            bus.answer(
                    Output.class,
                    output -> attached.has(output.operationId()) ? attached.output(output) : engine.output(output));
            bus.answer(
                    Ended.class,
                    ended -> attached.has(ended.operationId()) ? attached.ended(ended) : engine.ended(ended));
            bus.answer(NeedSecret.class, engine::lend);
            bus.answer(Attached.class, attached::attached);
            bus.answer(Detached.class, attached::detached);
            attached.begin(engine::occupy);
        });
    }

    // ---- asked for -----------------------------------------------------------------------------------------------

    /** Whoever looks at the first one sees that it was run again. */
    private static Future<Queued> retry(Bus bus, OperationEngine engine, OperationLookups lookups, Retry retry) {
        return lookups.retry(retry)
                .compose(engine::start)
                .onSuccess(_ -> bus.publish(new OperationChanged(retry.operationId())));
    }

    private Future<Operations.Stopping> stop(OperationEngine engine, AttachedOperations attached, Stop order) {
        var stopping = attached.has(order.operationId())
                ? attached.stop(order.operationId(), order.stoppedBy())
                : engine.stop(order.operationId(), order.stoppedBy());
        return stopping.isStopping()
                ? Future.succeededFuture(stopping)
                : find(order.operationId()).map(_ -> stopping);
    }

    // ---- answered ------------------------------------------------------------------------------------------------

    private Future<Summary> find(String id) {
        return store.find(id)
                .compose(found -> found.map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(new Failure(
                                ErrorCode.OPERATION_NOT_FOUND,
                                "There is no operation " + id,
                                Map.of("operation", id)))));
    }

    private Future<Operation> find(OperationEngine engine, AttachedOperations attached, String id) {
        return find(id).compose(stored -> Future.all(store.executions(id), store.origin(id), store.retries(id))
                .map(found -> new Operation(
                        current(engine, attached, stored),
                        found.resultAt(0),
                        inputs(found.resultAt(1)),
                        found.resultAt(2))));
    }

    private static List<ScriptInput> inputs(Optional<Origin> origin) {
        return origin.map(Origin::inputs).orElse(List.of());
    }

    private Future<Visible> visible(FindVisible question) {
        if (question.ids().size() > MAX_VISIBLE) {
            throw new Failure(ErrorCode.VALIDATION_FAILED, "At most " + MAX_VISIBLE + " operations at once");
        }
        return store.touched(question.ids())
                .map(touched -> new Visible(touched.values().stream()
                        .filter(each -> question.reach().hasLinks(each.targets()))
                        .filter(each -> question.reach().hasScripts(each.scripts()))
                        .map(Touched::id)
                        .collect(Collectors.toSet())));
    }

    private Future<Groups> groups(FindGroups question) {
        return find(question.operationId())
                .compose(_ -> store.executions(question.operationId()))
                .map(executions -> new Groups(OutputGroups.of(executions, question.script())));
    }

    private Future<Page> page(OperationEngine engine, AttachedOperations attached, FindOperations question) {
        int limit = question.limit();
        if (limit < 1 || limit > MAX_LIMIT) {
            return Future.failedFuture(
                    new Failure(ErrorCode.VALIDATION_FAILED, "limit must be between 1 and " + MAX_LIMIT));
        }
        return store.page(HistoryQuery.of(question, limit + 1)).map(found -> {
            var operations = found.stream()
                    .limit(limit)
                    .map(each -> current(engine, attached, each))
                    .toList();
            return new Page(
                    operations, found.size() > limit ? operations.getLast().id() : null);
        });
    }

    /** The counts of an operation that is under way are in memory. */
    private static Summary current(OperationEngine engine, AttachedOperations attached, Summary stored) {
        return stored.status().isFinal()
                ? stored
                : engine.find(stored.id())
                        .or(() -> attached.find(stored.id()))
                        .filter(found -> !found.status().isFinal())
                        .orElse(stored);
    }

    private static Future<OutputPage> output(Bus bus, ReadOutput question) {
        var stream = Journals.operation(question.operationId());
        return bus.request(new Journals.ReadPart(stream, question.executionId(), question.after(), OUTPUT_PAGE))
                .map(page -> new OutputPage(
                        page.entries().stream()
                                .map(entry -> OperationEvents.chunk(entry.seq(), entry.at(), entry.data()))
                                .toList(),
                        page.entries().isEmpty()
                                ? null
                                : page.entries().getLast().seq()));
    }

    // ---- removed -------------------------------------------------------------------------------------------------

    private Future<Operations.Forgotten> forget(Bus bus, Forget order) {
        return store.oldest(order.endedBefore()).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(new Operations.Forgotten(false, 0, false));
            }
            var id = found.get();
            return bus.request(new Journals.Forget(Journals.operation(id)))
                    .compose(journal -> journal.isMore()
                            ? Future.succeededFuture(new Operations.Forgotten(false, journal.bytes(), true))
                            : database.write(OperationStore.forget(id))
                                    .map(_ -> new Operations.Forgotten(true, 0, true)));
        });
    }

    // ---- after a crash -------------------------------------------------------------------------------------------

    private Future<Void> recover(Bus bus, Journal journal, AttachedOperations attached) {
        return store.open().compose(operations -> {
            Future<Void> done = Future.succeededFuture();
            for (var operation : operations) {
                done = done.compose(_ -> recover(bus, journal, attached, operation));
            }
            return done;
        });
    }

    private Future<Void> recover(Bus bus, Journal journal, AttachedOperations attached, Summary operation) {
        LOG.warn("Operation {} was under way when LinkOps ended: closing what cannot go on of it", operation.id());
        return Future.all(store.executions(operation.id()), durable.of(operation.id()))
                .compose(found -> recover(bus, journal, attached, operation, found.resultAt(0), found.resultAt(1)));
    }

    private Future<Void> recover(
            Bus bus,
            Journal journal,
            AttachedOperations attached,
            Summary operation,
            List<Execution> executions,
            Map<String, Handed> handed) {
        var running = executions.stream()
                .filter(execution -> execution.status() == Operations.ExecutionStatus.RUNNING)
                .toList();
        var ongoing =
                running.stream().map(Execution::id).filter(handed::containsKey).collect(Collectors.toSet());
        return KeptOutput.of(bus, operation.id(), running).compose(kept -> {
            Map<String, Long> sizes = new HashMap<>();
            kept.forEach((id, output) -> sizes.put(id, output.size()));
            var recovered = OperationRecovery.recover(operation, executions, sizes, ongoing, clock.instant());
            var move = recovered.move();
            return journal.append(Journals.operation(operation.id()), move.events(), move.records())
                    .onSuccess(_ -> {
                        if (!recovered.isOver()) {
                            attached.add(recovered, handed, kept);
                        }
                    });
        });
    }
}
