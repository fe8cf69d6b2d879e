package io.linkops.tables;

import io.linkops.tables.Tables.CellType;
import io.vertx.core.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Between a filter's or a cell's text and what the views hold. */
final class Values {
    private static final String ABSENT_TEXT = "";
    private static final Long ABSENT_NUMBER = -1L;

    private Values() {}

    /** What stands in a view for no value. */
    static Object absent(CellType type) {
        return switch (type) {
            case TEXT, WORD, LIST, JSON -> ABSENT_TEXT;
            case NUMBER, DURATION, TIME, FLAG -> ABSENT_NUMBER;
        };
    }

    /** A filter's value as the view has it; empty if the text is none of this type. */
    static Optional<Object> stored(CellType type, @Nullable String text) {
        if (text == null) {
            return Optional.of(absent(type));
        }
        return switch (type) {
            case TEXT, LIST, JSON -> Optional.of(text);
            case WORD -> Optional.of(text.toUpperCase(Locale.ROOT));
            case NUMBER, DURATION -> number(text);
            case TIME -> time(text);
            case FLAG -> flag(text);
        };
    }

    /** What a filter's text must look like, for people. */
    static String form(CellType type) {
        return switch (type) {
            case TEXT, LIST, JSON -> "a text";
            case WORD -> "a word";
            case NUMBER -> "a whole number";
            case DURATION -> "a whole number of milliseconds";
            case TIME -> "a time such as 2030-01-31T12:00:00Z";
            case FLAG -> "true or false";
        };
    }

    private static Optional<Object> number(String text) {
        return text.matches("-?[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    private static Optional<Object> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Optional<Object> flag(String text) {
        return switch (text) {
            case "true" -> Optional.of(1L);
            case "false" -> Optional.of(0L);
            default -> Optional.empty();
        };
    }

    /** A cell's text; null for none. */
    static @Nullable String shown(CellType type, Object cell) {
        if (cell.equals(absent(type)) || (cell instanceof Number number && number.longValue() == ABSENT_NUMBER)) {
            return null;
        }
        return switch (type) {
            case TEXT, LIST, JSON, NUMBER, DURATION -> String.valueOf(cell);
            case WORD -> String.valueOf(cell).toLowerCase(Locale.ROOT);
            case TIME -> Instant.ofEpochMilli(((Number) cell).longValue()).toString();
            case FLAG -> String.valueOf(((Number) cell).longValue() != 0);
        };
    }

    /** An entry as it stands within a stored JSON list. */
    static String entry(String text) {
        return Json.encode(text);
    }
}
