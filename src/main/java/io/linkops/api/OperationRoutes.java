package io.linkops.api;

import static io.linkops.api.Access.OPERATOR;
import static io.linkops.api.Access.VIEWER;

import io.linkops.bus.Bus;
import io.linkops.orchestrator.Operations;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operations: starting, finding, stopping, their output. */
final class OperationRoutes {
    private static final int LONGEST_ID = 200;
    private static final int MOST_AT_ONCE = 10_000;

    private enum Stream {
        STDOUT,
        STDERR
    }

    private final Bus bus;
    private final Scoping scoping;

    OperationRoutes(Bus bus) {
        this.bus = bus;
        this.scoping = new Scoping(bus);
    }

    void register(Routes routes) {
        routes.post("/api/operations/run", OPERATOR, this::run)
                .post("/api/operations/preflight", OPERATOR, this::preflight)
                .get("/api/operations", VIEWER, this::list)
                .get("/api/operations/:id", VIEWER, this::show)
                .get("/api/operations/:id/executions/:execution/output", VIEWER, this::output)
                .get("/api/operations/:id/groups", VIEWER, this::groups)
                .post("/api/operations/:id/stop", OPERATOR, this::stop)
                .post("/api/operations/:id/pause", OPERATOR, this::pause)
                .post("/api/operations/:id/resume", OPERATOR, this::resume)
                .post("/api/operations/:id/retry", OPERATOR, this::retry);
    }

    private Future<Answer> run(Call call) {
        return call.body(json -> RunBody.read(json, call.principal().username()))
                .compose(body -> {
                    Scoping.requireScripts(call.reach(), body.run().scripts());
                    return scoping.targets(call, body.run().targets()).map(body::on);
                })
                .compose(body -> body.isDryRun()
                        ? bus.request(new Operations.Rehearse(body.run()))
                                .map(rehearsal -> Answer.ok(RehearsalJson.of(rehearsal)))
                        : bus.request(body.run()).map(OperationRoutes::queued));
    }

    private Future<Answer> preflight(Call call) {
        return call.body(json -> new Operations.Preflight(
                        RunBody.scripts(json),
                        targets(json),
                        concurrency(json),
                        call.principal().username()))
                .compose(wish -> {
                    Scoping.requireScripts(call.reach(), wish.scripts());
                    return scoping.ask(
                            call,
                            wish.targets(),
                            targets -> new Operations.Preflight(
                                    wish.scripts(), targets, wish.concurrency(), wish.startedBy()));
                })
                .map(OperationRoutes::queued);
    }

    private Future<Answer> retry(Call call) {
        return call.body(json -> new Operations.Retry(
                        call.part("id"),
                        json.words("statuses", Operations.ExecutionStatus.class),
                        json.textsOrNone("targets", RunBody.MOST_TARGETS, LONGEST_ID),
                        call.principal().username()))
                .compose(bus::request)
                .map(OperationRoutes::queued);
    }

    private Future<Answer> pause(Call call) {
        return call.noBody()
                .compose(nothing -> bus.request(
                        new Operations.Hold(call.part("id"), call.principal().username())))
                .map(held -> Answer.ok(new JsonObject().put("paused", held.isHeld())));
    }

    private Future<Answer> resume(Call call) {
        return call.noBody()
                .compose(nothing -> bus.request(
                        new Operations.Resume(call.part("id"), call.principal().username())))
                .map(resumed -> Answer.ok(new JsonObject().put("resumed", resumed.isResumed())));
    }

    private Future<Answer> groups(Call call) {
        return bus.request(call.query(
                        query -> new Operations.FindGroups(call.part("id"), query.text("script", LONGEST_ID))))
                .map(groups -> Answer.ok(OperationJson.of(groups)));
    }

    static List<String> targets(JsonReader json) {
        return json.texts("targets", RunBody.MOST_TARGETS, LONGEST_ID);
    }

    static @Nullable Integer concurrency(JsonReader json) {
        return json.numberOrNull("concurrency", 1, MOST_AT_ONCE);
    }

    static Answer queued(Operations.Queued queued) {
        var path = "/api/operations/" + Json.inPath(queued.operationId());
        return Answer.accepted(
                path,
                new JsonObject()
                        .put("operation_id", queued.operationId())
                        .put("status", "queued")
                        .put("events", path + "/events"));
    }

    private Future<Answer> list(Call call) {
        var question = call.query(query -> new Operations.FindOperations(
                query.word("status", Operations.Status.class),
                query.word("kind", Operations.Kind.class),
                query.time("from"),
                query.time("to"),
                query.text("user", LONGEST_ID),
                query.text("target", LONGEST_ID),
                query.text("script", LONGEST_ID),
                query.text("before", LONGEST_ID),
                (int) query.number("limit", 1, 200, 50)));
        return new VisibleOperations(bus, call.reach()).page(question).map(page -> Answer.ok(OperationJson.of(page)));
    }

    private Future<Answer> show(Call call) {
        return bus.request(new Operations.FindOperation(call.part("id")))
                .map(operation -> Answer.ok(OperationJson.of(operation)));
    }

    private Future<Answer> stop(Call call) {
        return call.noBody()
                .compose(nothing -> bus.request(
                        new Operations.Stop(call.part("id"), call.principal().username())))
                .map(stopping -> Answer.json(202, new JsonObject().put("stopping", stopping.isStopping())));
    }

    private Future<Answer> output(Call call) {
        var download = call.query(query -> {
            var stream = query.word("stream", Stream.class);
            return new OutputDownload(
                    bus,
                    call.part("id"),
                    call.part("execution"),
                    stream == null ? null : Texts.word(stream),
                    query.flag("download"));
        });
        return download.open();
    }
}
