package io.linkops.tables;

import io.linkops.tables.Tables.CellType;
import io.linkops.tables.Tables.Column;
import io.linkops.tables.Tables.Direction;
import io.linkops.tables.Tables.Filter;
import io.linkops.tables.Tables.Sort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of a plan. Names come from the definitions alone, values are always bound, and pages begin at a key: there is
 * no OFFSET, so the thousandth page costs what the first does.
 */
final class TableSql {
    private final QueryPlan plan;
    private final StringBuilder sql = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    /** A statement with its values. */
    record Question(String sql, List<Object> values) {
        Question {
            values = List.copyOf(values);
        }
    }

    private TableSql(QueryPlan plan) {
        this.plan = plan;
    }

    /**
     * The rows after a position.
     *
     * @param limit of rows
     * @param window how many rows are looked at, where filters are not served by an index
     */
    static Question rows(QueryPlan plan, @Nullable List<Object> after, int limit, int window) {
        var sql = new TableSql(plan);
        var names = names(plan);
        if (plan.isSearch()) {
            sql.add("SELECT ").add(names).add(" FROM (");
            sql.found("*", plan.direct(), after).add(" LIMIT ").bind(window).add(") AS looked");
            sql.where(plan.other(), null);
        } else {
            sql.found(names, plan.direct(), after);
        }
        return sql.add(plan.isSearch() ? " ORDER BY " + order(plan, false) : "")
                .add(" LIMIT ")
                .bind(limit)
                .question();
    }

    /** The last row of the window, and how many rows it has. */
    static Question end(QueryPlan plan, @Nullable List<Object> after, int window) {
        var sql = new TableSql(plan);
        var keys = plan.sort().stream().map(Sort::column).collect(Collectors.joining(", "));
        sql.add("SELECT COUNT(*) OVER () AS looked_at, ").add(keys).add(" FROM (");
        sql.found(keys, plan.direct(), after).add(" LIMIT ").bind(window);
        return sql.add(") AS looked ORDER BY ")
                .add(order(plan, true))
                .add(" LIMIT ")
                .bind(1)
                .question();
    }

    /** What is shown and what the next page is found by. */
    static String names(QueryPlan plan) {
        Set<String> names = new LinkedHashSet<>();
        plan.columns().forEach(column -> names.add(column.name()));
        plan.sort().forEach(sort -> names.add(sort.column()));
        return String.join(", ", names);
    }

    private TableSql found(String what, List<Filter> filters, @Nullable List<Object> after) {
        return add("SELECT ")
                .add(what)
                .add(" FROM ")
                .add(plan.table().name())
                .within()
                .where(plan.within().isAll() ? " WHERE " : " AND ", filters, after)
                .add(" ORDER BY ")
                .add(order(plan, false));
    }

    private TableSql within() {
        if (!plan.within().isAll()) {
            add(" WHERE ").add(plan.within().condition(plan.table()));
            values.addAll(plan.within().values(plan.table()));
        }
        return this;
    }

    /** The outer query of a search has conditions of its own; what is within is the inner one's. */
    private TableSql where(List<Filter> filters, @Nullable List<Object> after) {
        return where(" WHERE ", filters, after);
    }

    private TableSql where(String first, List<Filter> filters, @Nullable List<Object> after) {
        var word = first;
        for (var filter : filters) {
            add(word).condition(filter);
            word = " AND ";
        }
        if (after != null) {
            add(word).after(after);
        }
        return this;
    }

    private void condition(Filter filter) {
        var column = QueryPlan.column(plan.table(), filter.column());
        switch (filter.operator()) {
            case EQ -> compared(column, " = ", filter);
            case NE -> compared(column, " <> ", filter);
            case GT -> compared(column, " > ", filter);
            case GTE -> compared(column, " >= ", filter);
            case LT -> present(column, " < ", filter);
            case LTE -> present(column, " <= ", filter);
            case IN -> oneOf(column, filter);
            case CONTAINS ->
                contains(column, Objects.requireNonNull(filter.values().getFirst()));
        }
    }

    private void compared(Column column, String operator, Filter filter) {
        add(column.name()).add(operator).bind(stored(column, filter.values().getFirst()));
    }

    /** What is absent is not less than anything. */
    private void present(Column column, String operator, Filter filter) {
        compared(column, operator, filter);
        add(" AND ").add(column.name()).add(" <> ").bind(Values.absent(column.type()));
    }

    private void oneOf(Column column, Filter filter) {
        add(column.name())
                .add(" IN (")
                .add(String.join(", ", Collections.nCopies(filter.values().size(), "?")));
        filter.values().forEach(value -> values.add(stored(column, value)));
        add(")");
    }

    /** A part is there if taking it out makes a difference: needs no escapes, and reads alike on every database. */
    private void contains(Column column, String value) {
        boolean isList = column.type() == CellType.LIST;
        var whole = isList ? "(',' || SUBSTR(" + column.name() + ", 2))" : "LOWER(" + column.name() + ")";
        add("REPLACE(").add(whole).add(", ").bind(isList ? "," + Values.entry(value) : lower(value));
        add(", '') <> ").add(whole);
    }

    /** As the database does: ASCII letters alone. */
    private static String lower(String text) {
        var lower = new StringBuilder(text.length());
        text.chars().forEach(c -> lower.append((char) (c < 128 ? Character.toLowerCase(c) : c)));
        return lower.toString();
    }

    private static Object stored(Column column, @Nullable String value) {
        return Values.stored(column.type(), value).orElseThrow();
    }

    private void after(List<Object> position) {
        if (plan.isOneWay()) {
            rowAfter(position);
        } else {
            add("(");
            for (int i = 0; i < position.size(); i++) {
                add(i == 0 ? "(" : " OR (");
                for (int j = 0; j < i; j++) {
                    add(plan.sort().get(j).column())
                            .add(" = ")
                            .bind(position.get(j))
                            .add(" AND ");
                }
                add(plan.sort().get(i).column())
                        .add(plan.isDescending(i) ? " < " : " > ")
                        .bind(position.get(i))
                        .add(")");
            }
            add(")");
        }
    }

    private void rowAfter(List<Object> position) {
        var keys = plan.sort().stream().map(Sort::column).collect(Collectors.joining(", "));
        add("(" + keys + ")").add(plan.isDescending(0) ? " < (" : " > (");
        add(String.join(", ", Collections.nCopies(position.size(), "?"))).add(")");
        values.addAll(position);
    }

    private static String order(QueryPlan plan, boolean isReversed) {
        return plan.sort().stream()
                .map(sort -> sort.column() + " " + direction(sort.direction(), isReversed))
                .collect(Collectors.joining(", "));
    }

    private static String direction(Direction direction, boolean isReversed) {
        boolean isDescending = (direction == Direction.DESC) != isReversed;
        return (isDescending ? Direction.DESC : Direction.ASC).name().toUpperCase(Locale.ROOT);
    }

    private TableSql add(String text) {
        sql.append(text);
        return this;
    }

    private TableSql bind(Object value) {
        sql.append('?');
        values.add(value);
        return this;
    }

    private Question question() {
        return new Question(sql.toString(), values);
    }
}
