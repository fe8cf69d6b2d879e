package io.linkops.api;

import io.linkops.health.Health;
import io.vertx.core.json.JsonObject;

/** Checks, their history and maintenance windows as the API shows them. */
final class HealthJson {
    private HealthJson() {}

    static JsonObject of(Health.Checks checks) {
        return new JsonObject().put("checks", Json.list(checks.checks(), HealthJson::of));
    }

    static JsonObject of(Health.Check check) {
        var enrollment = check.enrollment();
        return new JsonObject()
                .put("link", check.linkId())
                .put("result", Texts.word(check.result()))
                .put("status", Texts.word(check.status()))
                .put("at", Json.time(check.at()))
                .put("took_ms", Json.millis(check.took()))
                .put("latency_ms", check.latencyMillis())
                .put("latency", check.latency() == null ? null : Texts.word(check.latency()))
                .put("kept_connection", check.isKept())
                .put("stage", check.stage())
                .put("hop", check.hop())
                .put("reason", check.reason())
                .put("error", check.error())
                .put("stages", Json.list(check.stages(), HealthJson::of))
                .put("enrollment", enrollment == null ? null : LinkJson.of(enrollment));
    }

    private static JsonObject of(Health.Stage stage) {
        return new JsonObject()
                .put("hop", stage.hop())
                .put("act", stage.act())
                .put("took_ms", Json.millis(stage.took()))
                .put("passed", stage.isPassed());
    }

    static JsonObject of(Health.History history) {
        return new JsonObject()
                .put("link", history.linkId())
                .put("from", Json.time(history.from()))
                .put("to", Json.time(history.to()))
                .put("buckets", Json.list(history.buckets(), HealthJson::of))
                .put("changes", Json.list(history.changes(), HealthJson::of));
    }

    private static JsonObject of(Health.Bucket bucket) {
        return new JsonObject()
                .put("from", Json.time(bucket.from()))
                .put("to", Json.time(bucket.to()))
                .put("checks", bucket.checks())
                .put("failures", bucket.failures())
                .put("p50_ms", bucket.p50Millis())
                .put("p95_ms", bucket.p95Millis())
                .put("max_ms", bucket.maxMillis());
    }

    private static JsonObject of(Health.Change change) {
        return new JsonObject()
                .put("at", Json.time(change.at()))
                .put("from", Texts.word(change.from()))
                .put("to", Texts.word(change.to()))
                .put("hop", change.hop())
                .put("reason", change.reason())
                .put("error", change.error())
                .put("maintenance", change.isInMaintenance());
    }

    static JsonObject of(Health.Windows windows) {
        return new JsonObject().put("windows", Json.list(windows.windows(), HealthJson::of));
    }

    static JsonObject of(Health.Window window) {
        return new JsonObject()
                .put("id", window.id())
                .put("targets", Json.texts(window.targets()))
                .put("links", Json.texts(window.links()))
                .put("from", Json.time(window.from()))
                .put("until", Json.time(window.until()))
                .put("reason", window.reason())
                .put("created_by", window.createdBy())
                .put("created_at", Json.time(window.createdAt()))
                .put("ended_by", window.endedBy());
    }
}
