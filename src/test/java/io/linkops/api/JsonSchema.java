package io.linkops.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** As much of JSON Schema as openapi.yaml uses; what it does not know it refuses. */
final class JsonSchema {
    private static final List<String> KNOWN = List.of(
            "type",
            "enum",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "anyOf",
            "$ref",
            "description",
            "example",
            "default",
            "format",
            "pattern",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "minItems",
            "maxItems",
            "minProperties");

    private final Map<String, Object> root;

    JsonSchema(Map<String, Object> root) {
        this.root = root;
    }

    Map<String, Object> resolve(Map<String, Object> schema) {
        var reference = schema.get("$ref");
        if (reference == null) {
            return schema;
        }
        var found = root;
        for (var step : reference.toString().substring(2).split("/", -1)) {
            found = OpenApi.map(found, step);
        }
        return found;
    }

    List<String> problems(Map<String, Object> schema, @Nullable Object value) {
        var problems = new ArrayList<String>();
        check(schema, value, "$", problems);
        return problems;
    }

    private void check(Map<String, Object> given, @Nullable Object raw, String where, List<String> problems) {
        var schema = resolve(given);
        var value = raw instanceof JsonObject object
                ? object.getMap()
                : raw instanceof JsonArray array ? array.getList() : raw;
        schema.keySet().stream()
                .filter(key -> !KNOWN.contains(key))
                .forEach(key -> problems.add(where + ": unknown " + key));
        if (schema.get("anyOf") instanceof List<?> choices) {
            if (choices.stream()
                    .noneMatch(choice -> problems(OpenApi.cast(choice), value).isEmpty())) {
                problems.add(where + ": none of the choices fits");
            }
            return;
        }
        if (schema.get("type") != null && !types(schema).contains(type(value))) {
            problems.add(where + ": is " + type(value) + ", not " + schema.get("type"));
        }
        if (schema.get("enum") instanceof List<?> words && !words.contains(value)) {
            problems.add(where + ": " + value + " is not one of " + words);
        }
        if (value instanceof Map<?, ?> object) {
            checkObject(schema, OpenApi.cast(object), where, problems);
        } else if (value instanceof List<?> list && schema.get("items") != null) {
            list.forEach(item -> check(OpenApi.map(schema, "items"), item, where + "[]", problems));
        } else if (value instanceof String text) {
            checkText(schema, text, where, problems);
        }
    }

    private void checkObject(
            Map<String, Object> schema, Map<String, Object> object, String where, List<String> problems) {
        for (var name : OpenApi.list(schema.getOrDefault("required", List.of()))) {
            if (!object.containsKey(name.toString())) {
                problems.add(where + ": " + name + " is missing");
            }
        }
        var properties = OpenApi.cast(schema.getOrDefault("properties", Map.of()));
        var others = schema.get("additionalProperties");
        object.forEach((name, value) -> {
            if (properties.containsKey(name)) {
                check(OpenApi.map(properties, name), value, where + "." + name, problems);
            } else if (others instanceof Map<?, ?>) {
                check(OpenApi.cast(others), value, where + "." + name, problems);
            } else if (Boolean.FALSE.equals(others)) {
                problems.add(where + ": " + name + " is not described");
            }
        });
    }

    private static void checkText(Map<String, Object> schema, String text, String where, List<String> problems) {
        if ("date-time".equals(schema.get("format"))
                && !text.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z")) {
            problems.add(where + ": " + text + " is not a time");
        }
        if (schema.get("pattern") instanceof String pattern && !text.matches(pattern)) {
            problems.add(where + ": does not match " + pattern);
        }
    }

    private static List<?> types(Map<String, Object> schema) {
        var type = Objects.requireNonNull(schema.get("type"));
        return type instanceof List<?> some ? some : List.of(type);
    }

    private static String type(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> any -> "object";
            case List<?> any -> "array";
            case String any -> "string";
            case Boolean any -> "boolean";
            case Integer any -> "integer";
            case Long any -> "integer";
            default -> "number";
        };
    }
}
