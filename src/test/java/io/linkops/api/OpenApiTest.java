package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** openapi.yaml in itself: what it refers to exists, and its examples are what it describes. */
class OpenApiTest {
    private final OpenApi openApi = OpenApi.load();

    @Test
    void everyExampleFitsItsSchema() {
        var problems = new ArrayList<String>();
        walk(openApi.root(), "", (where, node) -> {
            var hasSchema = node.containsKey("schema");
            if (node.containsKey("example") && (hasSchema || node.containsKey("type"))) {
                var schema = hasSchema ? OpenApi.map(node, "schema") : node;
                openApi.schemas()
                        .problems(schema, node.get("example"))
                        .forEach(problem -> problems.add(where + problem));
            }
        });
        assertThat(problems).isEmpty();
    }

    @Test
    void everyRequestAndEveryAnswerHasAnExample() {
        var without = new ArrayList<String>();
        walk(openApi.root(), "", (where, node) -> {
            if (node.get("schema") instanceof Map<?, ?> schema && where.contains("/content/")) {
                var resolved = openApi.schemas().resolve(OpenApi.cast(schema));
                if (!node.containsKey("example") && !resolved.containsKey("example")) {
                    without.add(where);
                }
            }
        });
        assertThat(without).isEmpty();
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        walk(openApi.root(), "", (where, node) -> {
            if (node.containsKey("$ref")) {
                assertThat(openApi.schemas().resolve(node)).as(where).isNotEmpty();
            }
        });
    }

    @Test
    void everyOperationSaysHowItFailsAndWhoMayUseIt() {
        OpenApi.map(openApi.root(), "paths")
                .forEach((path, item) -> OpenApi.cast(item).forEach((method, operation) -> {
                    if (!method.equals("parameters")) {
                        var described = OpenApi.cast(operation);
                        assertThat(described)
                                .as(method + path)
                                .containsKeys("x-role", "operationId", "summary", "responses");
                        assertThat(OpenApi.map(described, "responses")).containsKey("default");
                    }
                }));
    }

    @Test
    void listsEveryErrorCode() {
        var error = OpenApi.map(OpenApi.map(OpenApi.map(openApi.root(), "components"), "schemas"), "Error");
        var inside = OpenApi.map(OpenApi.map(OpenApi.map(error, "properties"), "error"), "properties");
        assertThat(OpenApi.list(OpenApi.map(inside, "code").getOrDefault("enum", List.of())))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
    }

    private interface Visitor {
        void visit(String where, Map<String, Object> node);
    }

    private static void walk(Object node, String where, Visitor visitor) {
        if (node instanceof Map<?, ?> map) {
            var object = OpenApi.cast(map);
            visitor.visit(where, object);
            object.forEach((name, child) -> {
                if (child != null && !name.equals("example")) {
                    walk(child, where + "/" + name, visitor);
                }
            });
        } else if (node instanceof List<?> list) {
            list.forEach(child -> {
                if (child != null) {
                    walk(child, where + "[]", visitor);
                }
            });
        }
    }
}
