package io.linkops.api;

import static io.linkops.api.Access.OPERATOR;
import static io.linkops.api.Access.VIEWER;

import io.linkops.bus.Bus;
import io.linkops.orchestrator.Operations;
import io.linkops.orchestrator.Operations.OnFailure;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Operations: starting, finding, stopping, their output. */
final class OperationRoutes {
    // The configured limits are the orchestrator's; these keep nonsense from travelling there.
    private static final int MOST_SCRIPTS = 100;
    private static final int MOST_TARGETS = 100_000;
    private static final int MOST_FLAGS = 1_000;
    private static final int LONGEST_FLAG = 1_048_576;
    private static final int LONGEST_ID = 200;
    private static final int MOST_AT_ONCE = 10_000;

    private enum Stream {
        STDOUT,
        STDERR
    }

    private final Bus bus;

    OperationRoutes(Bus bus) {
        this.bus = bus;
    }

    void register(Routes routes) {
        routes.post("/api/operations/run", OPERATOR, this::run)
                .get("/api/operations", VIEWER, this::list)
                .get("/api/operations/:id", VIEWER, this::show)
                .get("/api/operations/:id/executions/:execution/output", VIEWER, this::output)
                .post("/api/operations/:id/stop", OPERATOR, this::stop);
    }

    private Future<Answer> run(Call call) {
        return call.body(json -> run(json, call.principal().username()))
                .compose(bus::request)
                .map(OperationRoutes::queued);
    }

    private static Operations.Run run(JsonReader json, String startedBy) {
        var scripts = json.texts("scripts", MOST_SCRIPTS, LONGEST_ID);
        var flags = json.textLists("flags", MOST_SCRIPTS, MOST_FLAGS, LONGEST_FLAG);
        for (var script : flags.keySet()) {
            if (!scripts.contains(script)) {
                json.problem("flags." + script, "is not one of the scripts to run");
            }
        }
        var onFailure = json.wordOrNull("on_failure", OnFailure.class);
        return new Operations.Run(
                scripts,
                flags,
                targets(json),
                concurrency(json),
                Objects.requireNonNullElse(json.flagOrNull("require_enrollment"), true),
                onFailure == null ? OnFailure.STOP : onFailure,
                startedBy);
    }

    static List<String> targets(JsonReader json) {
        return json.texts("targets", MOST_TARGETS, LONGEST_ID);
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
        return bus.request(call.query(query -> new Operations.FindOperations(
                        query.word("status", Operations.Status.class), query.text("before", LONGEST_ID), (int)
                                query.number("limit", 1, 200, 50))))
                .map(page -> Answer.ok(OperationJson.of(page)));
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
