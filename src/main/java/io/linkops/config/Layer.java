package io.linkops.config;

import io.vertx.core.json.JsonObject;
import java.util.function.UnaryOperator;

/**
 * One source of settings.
 *
 * @param name what people call it
 * @param values section → key → value, as written there: nothing is checked yet
 * @param place where a path ({@code api} or {@code api.port}) stands: file and line, variable or property
 */
record Layer(String name, JsonObject values, UnaryOperator<String> place) {

    /** A source whose places have no finer name than its own. */
    static Layer of(String name, JsonObject values) {
        return new Layer(name, values, path -> name);
    }
}
