package io.linkops.config;

import io.linkops.vault.Masking;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What people wrote, as it may be shown to them: short, on one line, never a secret. */
final class Shown {
    private static final int LONGEST = 80;

    private Shown() {}

    static String value(ConfigKey key, Object written) {
        if (key.isSecret()) {
            return "is not acceptable (its value is not shown)";
        }
        return switch (written) {
            case JsonObject map -> "is a map";
            case JsonArray list -> "is a list of " + list.size() + (list.size() == 1 ? " element" : " elements");
            case String text when text.isBlank() -> "is empty";
            default -> "is '" + name(Masking.urls(written.toString())) + "'";
        };
    }

    /** What to do besides writing something else; empty or a sentence with a leading space. */
    static String advice(ConfigKey key, Object written) {
        boolean wantsText = key.type() == String.class || key.isSecret();
        return wantsText && (written instanceof Number || written instanceof Boolean) ? " Put it in quotes." : "";
    }

    static String name(String written) {
        var line = written.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
