package io.linkops.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a key takes, in words: the end of every message about it, and its line in the documentation. */
final class Expectation {
    private Expectation() {}

    static String of(ConfigKey key) {
        var type = key.type();
        if (type == int.class || type == long.class) {
            return number(key.key());
        }
        if (type == Duration.class) {
            return "a duration" + range(key.key()) + " (a bare number counts "
                    + unitName(key.key().unit()) + ")";
        }
        if (type == boolean.class) {
            return "true or false";
        }
        if (type == List.class) {
            return "a list of texts";
        }
        if (type == Path.class) {
            return "an absolute path";
        }
        if (type.isEnum()) {
            return "one of " + constants(type);
        }
        return key.isSecret() && key.key().min() > 0
                ? "text of at least " + key.key().min() + " bytes"
                : "text";
    }

    static String constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static String number(Key key) {
        return switch (key.unit()) {
            case "bytes" -> "a size" + range(key) + " bytes (64KiB, 10MiB and 1GiB are taken too)";
            case "" -> "a whole number" + range(key);
            default -> "a whole number" + range(key) + " " + key.unit();
        };
    }

    private static String range(Key key) {
        var unit = isTime(key.unit()) ? key.unit() : "";
        return " from " + key.min() + unit + " to " + key.max() + unit;
    }

    private static boolean isTime(String unit) {
        return switch (unit) {
            case "ms", "s", "m", "h", "d" -> true;
            default -> false;
        };
    }

    private static String unitName(String unit) {
        return Quantity.unitOf(unit).toString().toLowerCase(Locale.ROOT);
    }
}
