package io.linkops.client;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** One thing of the server with all its fields. */
final class Document {
    private Document() {}

    static int show(Talk talk, String path) throws ServerRefusal, ServerUnreachable, InterruptedException {
        var document = talk.server().get(path).json();
        if (talk.isJson()) {
            talk.screen().json(document.encode());
        } else {
            show(talk.screen(), "", document);
        }
        return Exit.SUCCESS;
    }

    private static void show(Screen screen, String indent, JsonObject document) {
        document.forEach(field -> show(screen, indent, field.getKey(), field.getValue()));
    }

    private static void show(
            Screen screen, String indent, String name, @org.jspecify.annotations.Nullable Object value) {
        switch (value) {
            case null -> {}
            case JsonObject object -> {
                screen.result(indent + name + ":");
                show(screen, indent + "  ", object);
            }
            case JsonArray array
            when array.stream().anyMatch(JsonObject.class::isInstance) -> {
                screen.result(indent + name + ":");
                array.forEach(entry -> {
                    screen.result(indent + "  -");
                    show(screen, indent + "    ", (JsonObject) entry);
                });
            }
            case JsonArray array ->
                screen.result(indent + name + ": "
                        + String.join(", ", array.stream().map(String::valueOf).toList()));
            case String text
            when text.contains("\n") -> {
                screen.result(indent + name + ":");
                text.lines().forEach(line -> screen.result(indent + "  " + line));
            }
            default -> screen.result(indent + name + ": " + value);
        }
    }
}
