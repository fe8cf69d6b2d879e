package io.linkops.api;

import io.linkops.gitsync.GitSync.Content;
import io.linkops.inventory.Inventory;
import io.linkops.inventory.Inventory.Script;
import io.linkops.inventory.Inventory.Scripts;
import io.vertx.core.json.JsonObject;

/** The catalog as the API shows it. */
final class ScriptJson {
    private ScriptJson() {}

    static JsonObject of(Scripts scripts) {
        return new JsonObject()
                .put("commit", scripts.commit())
                .put("scripts", Json.list(scripts.scripts(), ScriptJson::of));
    }

    static JsonObject of(Script script) {
        return new JsonObject()
                .put("id", script.id())
                .put("name", script.name())
                .put("description", script.description())
                .put("path", script.path())
                .put("timeout_ms", Json.millis(script.timeout()))
                .put("flags", Json.texts(script.flags()))
                .put("tags", Json.texts(script.tags()))
                .put("estimate_ms", Json.millis(script.estimate()))
                .put("durable", Texts.word(script.durable()))
                .put("parameters", Json.list(script.parameters(), ScriptJson::of))
                .put("needs", Json.texts(script.needs()));
    }

    private static JsonObject of(Inventory.Parameter parameter) {
        return new JsonObject()
                .put("name", parameter.name())
                .put("type", Texts.word(parameter.type()))
                .put("description", parameter.description())
                .put("flag", parameter.flag())
                .put("env", parameter.variable())
                .put("min", parameter.min())
                .put("max", parameter.max())
                .put("values", Json.texts(parameter.values()))
                .put("pattern", parameter.pattern())
                .put("max_length", parameter.maxLength())
                .put("default", parameter.byDefault())
                .put("required", parameter.isRequired());
    }

    /** One script with its source at a commit. */
    static JsonObject of(Script script, String commit, Content content) {
        return of(script)
                .put("commit", commit)
                .put("sha256", content.sha256())
                .put("source", content.bytes().text());
    }
}
