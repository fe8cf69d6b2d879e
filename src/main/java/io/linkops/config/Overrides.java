package io.linkops.config;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Settings from the environment ({@code LINKOPS_API_PORT}) and from system properties ({@code linkops.api.port}). */
final class Overrides {
    static final String VARIABLE_PREFIX = "LINKOPS_";
    static final String PROPERTY_PREFIX = "linkops.";

    /** Variables that mean something else than a key. */
    private static final List<String> OTHER_VARIABLES =
            List.of("LINKOPS_ADMIN_PASSWORD", "LINKOPS_URL", "LINKOPS_TOKEN", SecretsIni.VARIABLE);

    private Overrides() {}

    static Layer environment(Map<String, String> environment, List<String> warnings) {
        var values = new JsonObject();
        new TreeMap<>(environment).forEach((name, value) -> {
            // An empty variable is how scripts and containers say "not set".
            if (name.startsWith(VARIABLE_PREFIX) && !value.isEmpty() && !isOther(name)) {
                var rest = name.substring(VARIABLE_PREFIX.length()).toLowerCase(Locale.ROOT);
                if (!put(values, rest, '_', value)) {
                    warnings.add(ignored("environment variable " + name));
                }
            }
        });
        return new Layer(
                "environment",
                values,
                path -> "environment variable " + VARIABLE_PREFIX
                        + path.replace('.', '_').toUpperCase(Locale.ROOT));
    }

    private static boolean isOther(String variable) {
        return OTHER_VARIABLES.contains(variable) || variable.startsWith("LINKOPS_SECRET_");
    }

    static Layer properties(Map<String, String> properties, List<String> warnings) {
        var values = new JsonObject();
        new TreeMap<>(properties).forEach((name, value) -> {
            if (name.startsWith(PROPERTY_PREFIX)
                    && !put(values, name.substring(PROPERTY_PREFIX.length()), '.', value)) {
                warnings.add(ignored("system property " + name));
            }
        });
        return new Layer("system properties", values, path -> "system property " + PROPERTY_PREFIX + path);
    }

    /** Whether the name begins with a section; what follows is then a key, known or not. */
    private static boolean put(JsonObject values, String name, char separator, String value) {
        int end = name.indexOf(separator);
        var section = end < 0 ? name : name.substring(0, end);
        if (end < 0 || (Section.named(section).isEmpty() && !Section.NOT_USED_YET.contains(section))) {
            return false;
        }
        if (!values.containsKey(section)) {
            values.put(section, new JsonObject());
        }
        values.getJsonObject(section).put(name.substring(end + 1), value);
        return true;
    }

    private static String ignored(String what) {
        return what + " names no section of the configuration and is ignored.";
    }
}
