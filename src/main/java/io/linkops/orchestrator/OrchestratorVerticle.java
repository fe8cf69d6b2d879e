package io.linkops.orchestrator;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.OperationsConfig;
import io.linkops.config.SecurityConfig;
import io.linkops.gitsync.GitSync;
import io.linkops.inventory.Inventory;
import io.linkops.journal.Journal;
import io.linkops.journal.Journals;
import io.linkops.orchestrator.Operations.FindFigures;
import io.linkops.orchestrator.Operations.FindOperation;
import io.linkops.orchestrator.Operations.FindOperations;
import io.linkops.orchestrator.Operations.Operation;
import io.linkops.orchestrator.Operations.OutputPage;
import io.linkops.orchestrator.Operations.Page;
import io.linkops.orchestrator.Operations.Queued;
import io.linkops.orchestrator.Operations.ReadOutput;
import io.linkops.orchestrator.Operations.Run;
import io.linkops.orchestrator.Operations.Stop;
import io.linkops.orchestrator.Operations.Summary;
import io.linkops.orchestrator.Operations.VerifyLinks;
import io.linkops.orchestrator.Runners.Ended;
import io.linkops.orchestrator.Runners.Output;
import io.linkops.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns operations: makes plans of what is asked for, lets the engine walk them, answers what has become of them. */
public final class OrchestratorVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(OrchestratorVerticle.class);
    /** Within the patience of whoever submits. */
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(20);

    private static final int MAX_LIMIT = 200;
    private static final int OUTPUT_PAGE = 100;

    private final Database database;
    private final OperationStore store;
    private final RunPlan plans;
    private final OperationsConfig config;
    private final InstantSource clock;

    public OrchestratorVerticle(
            Database database, OperationsConfig config, SecurityConfig security, InstantSource clock) {
        this.database = database;
        this.store = new OperationStore(database);
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
        return recover(bus, journal).onSuccess(_ -> {
            bus.answer(Run.class, run -> run(bus, engine, run));
            bus.answer(VerifyLinks.class, verify -> verify(bus, engine, verify));
            bus.answer(FindOperation.class, question -> find(engine, question.id()));
            bus.answer(FindOperations.class, question -> page(engine, question));
            bus.answer(
                    ReadOutput.class, question -> find(question.operationId()).compose(_ -> output(bus, question)));
            bus.answer(Stop.class, order -> stop(engine, order));
            bus.answer(FindFigures.class, _ -> Future.succeededFuture(engine.figures()));
            bus.answer(Output.class, engine::output);
            bus.answer(Ended.class, engine::ended);
        });
    }

    // ---- asked for -----------------------------------------------------------------------------------------------

    private Future<Queued> run(Bus bus, OperationEngine engine, Run run) {
        plans.check(run);
        var catalog = bus.request(new Inventory.FindScripts());
        var targets = bus.request(new Inventory.Resolve(run.targets())).compose(found -> look(bus, run, found));
        return Future.all(catalog, targets).compose(_ -> {
            var scripts = RunPlan.scripts(run, catalog.result());
            return contents(bus, catalog.result(), scripts)
                    .compose(contents -> engine.start(plans.script(
                            run,
                            catalog.result(),
                            scripts,
                            contents,
                            targets.result().targets(),
                            clock.instant())));
        });
    }

    /**
     * Links that nobody looked at, or not lately, are looked at now; what is not known when the time is up stays as it
     * was, and the plan refuses it.
     */
    private Future<Inventory.Targets> look(Bus bus, Run run, Inventory.Targets found) {
        var unknown = run.requireEnrollment() ? plans.unknown(found.targets(), clock.instant()) : List.<String>of();
        if (unknown.isEmpty()) {
            return Future.succeededFuture(found);
        }
        var looks = Future.join(unknown.stream()
                .map(link -> bus.request(new Inventory.Verify(link), LOOK_LIMIT))
                .toList());
        return Future.any(looks.otherwiseEmpty(), vertx.timer(LOOK_LIMIT.toMillis()))
                .transform(_ -> bus.request(new Inventory.Resolve(run.targets())));
    }

    private static Future<List<GitSync.Content>> contents(
            Bus bus, Inventory.Scripts catalog, List<Inventory.Script> scripts) {
        var commit = catalog.commit();
        if (commit == null) {
            return Future.failedFuture(
                    new Failure(ErrorCode.SCRIPT_NOT_FOUND, "There is no catalog yet: sync the repository first"));
        }
        var files = scripts.stream()
                .map(script -> bus.request(new GitSync.ReadFile(commit, script.path())))
                .toList();
        return Future.all(files).map(_ -> files.stream().map(Future::result).toList());
    }

    private Future<Queued> verify(Bus bus, OperationEngine engine, VerifyLinks verify) {
        plans.check(verify);
        return bus.request(new Inventory.Resolve(verify.targets()))
                .compose(targets -> engine.start(plans.verify(verify, targets.targets())));
    }

    private Future<Operations.Stopping> stop(OperationEngine engine, Stop order) {
        var stopping = engine.stop(order.operationId(), order.stoppedBy());
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

    private Future<Operation> find(OperationEngine engine, String id) {
        return find(id).compose(stored ->
                store.executions(id).map(executions -> new Operation(current(engine, stored), executions)));
    }

    private Future<Page> page(OperationEngine engine, FindOperations question) {
        int limit = question.limit();
        if (limit < 1 || limit > MAX_LIMIT) {
            return Future.failedFuture(
                    new Failure(ErrorCode.VALIDATION_FAILED, "limit must be between 1 and " + MAX_LIMIT));
        }
        return store.page(question.status(), question.before(), limit + 1).map(found -> {
            var operations = found.stream()
                    .limit(limit)
                    .map(each -> current(engine, each))
                    .toList();
            return new Page(
                    operations, found.size() > limit ? operations.getLast().id() : null);
        });
    }

    /** The counts of an operation that is under way are in memory. */
    private static Summary current(OperationEngine engine, Summary stored) {
        return stored.status().isFinal() ? stored : engine.find(stored.id()).orElse(stored);
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

    // ---- after a crash -------------------------------------------------------------------------------------------

    private Future<Void> recover(Bus bus, Journal journal) {
        return store.open().compose(operations -> {
            Future<Void> done = Future.succeededFuture();
            for (var operation : operations) {
                done = done.compose(_ -> recover(bus, journal, operation));
            }
            return done;
        });
    }

    private Future<Void> recover(Bus bus, Journal journal, Summary operation) {
        LOG.warn("Operation {} was under way when LinkOps ended: closing it", operation.id());
        return store.executions(operation.id()).compose(executions -> {
            var running = executions.stream()
                    .filter(execution -> execution.status() == Operations.ExecutionStatus.RUNNING)
                    .toList();
            return KeptOutput.sizes(bus, operation.id(), running).compose(sizes -> {
                var move = OperationRecovery.recover(operation, executions, sizes, clock.instant());
                return journal.append(Journals.operation(operation.id()), move.events(), move.records());
            });
        });
    }
}
