package io.linkops.tables;

import io.linkops.bus.Contract;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tables that can be asked with filters, an order and pages. They are views on what other rooms own. */
@Contract
public interface Tables {

    /** How a column's value is compared with a filter's. */
    enum Operator {
        EQ,
        NE,
        /** One of several. */
        IN,
        GT,
        GTE,
        LT,
        LTE,
        /** A part of a text, whatever the case of ASCII letters; an entry of a list, exactly. */
        CONTAINS
    }

    enum Direction {
        ASC,
        DESC
    }

    /**
     * One condition. A row must meet all of them.
     *
     * @param values as text: numbers in digits, times in ISO 8601, flags as {@code true} or {@code false}, null for
     *     "has none" (EQ and NE alone). One value, but for IN
     */
    record Filter(String column, Operator operator, List<@Nullable String> values) {
        public Filter {
            values = Collections.unmodifiableList(new ArrayList<>(values));
        }
    }

    record Sort(String column, Direction direction) {}

    /**
     * A page of a table. VALIDATION_FAILED, naming what is allowed, for tables, columns and operators there are not,
     * and for cursors that were not made here for this very question [P25].
     *
     * @param columns in this order; none for all
     * @param sort none for the table's own order; ties are broken by the table's key, in the direction of the last
     * @param size rows, 1–500
     * @param cursor from the page before; null for the first
     * @param withRestricted whether tables may be asked that are for admins; FORBIDDEN otherwise
     * @param links what rows may be about, by id; null for all (decision 15)
     * @param scripts what operations may have run, by id; null for all
     */
    record Query(
            String table,
            List<String> columns,
            List<Filter> filters,
            List<Sort> sort,
            int size,
            @Nullable String cursor,
            boolean withRestricted,
            @Nullable Set<String> links,
            @Nullable Set<String> scripts)
            implements Request<Page> {
        /** About the whole fleet. */
        public Query(
                String table,
                List<String> columns,
                List<Filter> filters,
                List<Sort> sort,
                int size,
                @Nullable String cursor,
                boolean withRestricted) {
            this(table, columns, filters, sort, size, cursor, withRestricted, null, null);
        }

        public Query {
            links = links == null ? null : Set.copyOf(links);
            scripts = scripts == null ? null : Set.copyOf(scripts);
            columns = List.copyOf(columns);
            filters = List.copyOf(filters);
            sort = List.copyOf(sort);
        }
    }

    /**
     * Rows of a table. A page can be short, even empty, and not the last: where no index serves a filter, only so many
     * rows are looked at for one page.
     *
     * @param next what brings the next page; null after the last row
     * @param asOf when the rows were read [P27]
     */
    record Page(
            String table,
            List<Column> columns,
            List<Row> rows,
            @Nullable String next,
            Instant asOf) implements Reply {
        public Page {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }
    }

    /** @param cells in the order of the page's columns; null where there is none */
    record Row(List<@Nullable String> cells) {
        public Row {
            cells = Collections.unmodifiableList(new ArrayList<>(cells));
        }
    }

    /** What a column holds; cells are texts of it. */
    enum CellType {
        TEXT,
        /** One of a few words, in lower case. */
        WORD,
        NUMBER,
        /** Milliseconds. */
        DURATION,
        /** ISO 8601, UTC. */
        TIME,
        FLAG,
        /** A JSON list of texts. */
        LIST,
        /** A JSON object; it is neither filtered nor sorted by. */
        JSON
    }

    /** @param isSortable whether rows can be put in its order */
    record Column(String name, CellType type, boolean isSortable) {}

    /** What there is to ask. */
    record FindTables() implements Request<Catalog> {}

    record Catalog(List<Table> tables) implements Reply {
        public Catalog {
            tables = List.copyOf(tables);
        }
    }

    /**
     * @param order the table's own, when the question has none
     * @param isRestricted whether it is for admins
     */
    record Table(String name, String description, List<Column> columns, List<Sort> order, boolean isRestricted) {
        public Table {
            columns = List.copyOf(columns);
            order = List.copyOf(order);
        }
    }
}
