package io.linkops.client;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Values for scripts: for the only one, or with its id and a colon before them. */
final class ByScript {
    private final List<String> scripts;

    ByScript(List<String> scripts) {
        this.scripts = scripts;
    }

    private record Given(String script, String text) {}

    /** Texts for each script, in their order. */
    JsonObject lists(String option, List<String> texts) {
        var lists = new JsonObject();
        for (var text : texts) {
            var given = given(option, text);
            if (!lists.containsKey(given.script())) {
                lists.put(given.script(), new JsonArray());
            }
            lists.getJsonArray(given.script()).add(given.text());
        }
        return lists;
    }

    /** NAME=VALUE for each script. */
    JsonObject values(String option, List<String> texts) {
        var values = new JsonObject();
        for (var text : texts) {
            var given = given(option, text);
            int equals = given.text().indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(option + " is '" + text + "', expected NAME=VALUE.");
            }
            if (!values.containsKey(given.script())) {
                values.put(given.script(), new JsonObject());
            }
            values.getJsonObject(given.script())
                    .put(given.text().substring(0, equals), given.text().substring(equals + 1));
        }
        return values;
    }

    private Given given(String option, String text) {
        if (scripts.size() == 1) {
            return new Given(scripts.getFirst(), text);
        }
        int colon = text.indexOf(':');
        var script = colon < 0 ? "" : text.substring(0, colon);
        if (!scripts.contains(script)) {
            throw new IllegalArgumentException(option + " is '" + text
                    + "': with several scripts it begins with the id of one of them and a colon.");
        }
        return new Given(script, text.substring(colon + 1));
    }
}
