package io.linkops.orchestrator;

import io.linkops.orchestrator.Operations.FindOperations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The history's question as SQL: all criteria together, newest first, from the first one older than {@code before}.
 * Each criterion has an index that leads to the newest match.
 */
final class HistoryQuery {
    /** An id is never greater than this one: Crockford's digits end with z. */
    private static final String NEWEST = "~";

    private final StringBuilder where = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    private HistoryQuery() {}

    /** @param limit rows at most */
    static HistoryQuery of(FindOperations question, int limit) {
        var query = new HistoryQuery();
        var before = question.before() == null ? NEWEST : question.before();
        query.add("id < ?", before);
        if (question.status() != null) {
            query.add("status = ?", question.status().name());
        }
        if (question.kind() != null) {
            query.add("kind = ?", question.kind().name());
        }
        if (question.user() != null) {
            query.add("started_by = ?", question.user());
        }
        if (question.from() != null) {
            query.add("queued_at >= ?", millis(question.from()));
        }
        if (question.to() != null) {
            query.add("queued_at < ?", millis(question.to()));
        }
        if (question.target() != null) {
            query.add(
                    "id IN (SELECT operation_id FROM executions WHERE target = ? AND operation_id < ?)",
                    question.target(),
                    before);
        }
        if (question.script() != null) {
            query.add(
                    "id IN (SELECT operation_id FROM operation_scripts WHERE script = ? AND operation_id < ?)",
                    question.script(),
                    before);
        }
        query.values.add(limit);
        return query;
    }

    /** Times are kept in whole milliseconds: the first one that is not before. */
    private static long millis(Instant at) {
        return at.plusNanos(999_999).toEpochMilli();
    }

    private void add(String condition, Object... bound) {
        where.append(where.isEmpty() ? "" : " AND ").append(condition);
        values.addAll(List.of(bound));
    }

    String sql() {
        return "SELECT * FROM operations WHERE " + where + " ORDER BY id DESC LIMIT ?";
    }

    List<Object> values() {
        return List.copyOf(values);
    }
}
