package io.linkops.config;

import io.linkops.vault.Secret;
import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what was written for a key into the value the record wants; empty if it is not acceptable. */
final class ConfigValue {
    private ConfigValue() {}

    /** The default; null where the key has none, an empty list for lists. */
    static @Nullable Object byDefault(ConfigKey key) {
        if (key.hasDefault()) {
            return read(key, key.key().byDefault())
                    .orElseThrow(() -> new IllegalStateException("the default of " + key.path() + " is not valid"));
        }
        return key.type() == List.class ? List.of() : null;
    }

    /** What was written means "nothing": the key counts as not given. */
    static boolean isAbsent(ConfigKey key, @Nullable Object written) {
        return written == null || (written.equals("") && !key.hasDefault());
    }

    static Optional<Object> read(ConfigKey key, Object written) {
        if (key.type() == List.class) {
            return texts(written).map(texts -> texts);
        }
        if (key.type() == boolean.class) {
            return bool(written).map(bool -> bool);
        }
        if (key.type() == Duration.class) {
            return Quantity.duration(written, key.key().unit())
                    .filter(duration -> Quantity.isWithin(duration, key.key()))
                    .map(duration -> duration);
        }
        if (key.type() == int.class || key.type() == long.class) {
            return number(key, written);
        }
        if (key.type().isEnum() && written instanceof Boolean bool) {
            // YAML takes a bare on or off for true or false
            return word(key, bool ? "on" : "off");
        }
        return written instanceof String text && !text.isEmpty() ? word(key, text) : Optional.empty();
    }

    private static Optional<Object> number(ConfigKey key, Object written) {
        return Quantity.number(written, key.key().unit())
                .filter(number ->
                        number >= key.key().min() && number <= key.key().max())
                .filter(number -> key.type() == long.class || number == number.intValue())
                .map(number -> key.type() == long.class ? (Object) number : (Object) number.intValue());
    }

    private static Optional<Object> word(ConfigKey key, String text) {
        if (key.type() == Path.class) {
            return absolutePath(text).map(path -> path);
        }
        if (key.type().isEnum()) {
            return Arrays.stream(key.type().getEnumConstants())
                    .filter(constant -> constant.toString().equalsIgnoreCase(text.strip()))
                    .findFirst()
                    .map(constant -> constant);
        }
        if (key.isSecret()) {
            return text.getBytes(StandardCharsets.UTF_8).length >= key.key().min()
                    ? Optional.of(new Secret(text))
                    : Optional.empty();
        }
        if (key.type() == String.class) {
            return text.isBlank() ? Optional.empty() : Optional.of(text);
        }
        throw new IllegalStateException(key.path() + " has a type that cannot be configured: " + key.type());
    }

    private static Optional<Path> absolutePath(String text) {
        try {
            return Optional.of(Path.of(text)).filter(Path::isAbsolute);
        } catch (InvalidPathException impossible) {
            return Optional.empty();
        }
    }

    private static Optional<Boolean> bool(Object written) {
        return switch (written) {
            case Boolean bool -> Optional.of(bool);
            case String text ->
                switch (text.strip().toLowerCase(Locale.ROOT)) {
                    case "true", "yes", "on" -> Optional.of(true);
                    case "false", "no", "off" -> Optional.of(false);
                    default -> Optional.empty();
                };
            default -> Optional.empty();
        };
    }

    /** A list of texts, or one text with commas (the environment and INI files have no lists). */
    private static Optional<List<String>> texts(Object written) {
        return switch (written) {
            case String text ->
                Optional.of(Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .toList());
            case JsonArray array
            when array.stream().allMatch(element -> element instanceof String text && !text.isBlank()) ->
                Optional.of(array.stream().map(String.class::cast).toList());
            default -> Optional.empty();
        };
    }
}
