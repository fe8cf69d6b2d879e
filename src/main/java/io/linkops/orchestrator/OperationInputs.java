package io.linkops.orchestrator;

import io.linkops.orchestrator.Operations.Batches;
import io.linkops.orchestrator.Operations.ScriptInput;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an operation was asked for, as JSON in the database: see {@code 090_rollouts.sql}. */
final class OperationInputs {
    private OperationInputs() {}

    static @Nullable String text(@Nullable Batches batches) {
        return batches == null
                ? null
                : new JsonObject()
                        .put("size", batches.size())
                        .put("percent", batches.percent())
                        .put("pause_ms", batches.pause().toMillis())
                        .put("max_failures", batches.maxFailures())
                        .put("max_failure_percent", batches.maxFailurePercent())
                        .put("canary", batches.canary())
                        .put("pause_after_canary", batches.pausesAfterCanary())
                        .encode();
    }

    static @Nullable Batches batches(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var json = new JsonObject(text);
        return new Batches(
                json.getInteger("size"),
                json.getInteger("percent"),
                Duration.ofMillis(json.getLong("pause_ms")),
                json.getInteger("max_failures"),
                json.getInteger("max_failure_percent"),
                json.getInteger("canary"),
                json.getBoolean("pause_after_canary"));
    }

    static String text(List<ScriptInput> inputs) {
        return new JsonArray(inputs.stream().map(OperationInputs::json).toList()).encode();
    }

    private static JsonObject json(ScriptInput input) {
        return new JsonObject()
                .put("script", input.script())
                .put("path", input.path())
                .put("file_name", input.fileName())
                .put("sha256", input.sha256())
                .put("options", new JsonArray(input.options()))
                .put("arguments", new JsonArray(input.arguments()))
                .put("timeout_ms", input.timeout().toMillis())
                .put("environment", json(input.environment()))
                .put("secrets", json(input.secrets()))
                .put("parameters", json(input.parameters()))
                .put("durable", input.isDurable());
    }

    private static JsonObject json(Map<String, String> texts) {
        var json = new JsonObject();
        new TreeMap<>(texts).forEach(json::put);
        return json;
    }

    /** Null for an operation of a LinkOps that did not keep them. */
    static @Nullable List<ScriptInput> inputs(@Nullable String text) {
        return text == null
                ? null
                : new JsonArray(text)
                        .stream().map(each -> input((JsonObject) each)).toList();
    }

    private static ScriptInput input(JsonObject json) {
        return new ScriptInput(
                json.getString("script"),
                json.getString("path"),
                json.getString("file_name"),
                json.getString("sha256"),
                texts(json.getJsonArray("options")),
                texts(json.getJsonArray("arguments")),
                Duration.ofMillis(json.getLong("timeout_ms")),
                texts(json.getJsonObject("environment")),
                texts(json.getJsonObject("secrets")),
                texts(json.getJsonObject("parameters")),
                json.getBoolean("durable", false));
    }

    private static List<String> texts(JsonArray json) {
        return json.stream().map(String::valueOf).toList();
    }

    private static Map<String, String> texts(JsonObject json) {
        Map<String, String> texts = new TreeMap<>();
        json.forEach(each -> texts.put(each.getKey(), String.valueOf(each.getValue())));
        return texts;
    }
}
