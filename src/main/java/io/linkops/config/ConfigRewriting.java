package io.linkops.config;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.representer.Representer;

/** A configuration file with other values for some of its keys; its comments are lost on the way. */
public final class ConfigRewriting {
    private ConfigRewriting() {}

    /**
     * The same as YAML.
     *
     * @param name of the file, which tells INI from YAML
     * @param overrides section → key → value
     * @throws ConfigException if the text is neither
     */
    public static String yaml(String name, String text, JsonObject overrides) {
        var values = name.endsWith(".ini") ? ini(name, text) : parsed(name, text);
        values.mergeIn(overrides, true);
        var style = new DumperOptions();
        style.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        return new Yaml(new SafeConstructor(new LoaderOptions()), new Representer(style), style)
                .dump(values.getMap().isEmpty() ? Map.of() : new TreeMap<>(plain(values)));
    }

    private static Map<String, Object> plain(JsonObject values) {
        var plain = new TreeMap<String, Object>();
        values.forEach(entry -> {
            if (entry.getValue() != null) {
                plain.put(entry.getKey(), plain(entry.getValue()));
            }
        });
        return plain;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case JsonObject object -> plain(object);
            case io.vertx.core.json.JsonArray array ->
                array.stream()
                        .filter(Objects::nonNull)
                        .map(ConfigRewriting::plain)
                        .toList();
            default -> value;
        };
    }

    private static JsonObject ini(String name, String text) {
        var problems = new ArrayList<String>();
        var values = IniFile.read(name, text, problems).values();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return values;
    }

    private static JsonObject parsed(String name, String text) {
        var problems = new ArrayList<String>();
        var outline = YamlOutline.of(name, text, problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        if (outline.isEmpty()) {
            return new JsonObject();
        }
        Map<String, Object> values = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        return new JsonObject(values);
    }
}
