package io.linkops.inventory;

import io.linkops.inventory.Inventory.Parameter;
import io.linkops.inventory.Inventory.ParameterType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A script's parameters as JSON in its row. */
final class ParameterRows {
    private ParameterRows() {}

    static String text(List<Parameter> parameters) {
        return new JsonArray(parameters.stream().map(ParameterRows::json).toList()).encode();
    }

    private static JsonObject json(Parameter parameter) {
        return new JsonObject()
                .put("name", parameter.name())
                .put("type", parameter.type().name())
                .put("description", parameter.description())
                .put("flag", parameter.flag())
                .put("variable", parameter.variable())
                .put("min", parameter.min())
                .put("max", parameter.max())
                .put("values", new JsonArray(parameter.values()))
                .put("pattern", parameter.pattern())
                .put("max_length", parameter.maxLength())
                .put("default", parameter.byDefault())
                .put("required", parameter.isRequired());
    }

    static List<Parameter> parameters(String text) {
        return new JsonArray(text)
                .stream().map(each -> parameter((JsonObject) each)).toList();
    }

    private static Parameter parameter(JsonObject json) {
        return new Parameter(
                json.getString("name"),
                ParameterType.valueOf(json.getString("type")),
                json.getString("description"),
                json.getString("flag"),
                json.getString("variable"),
                json.getLong("min"),
                json.getLong("max"),
                json.getJsonArray("values").stream().map(String::valueOf).toList(),
                json.getString("pattern"),
                json.getInteger("max_length"),
                json.getString("default"),
                json.getBoolean("required"));
    }
}
