package io.linkops.tables;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.tables.Tables.Query;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are there for whoever asks (decision 15), as a condition of the innermost query: so no cursor, no window
 * and no count is ever made of another row. {@code json_each} is SQLite's; elsewhere it has another name.
 *
 * @param links ids; null for all
 * @param scripts ids; null for all
 */
record Within(@Nullable Set<String> links, @Nullable Set<String> scripts) {
    static final Within ALL = new Within(null, null);

    private static final Set<String> OF_OPERATIONS =
            Set.of("tbl_operations", "tbl_operations_history", "tbl_recent_activity");
    private static final String LISTED = "(SELECT value FROM json_each(?))";
    private static final String TARGETS_WITHIN =
            "NOT EXISTS (SELECT 1 FROM executions x WHERE x.operation_id = o.id AND x.target NOT IN " + LISTED + ")";
    private static final String SCRIPTS_WITHIN =
            "NOT EXISTS (SELECT 1 FROM json_each(o.scripts) AS s WHERE s.value NOT IN " + LISTED + ")";

    static Within of(Query query) {
        return new Within(query.links(), query.scripts());
    }

    boolean isAll() {
        return links == null && scripts == null;
    }

    /** @throws Failure FORBIDDEN for tables that cannot be narrowed */
    String condition(Definition table) {
        if (isOfOperations(table)) {
            return operations(table.name());
        }
        return switch (table.name()) {
            case "tbl_links" -> links == null ? "1 = 1" : "id IN " + LISTED;
            case "tbl_link_health" -> links == null ? "1 = 1" : "link IN " + LISTED;
            default ->
                throw new Failure(
                        ErrorCode.FORBIDDEN,
                        table.name() + " is about the whole fleet, and your scope is narrower than that");
        };
    }

    private static boolean isOfOperations(Definition table) {
        return OF_OPERATIONS.contains(table.name());
    }

    private String operations(String table) {
        var condition = new StringBuilder("EXISTS (SELECT 1 FROM operations o WHERE o.id = " + table + ".id");
        if (links != null) {
            condition.append(" AND ").append(TARGETS_WITHIN);
        }
        if (scripts != null) {
            condition.append(" AND ").append(SCRIPTS_WITHIN);
        }
        return condition.append(")").toString();
    }

    /** What is bound in {@link #condition}, in order. */
    List<Object> values(Definition table) {
        var values = new ArrayList<Object>();
        if (links != null) {
            values.add(listed(links));
        }
        if (scripts != null && isOfOperations(table)) {
            values.add(listed(scripts));
        }
        return values;
    }

    private static String listed(Set<String> ids) {
        return new JsonArray(List.copyOf(new TreeSet<>(ids))).encode();
    }
}
