package io.linkops.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object strictly: every field has a type and a limit, and what was not asked for is refused. A wrong
 * field reads as a harmless value; when all is read, {@link #read} tells all that was wrong.
 */
final class JsonReader {
    private final JsonNode object;
    private final String prefix;
    private final Problems problems;
    private final Set<String> known = new HashSet<>();

    private JsonReader(JsonNode object, String prefix, Problems problems) {
        this.object = object;
        this.prefix = prefix;
        this.problems = problems;
    }

    /** Reads all of the body, or fails with VALIDATION_FAILED, MALFORMED_REQUEST or UNSUPPORTED_MEDIA_TYPE. */
    static <T> T read(HttpServerRequest request, Buffer body, Function<JsonReader, T> reading) {
        var reader = new JsonReader(JsonBody.parse(request, body), "", new Problems());
        var value = reading.apply(reader);
        reader.refuseUnknown();
        reader.problems.throwIfAny();
        return value;
    }

    private void refuseUnknown() {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problem(name, "is not known here");
            }
        });
    }

    /** A text with at least one character. */
    String text(String field, int maxLength) {
        var text = textOrNull(field, maxLength);
        if (text == null) {
            problem(field, "is missing");
            return "";
        }
        return text;
    }

    @Nullable
    String textOrNull(String field, int maxLength) {
        var node = node(field);
        return node == null ? null : text(field, node, 1, maxLength);
    }

    private String text(String field, JsonNode node, int minLength, int maxLength) {
        if (!node.isTextual()) {
            problem(field, "must be a text");
            return "";
        }
        var text = node.textValue();
        var problem = text.length() < minLength ? "must not be empty" : Texts.problem(text, maxLength);
        if (problem != null) {
            problem(field, problem);
        }
        return text;
    }

    <E extends Enum<E>> E word(String field, Class<E> type) {
        var word = wordOrNull(field, type);
        if (word == null) {
            problem(field, "is missing; possible: " + Texts.words(type));
            return type.getEnumConstants()[0];
        }
        return word;
    }

    <E extends Enum<E>> @Nullable E wordOrNull(String field, Class<E> type) {
        var node = node(field);
        if (node == null) {
            return null;
        }
        var value = node.isTextual() ? Texts.enumOf(type, node.textValue()) : null;
        if (value == null) {
            problem(field, "must be one of: " + Texts.words(type));
        }
        return value;
    }

    @Nullable
    Integer numberOrNull(String field, int min, int max) {
        var node = node(field);
        if (node == null) {
            return null;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < min || node.intValue() > max) {
            problem(field, "must be a whole number from " + min + " to " + max);
            return null;
        }
        return node.intValue();
    }

    @Nullable
    Boolean flagOrNull(String field) {
        var node = node(field);
        if (node == null || node.isBoolean()) {
            return node == null ? null : node.booleanValue();
        }
        problem(field, "must be true or false");
        return null;
    }

    @Nullable
    Instant timeOrNull(String field) {
        var text = textOrNull(field, 50);
        try {
            return text == null ? null : java.time.OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            problem(field, "must be a time such as 2030-01-31T12:00:00Z");
            return null;
        }
    }

    /** At least one text, none empty. */
    List<String> texts(String field, int maxCount, int maxLength) {
        var node = node(field);
        if (node == null) {
            problem(field, "is missing");
            return List.of();
        }
        if (node.isEmpty()) {
            problem(field, "must be a list with at least one entry");
        }
        return texts(field, node, maxCount, 1, maxLength);
    }

    private List<String> texts(String field, JsonNode node, int maxCount, int minLength, int maxLength) {
        if (!node.isArray()) {
            problem(field, "must be a list of texts");
            return List.of();
        }
        if (node.size() > maxCount) {
            problem(field, "must not have more than " + maxCount + " entries");
            return List.of();
        }
        var texts = new ArrayList<String>(node.size());
        for (var entry : node) {
            texts.add(text(field + "[" + texts.size() + "]", entry, minLength, maxLength));
        }
        return texts;
    }

    /** Lists of any texts by name; nothing when the field is absent. */
    Map<String, List<String>> textLists(String field, int maxNames, int maxCount, int maxLength) {
        var node = node(field);
        if (node == null) {
            return Map.of();
        }
        if (!node.isObject() || node.size() > maxNames) {
            problem(field, "must be an object with at most " + maxNames + " lists of texts");
            return Map.of();
        }
        Map<String, List<String>> lists = new TreeMap<>();
        for (var entry : node.properties()) {
            lists.put(entry.getKey(), texts(field + "." + entry.getKey(), entry.getValue(), maxCount, 0, maxLength));
        }
        return lists;
    }

    /** An object within this one, read as strictly; null when the field is absent. */
    <T> @Nullable T objectOrNull(String field, Function<JsonReader, T> reading) {
        var node = node(field);
        if (node == null) {
            return null;
        }
        if (!node.isObject()) {
            problem(field, "must be an object");
            return null;
        }
        var reader = new JsonReader(node, prefix + field + ".", problems);
        var value = reading.apply(reader);
        reader.refuseUnknown();
        return value;
    }

    /** Whole numbers by name; nothing when the field is absent. */
    Map<String, Integer> numbers(String field, int maxNames, int min, int max) {
        Map<String, Integer> numbers = new TreeMap<>();
        for (var entry : entries(field, maxNames)) {
            var node = entry.getValue();
            if (node.canConvertToInt() && node.isIntegralNumber() && node.intValue() >= min && node.intValue() <= max) {
                numbers.put(entry.getKey(), node.intValue());
            } else {
                problem(field + "." + entry.getKey(), "must be a whole number from " + min + " to " + max);
            }
        }
        return numbers;
    }

    /** Texts, numbers and switches by two names, as texts; nothing when the field is absent. */
    Map<String, Map<String, String>> scalars(String field, int maxNames, int maxInner, int maxLength) {
        Map<String, Map<String, String>> all = new TreeMap<>();
        for (var outer : entries(field, maxNames)) {
            var within = field + "." + outer.getKey();
            Map<String, String> values = new TreeMap<>();
            for (var inner : entries(within, outer.getValue(), maxInner)) {
                var node = inner.getValue();
                var at = within + "." + inner.getKey();
                if (node.isTextual() || node.isBoolean() || node.isIntegralNumber()) {
                    var value = node.asText();
                    if (value.length() > maxLength) {
                        problem(at, "must not be longer than " + maxLength + " characters");
                    }
                    values.put(inner.getKey(), value);
                } else {
                    problem(at, "must be a text, a whole number, true or false");
                }
            }
            all.put(outer.getKey(), values);
        }
        return all;
    }

    private Set<Map.Entry<String, JsonNode>> entries(String field, int maxNames) {
        var node = node(field);
        return node == null ? Set.of() : entries(field, node, maxNames);
    }

    private Set<Map.Entry<String, JsonNode>> entries(String field, JsonNode node, int maxNames) {
        if (node.isObject() && node.size() <= maxNames) {
            return node.properties();
        }
        problem(field, "must be an object with at most " + maxNames + " fields");
        return Set.of();
    }

    /** Words of a kind; nothing when the field is absent. */
    <E extends Enum<E>> List<E> words(String field, Class<E> type) {
        var node = node(field);
        List<E> words = new ArrayList<>();
        if (node != null) {
            for (var text : texts(field, node, type.getEnumConstants().length, 1, 100)) {
                var word = Texts.enumOf(type, text);
                if (word == null) {
                    problem(field, "can be: " + Texts.words(type));
                } else {
                    words.add(word);
                }
            }
        }
        return words;
    }

    /** Texts, none empty; nothing when the field is absent. */
    List<String> textsOrNone(String field, int maxCount, int maxLength) {
        var node = node(field);
        return node == null ? List.of() : texts(field, node, maxCount, 1, maxLength);
    }

    /** For checks that need more than one field. */
    void problem(String field, String sentence) {
        problems.add(prefix + field, sentence);
    }

    private @Nullable JsonNode node(String field) {
        known.add(field);
        var node = object.get(field);
        return node == null || node.isNull() ? null : node;
    }
}
