package io.linkops.config;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code [section]} and {@code key = value}; {@code #} and {@code ;} begin a comment at a line's start. */
final class IniFile {
    private final String name;
    private final List<String> problems;
    private final JsonObject values = new JsonObject();
    private final Map<String, Integer> lines = new HashMap<>();
    private String section = "";

    private IniFile(String name, List<String> problems) {
        this.name = name;
        this.problems = problems;
    }

    /** @param problems where lines that are neither section nor key are reported */
    static Layer read(String name, String text, List<String> problems) {
        var file = new IniFile(name, problems);
        int number = 0;
        for (var line : text.lines().toList()) {
            number++;
            file.line(number, line.strip());
        }
        return new Layer(name, file.values, path -> {
            var found = file.lines.get(path);
            return found == null ? name : name + ":" + found;
        });
    }

    private void line(int number, String line) {
        int equals = line.indexOf('=');
        if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
            return;
        }
        if (line.startsWith("[") && line.endsWith("]")) {
            section = line.substring(1, line.length() - 1).strip();
            lines.putIfAbsent(section, number);
            if (!values.containsKey(section)) {
                values.put(section, new JsonObject());
            }
        } else if (equals <= 0) {
            problems.add(name + ":" + number + ": expected [section], key = value, or a comment that begins with #.");
        } else if (section.isEmpty()) {
            problems.add(name + ":" + number + ": a key stands before the first [section].");
        } else {
            put(
                    number,
                    line.substring(0, equals).strip(),
                    unquoted(line.substring(equals + 1).strip()));
        }
    }

    private void put(int number, String key, String value) {
        var path = section + "." + key;
        var earlier = lines.putIfAbsent(path, number);
        if (earlier != null) {
            problems.add(name + ":" + number + ": " + Shown.name(path) + " stands here and in line " + earlier
                    + "; remove one of them.");
        }
        values.getJsonObject(section).put(key, value);
    }

    private static String unquoted(String value) {
        boolean isQuoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return isQuoted ? value.substring(1, value.length() - 1) : value;
    }
}
