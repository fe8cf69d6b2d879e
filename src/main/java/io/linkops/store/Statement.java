package io.linkops.store;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One SQL statement with its bound values; adjacent statements with the same SQL travel as one batch.
 *
 * @param values strings, Long, Integer, Boolean (stored as 0/1), byte[] or null, in the order of the {@code ?}
 */
public record Statement(String sql, List<@Nullable Object> values) {
    public Statement {
        values = Collections.unmodifiableList(new java.util.ArrayList<>(values));
    }

    public static Statement of(String sql, @Nullable Object... values) {
        return new Statement(sql, java.util.Arrays.asList(values));
    }
}
