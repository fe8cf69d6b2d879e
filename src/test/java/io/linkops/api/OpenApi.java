package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** openapi.yaml as the tests use it: a list of operations, a source of examples, and a judge of answers. */
final class OpenApi {
    private final Map<String, Object> root;
    private final JsonSchema schemas;

    private OpenApi(Map<String, Object> root) {
        this.root = root;
        this.schemas = new JsonSchema(root);
    }

    static OpenApi load() {
        InputStream file = OpenApi.class.getClassLoader().getResourceAsStream("openapi.yaml");
        return new OpenApi(new Yaml(new SafeConstructor(new LoaderOptions())).load(file));
    }

    Map<String, Object> root() {
        return root;
    }

    JsonSchema schemas() {
        return schemas;
    }

    static String path(Endpoint endpoint) {
        return endpoint.path().replaceAll(":([a-z]+)", "{$1}");
    }

    /** {@code METHOD /path role}. */
    List<String> operations() {
        var operations = new ArrayList<String>();
        map(root, "paths")
                .forEach((path, item) -> cast(item).forEach((method, operation) -> {
                    if (!method.equals("parameters")) {
                        operations.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path + " "
                                + cast(operation).get("x-role"));
                    }
                }));
        return operations;
    }

    Map<String, Object> operation(Endpoint endpoint) {
        return map(
                map(map(root, "paths"), path(endpoint)),
                endpoint.method().name().toLowerCase(java.util.Locale.ROOT));
    }

    /** The path with the examples of its parameters in it. */
    String target(Endpoint endpoint) {
        var target = path(endpoint);
        var item = map(map(root, "paths"), target);
        for (var parameter : list(item.getOrDefault("parameters", List.of()))) {
            var resolved = schemas.resolve(cast(parameter));
            target = target.replace("{" + resolved.get("name") + "}", String.valueOf(resolved.get("example")));
        }
        return target;
    }

    @Nullable
    String exampleBody(Endpoint endpoint) {
        var body = operation(endpoint).get("requestBody");
        if (body == null) {
            return null;
        }
        var schema = schemas.resolve(map(map(map(cast(body), "content"), "application/json"), "schema"));
        return new JsonObject(map(schema, "example")).encode();
    }

    /** Holds an answer against what the description promises for its status. */
    void requireAnswer(Endpoint endpoint, Http.Response answer) {
        var responses = map(operation(endpoint), "responses");
        assertThat(responses).as(endpoint.path()).containsKey(Integer.toString(answer.status()));
        var response = map(responses, Integer.toString(answer.status()));
        if (!response.containsKey("content")) {
            assertThat(answer.body().size()).isZero();
            return;
        }
        var type = Objects.requireNonNull(answer.header("Content-Type")).replaceFirst(";.*", "");
        assertThat(map(response, "content")).containsKey(type);
        if (type.equals("application/json")) {
            var schema = map(map(map(response, "content"), type), "schema");
            assertThat(schemas.problems(schema, answer.json().getMap()))
                    .as(answer.text())
                    .isEmpty();
        }
        for (var header : cast(response.getOrDefault("headers", Map.of())).keySet()) {
            assertThat(answer.headers()).containsKey(header.toLowerCase(java.util.Locale.ROOT));
        }
    }

    /** Holds an answer against the error shape (P36). */
    void requireError(Http.Response answer) {
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        var schema = map(map(map(root, "components"), "schemas"), "Error");
        assertThat(schemas.problems(schema, answer.json().getMap()))
                .as(answer.text())
                .isEmpty();
        assertThat(answer.json().getJsonObject("error").getString("request_id"))
                .isEqualTo(answer.header("X-Request-Id"));
    }

    static Map<String, Object> map(Map<String, Object> parent, String name) {
        return cast(Objects.requireNonNull(parent.get(name), name));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> cast(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(Object value) {
        return (List<Object>) value;
    }
}
