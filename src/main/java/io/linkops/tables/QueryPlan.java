package io.linkops.tables;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.tables.Tables.CellType;
import io.linkops.tables.Tables.Column;
import io.linkops.tables.Tables.Direction;
import io.linkops.tables.Tables.Filter;
import io.linkops.tables.Tables.Operator;
import io.linkops.tables.Tables.Query;
import io.linkops.tables.Tables.Sort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A question that can be answered, or a refusal that lists what can be asked. Pure.
 *
 * @param columns what is shown
 * @param sort the whole order, the key last
 * @param direct filters that an index of the table serves together with the order
 * @param other filters that rows are looked at for
 * @param within which rows are there at all
 */
record QueryPlan(
        Definition table,
        List<Column> columns,
        List<Sort> sort,
        List<Filter> direct,
        List<Filter> other,
        Within within) {
    private static final int MOST_SIZE = 500;
    private static final int MOST_FILTERS = 20;
    private static final int MOST_VALUES = 500;
    private static final int MOST_SORTS = 5;
    private static final Set<Operator> BY_ORDER = Set.of(Operator.GT, Operator.GTE, Operator.LT, Operator.LTE);

    QueryPlan(Definition table, List<Column> columns, List<Sort> sort, List<Filter> direct, List<Filter> other) {
        this(table, columns, sort, direct, other, Within.ALL);
    }

    QueryPlan {
        columns = List.copyOf(columns);
        sort = List.copyOf(sort);
        direct = List.copyOf(direct);
        other = List.copyOf(other);
    }

    /** @throws Failure VALIDATION_FAILED naming each field that is wrong and what it may be [P25], FORBIDDEN */
    static QueryPlan of(Query query) {
        var table = Definitions.named(query.table())
                .orElseThrow(() -> refusal(Map.of(
                        "table",
                        "is no table; there are "
                                + Definitions.ALL.stream().map(Definition::name).collect(Collectors.joining(", ")))));
        if (table.isRestricted() && !query.withRestricted()) {
            throw new Failure(ErrorCode.FORBIDDEN, table.name() + " is for admins");
        }
        var problems = new TreeMap<String, String>();
        checkSize(query, problems);
        query.columns().forEach(name -> checkColumn(table, name, "columns", problems));
        checkFilters(table, query.filters(), problems);
        checkSort(table, query.sort(), problems);
        if (!problems.isEmpty()) {
            throw refusal(problems);
        }
        return plan(table, query);
    }

    private static QueryPlan plan(Definition table, Query query) {
        var asked = query.sort().isEmpty() ? List.of(table.order()) : query.sort();
        List<Filter> direct = new ArrayList<>();
        List<Filter> other = new ArrayList<>();
        for (var filter : query.filters()) {
            (isDirect(table, asked.getFirst(), filter, direct) ? direct : other).add(filter);
        }
        return new QueryPlan(
                table, shown(table, query.columns()), withKey(table, asked), direct, other, Within.of(query));
    }

    private static List<Column> shown(Definition table, List<String> names) {
        return names.isEmpty()
                ? List.copyOf(table.columns().values())
                : names.stream().distinct().map(name -> column(table, name)).toList();
    }

    static Column column(Definition table, String name) {
        var column = table.columns().get(name);
        if (column == null) {
            throw new IllegalStateException(table.name() + " has no column " + name);
        }
        return column;
    }

    private static List<Sort> withKey(Definition table, List<Sort> asked) {
        var key = table.key();
        if (asked.stream().anyMatch(sort -> sort.column().equals(key))) {
            int last = asked.stream().map(Sort::column).toList().indexOf(key);
            return asked.subList(0, last + 1);
        }
        var whole = new ArrayList<>(asked);
        whole.add(new Sort(key, asked.getLast().direction()));
        return whole;
    }

    /** A bound on the sort column, or one equality that has its own index before the table's order. */
    private static boolean isDirect(Definition table, Sort first, Filter filter, List<Filter> chosen) {
        if (!table.isLarge()) {
            return true;
        }
        if (filter.column().equals(first.column())) {
            return BY_ORDER.contains(filter.operator()) || filter.operator() == Operator.EQ;
        }
        return filter.operator() == Operator.EQ
                && table.paths().contains(filter.column())
                && first.column().equals(table.order().column())
                && chosen.stream().noneMatch(other -> table.paths().contains(other.column()));
    }

    /** Whether rows must be looked at that may not be shown. */
    boolean isSearch() {
        return !other.isEmpty();
    }

    private static void checkSize(Query query, Map<String, String> problems) {
        if (query.size() < 1 || query.size() > MOST_SIZE) {
            problems.put("page.size", "must be from 1 to " + MOST_SIZE);
        }
        if (query.filters().size() > MOST_FILTERS) {
            problems.put("filters", "must not be more than " + MOST_FILTERS);
        }
    }

    private static boolean checkColumn(Definition table, String name, String field, Map<String, String> problems) {
        boolean isKnown = table.columns().containsKey(name);
        if (!isKnown) {
            problems.put(
                    field,
                    "name a column " + table.name() + " does not have; it has "
                            + String.join(", ", table.columns().keySet()));
        }
        return isKnown;
    }

    private static void checkFilters(Definition table, List<Filter> filters, Map<String, String> problems) {
        for (int i = 0; i < filters.size(); i++) {
            var field = "filters[" + i + "]";
            var filter = filters.get(i);
            if (checkColumn(table, filter.column(), field + ".col", problems)) {
                checkOperator(column(table, filter.column()), filter, field, problems);
            }
        }
    }

    private static void checkOperator(Column column, Filter filter, String field, Map<String, String> problems) {
        var allowed = operators(column.type());
        if (!allowed.contains(filter.operator())) {
            problems.put(
                    field + ".op",
                    "cannot be asked of " + column.name() + "; it can be "
                            + allowed.stream().map(QueryPlan::word).collect(Collectors.joining(", ")));
            return;
        }
        boolean isCount = filter.operator() == Operator.IN
                ? !filter.values().isEmpty() && filter.values().size() <= MOST_VALUES
                : filter.values().size() == 1;
        if (!isCount) {
            problems.put(
                    field + ".val",
                    filter.operator() == Operator.IN ? "must be a list of 1 to " + MOST_VALUES : "must be one value");
        } else if (!filter.values().stream().allMatch(value -> isValue(column, filter.operator(), value))) {
            problems.put(field + ".val", "must be " + Values.form(column.type()));
        }
    }

    private static boolean isValue(Column column, Operator operator, @org.jspecify.annotations.Nullable String value) {
        if (value == null) {
            return operator == Operator.EQ || operator == Operator.NE;
        }
        boolean isPart = operator == Operator.CONTAINS && value.isEmpty();
        return !isPart && Values.stored(column.type(), value).isPresent();
    }

    static List<Operator> operators(CellType type) {
        return switch (type) {
            case TEXT -> Arrays.asList(Operator.values());
            case WORD, FLAG -> List.of(Operator.EQ, Operator.NE, Operator.IN);
            case NUMBER, DURATION, TIME ->
                List.of(Operator.EQ, Operator.NE, Operator.IN, Operator.GT, Operator.GTE, Operator.LT, Operator.LTE);
            case LIST -> List.of(Operator.CONTAINS);
            case JSON -> List.of();
        };
    }

    private static void checkSort(Definition table, List<Sort> sort, Map<String, String> problems) {
        int most = table.isLarge() ? 1 : MOST_SORTS;
        if (sort.size() > most) {
            problems.put("sort", "must not name more than " + most + " columns of " + table.name());
        }
        if (sort.stream().map(Sort::column).distinct().count() < sort.size()) {
            problems.put("sort", "names a column twice");
        }
        for (int i = 0; i < sort.size(); i++) {
            var column = table.columns().get(sort.get(i).column());
            if (column == null || !column.isSortable()) {
                problems.put(
                        "sort[" + i + "].col",
                        "is nothing " + table.name() + " can be sorted by; it can by " + sortable(table));
            }
        }
    }

    private static String sortable(Definition table) {
        return table.columns().values().stream()
                .filter(Column::isSortable)
                .map(Column::name)
                .collect(Collectors.joining(", "));
    }

    static Failure refusal(Map<String, String> problems) {
        var text = problems.entrySet().stream()
                .map(problem -> problem.getKey() + " " + problem.getValue())
                .collect(Collectors.joining("; "));
        return new Failure(ErrorCode.VALIDATION_FAILED, text, Map.of("fields", Map.copyOf(problems)));
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Whether all columns go the same way, so that one comparison of row values finds the place. */
    boolean isOneWay() {
        return sort.stream().map(Sort::direction).distinct().count() == 1;
    }

    boolean isDescending(int index) {
        return sort.get(index).direction() == Direction.DESC;
    }
}
