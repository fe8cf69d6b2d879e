package io.linkops.api;

import io.linkops.orchestrator.Operations.Rehearsal;
import io.linkops.orchestrator.Operations.RehearsedTarget;
import io.linkops.orchestrator.Operations.ScriptInput;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** What an operation would do, or was made of, as the API shows it. */
final class RehearsalJson {
    private RehearsalJson() {}

    static JsonObject of(Rehearsal rehearsal) {
        return new JsonObject()
                .put("dry_run", true)
                .put("would_run", rehearsal.mayRun())
                .put("commit", rehearsal.commit())
                .put("concurrency", rehearsal.concurrency())
                .put("on_failure", Texts.word(rehearsal.onFailure()))
                .put("scripts", Json.list(rehearsal.scripts(), RehearsalJson::of))
                .put("batches", new JsonArray(rehearsal.batches()))
                .put("targets", Json.list(rehearsal.targets(), RehearsalJson::of));
    }

    private static JsonObject of(RehearsedTarget target) {
        return new JsonObject()
                .put("target", target.target())
                .put("route", Json.texts(target.route()))
                .put("batch", target.batch())
                .put("reason", target.reason())
                .put("error", target.error());
    }

    static JsonObject of(ScriptInput input) {
        return new JsonObject()
                .put("script", input.script())
                .put("path", input.path())
                .put("sha256", input.sha256())
                .put("arguments", Json.texts(input.arguments()))
                .put("timeout_ms", Json.millis(input.timeout()))
                .put("environment", of(input.environment()))
                .put("secrets", of(input.secrets()))
                .put("parameters", of(input.parameters()));
    }

    private static JsonObject of(Map<String, String> texts) {
        var json = new JsonObject();
        new TreeMap<>(texts).forEach(json::put);
        return json;
    }
}
