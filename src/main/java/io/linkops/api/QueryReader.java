package io.linkops.api;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a query strictly: what was not asked for, or is given twice, is refused; nothing misspelt widens a result. */
final class QueryReader {
    private final MultiMap query;
    private final Problems problems = new Problems();
    private final Set<String> known = new HashSet<>();

    private QueryReader(MultiMap query) {
        this.query = query;
    }

    static <T> T read(RoutingContext context, Function<QueryReader, T> reading) {
        var reader = new QueryReader(context.queryParams());
        var value = reading.apply(reader);
        for (var name : reader.query.names()) {
            if (!reader.known.contains(name)) {
                reader.problems.add(name, "is not known here");
            }
        }
        reader.problems.throwIfAny();
        return value;
    }

    /** A parameter that somebody else has read. */
    void ignore(String name) {
        known.add(name);
    }

    @Nullable
    String text(String name, int maxLength) {
        known.add(name);
        var values = query.getAll(name);
        if (values.isEmpty() || (values.size() == 1 && values.getFirst().isEmpty())) {
            return null;
        }
        var problem = values.size() > 1 ? "is given more than once" : Texts.problem(values.getFirst(), maxLength);
        if (problem != null) {
            problems.add(name, problem);
            return null;
        }
        return values.getFirst();
    }

    <E extends Enum<E>> @Nullable E word(String name, Class<E> type) {
        var text = text(name, 100);
        var value = text == null ? null : Texts.enumOf(type, text);
        if (text != null && value == null) {
            problems.add(name, "must be one of: " + Texts.words(type));
        }
        return value;
    }

    long number(String name, long min, long max, long otherwise) {
        var text = text(name, 100);
        if (text == null) {
            return otherwise;
        }
        var value = text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
        if (value < min || value > max) {
            problems.add(name, "must be a whole number from " + min + " to " + max);
            return otherwise;
        }
        return value;
    }

    Instant time(String name, Instant otherwise) {
        var text = text(name, 50);
        try {
            return text == null ? otherwise : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            problems.add(name, "must be a time such as 2030-01-31T12:00:00Z");
            return otherwise;
        }
    }

    /** For checks that need more than one parameter. */
    void problem(String name, String sentence) {
        problems.add(name, sentence);
    }

    @Nullable
    Instant time(String name) {
        var text = text(name, 50);
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            problems.add(name, "must be a time such as 2030-01-31T12:00:00Z");
            return null;
        }
    }

    boolean flag(String name) {
        var text = text(name, 100);
        if (text != null && !text.matches("true|false|1|0")) {
            problems.add(name, "must be true or false");
        }
        return "true".equals(text) || "1".equals(text);
    }
}
