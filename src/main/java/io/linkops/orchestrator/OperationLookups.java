package io.linkops.orchestrator;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.gitsync.GitSync;
import io.linkops.gitsync.GitSync.Content;
import io.linkops.inventory.Inventory;
import io.linkops.inventory.Inventory.Target;
import io.linkops.orchestrator.OperationStore.Origin;
import io.linkops.orchestrator.Operations.Preflight;
import io.linkops.orchestrator.Operations.Rehearsal;
import io.linkops.orchestrator.Operations.Retry;
import io.linkops.orchestrator.Operations.Run;
import io.linkops.orchestrator.Operations.ScriptInput;
import io.linkops.orchestrator.Operations.VerifyLinks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gathers what a plan is made of: scripts, their bytes, targets, what an earlier operation came to. */
final class OperationLookups {
    /** Within the patience of whoever submits. */
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(20);

    private final Vertx vertx;
    private final Bus bus;
    private final OperationStore store;
    private final RunPlan plans;
    private final InstantSource clock;

    OperationLookups(Vertx vertx, Bus bus, OperationStore store, RunPlan plans, InstantSource clock) {
        this.vertx = vertx;
        this.bus = bus;
        this.store = store;
        this.plans = plans;
        this.clock = clock;
    }

    /** What a plan for scripts is made of. */
    private record Found(
            Inventory.Scripts catalog, List<Inventory.Script> scripts, List<Content> contents, List<Target> targets) {}

    Future<OperationPlan> run(Run run) {
        plans.check(run);
        return find(run, resolve(run.targets()).compose(found -> look(run.requireEnrollment(), run.targets(), found)))
                .map(found -> plans.script(
                        run, found.catalog, found.scripts, found.contents, found.targets, clock.instant()));
    }

    /** Connects nowhere: links that nobody looked at lately stay as they are. */
    Future<Rehearsal> rehearse(Run run) {
        plans.check(run);
        return find(run, resolve(run.targets()))
                .map(found -> plans.rehearse(
                        run, found.catalog, found.scripts, found.contents, found.targets, clock.instant()));
    }

    private Future<Found> find(Run run, Future<List<Target>> targets) {
        return bus.request(new Inventory.FindScripts()).compose(catalog -> {
            var scripts = RunPlan.scripts(run.scripts(), catalog);
            return contents(catalog, scripts)
                    .compose(contents -> targets.map(found -> new Found(catalog, scripts, contents, found)));
        });
    }

    Future<OperationPlan> verify(VerifyLinks verify) {
        plans.check(verify);
        return resolve(verify.targets()).map(targets -> plans.verify(verify, targets));
    }

    Future<OperationPlan> preflight(Preflight preflight) {
        plans.check(preflight);
        return bus.request(new Inventory.FindScripts()).compose(catalog -> {
            var scripts = RunPlan.scripts(preflight.scripts(), catalog);
            return resolve(preflight.targets()).map(targets -> plans.preflight(preflight, catalog, scripts, targets));
        });
    }

    Future<OperationPlan> retry(Retry retry) {
        plans.check(retry);
        var id = retry.operationId();
        return store.origin(id)
                .compose(found -> found.map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(new Failure(
                                ErrorCode.OPERATION_NOT_FOUND,
                                "There is no operation " + id,
                                Map.of("operation", id)))))
                .compose(origin -> chosen(retry)
                        .compose(chosen -> store.executions(id)
                                .map(executions -> RetryPlan.of(retry, origin, executions, chosen))))
                .compose(plan -> retry(plan, retry.startedBy()));
    }

    private Future<OperationPlan> retry(RetryPlan retry, String startedBy) {
        var origin = retry.origin();
        var links = List.copyOf(retry.scriptsOf().keySet());
        return bytes(origin, retry.inputs()).compose(contents -> {
            retry.checkBytes(contents);
            return resolve(links)
                    .compose(found -> look(origin.checksEnrollment(), links, found))
                    .map(targets -> plans.retry(retry, contents, targets, startedBy, clock.instant()));
        });
    }

    private Future<@Nullable Set<String>> chosen(Retry retry) {
        return retry.targets().isEmpty()
                ? Future.succeededFuture(null)
                : resolve(retry.targets())
                        .map(found -> found.stream().map(Target::linkId).collect(Collectors.toSet()));
    }

    private Future<List<Target>> resolve(List<String> selectors) {
        return bus.request(new Inventory.Resolve(selectors)).map(Inventory.Targets::targets);
    }

    /**
     * Links that nobody looked at, or not lately, are looked at now; what is not known when the time is up stays as it
     * was, and the plan refuses it.
     */
    private Future<List<Target>> look(boolean isNeeded, List<String> selectors, List<Target> found) {
        var unknown = isNeeded ? plans.unknown(found, clock.instant()) : List.<String>of();
        if (unknown.isEmpty()) {
            return Future.succeededFuture(found);
        }
        var looks = Future.join(unknown.stream()
                .map(link -> bus.request(new Inventory.Verify(link), LOOK_LIMIT))
                .toList());
        return Future.any(looks.otherwiseEmpty(), vertx.timer(LOOK_LIMIT.toMillis()))
                .transform(_ -> resolve(selectors));
    }

    private Future<List<Content>> contents(Inventory.Scripts catalog, List<Inventory.Script> scripts) {
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

    /** The scripts of an earlier operation, as they were then, by their id. */
    private Future<Map<String, Content>> bytes(Origin origin, List<ScriptInput> inputs) {
        var id = origin.summary().id();
        var commit = origin.summary().commit();
        Map<String, Content> contents = new HashMap<>();
        Future<?> done = Future.succeededFuture();
        for (var input : inputs) {
            done = done.compose(_ -> bus.request(new GitSync.ReadFile(commit == null ? "" : commit, input.path()))
                    .onSuccess(content -> contents.put(input.script(), content)));
        }
        return done.transform(read -> read.succeeded()
                ? Future.succeededFuture(contents)
                : Future.failedFuture(gone(id, commit, read.cause())));
    }

    private static Throwable gone(String operation, @Nullable String commit, Throwable cause) {
        return cause instanceof Failure failure && failure.code() == ErrorCode.NOT_FOUND
                ? RetryPlan.conflict(
                        operation,
                        "cannot be run again: the copy of the repository here does not hold its scripts at commit "
                                + commit + " any more (" + failure.text() + ")")
                : cause;
    }
}
