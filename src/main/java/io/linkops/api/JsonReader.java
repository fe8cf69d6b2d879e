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
    private final Problems problems = new Problems();
    private final Set<String> known = new HashSet<>();

    private JsonReader(JsonNode object) {
        this.object = object;
    }

    /** Reads all of the body, or fails with VALIDATION_FAILED, MALFORMED_REQUEST or UNSUPPORTED_MEDIA_TYPE. */
    static <T> T read(HttpServerRequest request, Buffer body, Function<JsonReader, T> reading) {
        var reader = new JsonReader(JsonBody.parse(request, body));
        var value = reading.apply(reader);
        reader.refuseUnknown();
        reader.problems.throwIfAny();
        return value;
    }

    private void refuseUnknown() {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problems.add(name, "is not known here");
            }
        });
    }

    /** A text with at least one character. */
    String text(String field, int maxLength) {
        var text = textOrNull(field, maxLength);
        if (text == null) {
            problems.add(field, "is missing");
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
            problems.add(field, "must be a text");
            return "";
        }
        var text = node.textValue();
        var problem = text.length() < minLength ? "must not be empty" : Texts.problem(text, maxLength);
        if (problem != null) {
            problems.add(field, problem);
        }
        return text;
    }

    <E extends Enum<E>> E word(String field, Class<E> type) {
        var word = wordOrNull(field, type);
        if (word == null) {
            problems.add(field, "is missing; possible: " + Texts.words(type));
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
            problems.add(field, "must be one of: " + Texts.words(type));
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
            problems.add(field, "must be a whole number from " + min + " to " + max);
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
        problems.add(field, "must be true or false");
        return null;
    }

    @Nullable
    Instant timeOrNull(String field) {
        var text = textOrNull(field, 50);
        try {
            return text == null ? null : java.time.OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            problems.add(field, "must be a time such as 2030-01-31T12:00:00Z");
            return null;
        }
    }

    /** At least one text, none empty. */
    List<String> texts(String field, int maxCount, int maxLength) {
        var node = node(field);
        if (node == null) {
            problems.add(field, "is missing");
            return List.of();
        }
        if (node.isEmpty()) {
            problems.add(field, "must be a list with at least one entry");
        }
        return texts(field, node, maxCount, 1, maxLength);
    }

    /** Texts that are not empty, or nothing when the field is absent. */
    List<String> textsOrNone(String field, int maxCount, int maxLength) {
        var node = node(field);
        return node == null ? List.of() : texts(field, node, maxCount, 1, maxLength);
    }

    private List<String> texts(String field, JsonNode node, int maxCount, int minLength, int maxLength) {
        if (!node.isArray()) {
            problems.add(field, "must be a list of texts");
            return List.of();
        }
        if (node.size() > maxCount) {
            problems.add(field, "must not have more than " + maxCount + " entries");
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
            problems.add(field, "must be an object with at most " + maxNames + " lists of texts");
            return Map.of();
        }
        Map<String, List<String>> lists = new TreeMap<>();
        for (var entry : node.properties()) {
            lists.put(entry.getKey(), texts(field + "." + entry.getKey(), entry.getValue(), maxCount, 0, maxLength));
        }
        return lists;
    }

    /** For checks that need more than one field. */
    void problem(String field, String sentence) {
        problems.add(field, sentence);
    }

    private @Nullable JsonNode node(String field) {
        known.add(field);
        var node = object.get(field);
        return node == null || node.isNull() ? null : node;
    }
}
