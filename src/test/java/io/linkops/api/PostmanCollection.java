package io.linkops.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * openapi.yaml as a Postman collection (v2.1): a folder for each tag, a request with its example for each operation.
 */
final class PostmanCollection {
    private static final String SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

    private final OpenApi openApi;

    PostmanCollection(OpenApi openApi) {
        this.openApi = openApi;
    }

    JsonObject json() {
        var folders = new JsonArray();
        for (var tag : OpenApi.list(Objects.requireNonNull(openApi.root().get("tags")))) {
            var name = String.valueOf(OpenApi.cast(tag).get("name"));
            folders.add(new JsonObject()
                    .put("name", name)
                    .put("description", OpenApi.cast(tag).get("description"))
                    .put("item", new JsonArray(requests(name))));
        }
        return new JsonObject()
                .put(
                        "info",
                        new JsonObject()
                                .put("name", "LinkOps")
                                .put("description", "Made from openapi.yaml. Set base_url, send login first.")
                                .put("schema", SCHEMA))
                .put("auth", bearer())
                .put(
                        "variable",
                        new JsonArray()
                                .add(variable("base_url", "http://127.0.0.1:8080"))
                                .add(variable("token", "")))
                .put("item", folders);
    }

    private static JsonObject bearer() {
        return new JsonObject()
                .put("type", "bearer")
                .put(
                        "bearer",
                        new JsonArray().add(variable("token", "{{token}}").put("type", "string")));
    }

    private static JsonObject variable(String key, String value) {
        return new JsonObject().put("key", key).put("value", value);
    }

    private List<JsonObject> requests(String tag) {
        var requests = new ArrayList<JsonObject>();
        OpenApi.map(openApi.root(), "paths").forEach((path, item) -> {
            var shared = OpenApi.list(OpenApi.cast(item).getOrDefault("parameters", List.of()));
            OpenApi.cast(item).forEach((method, operation) -> {
                if (!method.equals("parameters")
                        && OpenApi.list(Objects.requireNonNull(
                                        OpenApi.cast(operation).get("tags")))
                                .contains(tag)) {
                    requests.add(request(path, method, OpenApi.cast(operation), shared));
                }
            });
        });
        return requests;
    }

    private JsonObject request(String path, String method, Map<String, Object> operation, List<Object> shared) {
        var parameters = new ArrayList<>(shared);
        parameters.addAll(OpenApi.list(operation.getOrDefault("parameters", List.of())));
        var request = new JsonObject()
                .put("method", method.toUpperCase(Locale.ROOT))
                .put("description", operation.getOrDefault("description", operation.get("summary")))
                .put("url", url(path, parameters));
        if ("open".equals(operation.get("x-role"))) {
            request.put("auth", new JsonObject().put("type", "noauth"));
        }
        if (operation.get("requestBody") instanceof Map<?, ?> body) {
            request.put("header", new JsonArray().add(variable("Content-Type", "application/json")))
                    .put("body", body(OpenApi.cast(body)));
        }
        var item = new JsonObject()
                .put("name", operation.get("operationId") + ": " + operation.get("summary"))
                .put("request", request);
        return "login".equals(operation.get("operationId")) ? item.put("event", keepToken()) : item;
    }

    /** The requests after a log-in have its token. */
    private static JsonArray keepToken() {
        var script = new JsonObject()
                .put("type", "text/javascript")
                .put("exec", new JsonArray().add("pm.collectionVariables.set('token', pm.response.json().token);"));
        return new JsonArray().add(new JsonObject().put("listen", "test").put("script", script));
    }

    private JsonObject body(Map<String, Object> body) {
        var schema = openApi.schemas()
                .resolve(OpenApi.map(OpenApi.map(OpenApi.map(body, "content"), "application/json"), "schema"));
        return new JsonObject()
                .put("mode", "raw")
                .put("raw", new JsonObject(OpenApi.map(schema, "example")).encodePrettily())
                .put("options", new JsonObject().put("raw", new JsonObject().put("language", "json")));
    }

    private JsonObject url(String path, List<Object> parameters) {
        var variables = new JsonArray();
        var query = new JsonArray();
        for (var parameter : parameters) {
            var one = openApi.schemas().resolve(OpenApi.cast(parameter));
            var example = Objects.toString(one.get("example"), "");
            var described =
                    variable(String.valueOf(one.get("name")), example).put("description", one.get("description"));
            switch (String.valueOf(one.get("in"))) {
                case "path" -> variables.add(described);
                case "query" -> query.add(described.put("disabled", !Boolean.TRUE.equals(one.get("required"))));
                default -> {}
            }
        }
        var named = path.replaceAll("\\{([a-z_]+)}", ":$1");
        return new JsonObject()
                .put("raw", "{{base_url}}" + named)
                .put("host", new JsonArray().add("{{base_url}}"))
                .put("path", new JsonArray(List.of(named.substring(1).split("/", -1))))
                .put("variable", variables)
                .put("query", query);
    }
}
