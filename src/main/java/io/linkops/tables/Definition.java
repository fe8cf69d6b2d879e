package io.linkops.tables;

import io.linkops.tables.Tables.CellType;
import io.linkops.tables.Tables.Column;
import io.linkops.tables.Tables.Direction;
import io.linkops.tables.Tables.Sort;
import io.linkops.tables.Tables.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One table: a view of the same name, its columns, its key, and which ways into it an index serves.
 *
 * <p>In the view no cell is NULL: a text that is absent is empty, a number, time or flag that is absent is −1. So keys
 * compare, and no value that exists is mistaken for none.
 *
 * @param key column that is unique and breaks ties
 * @param isLarge whether only indexed ways may be taken: one sort column out of the sortable ones
 * @param isRestricted whether it is for admins
 * @param paths columns with an index of their own before {@code order}: a filter by equality goes straight there
 */
record Definition(
        String name,
        String description,
        Map<String, Column> columns,
        String key,
        Sort order,
        boolean isLarge,
        boolean isRestricted,
        Set<String> paths) {

    Table shown() {
        return new Table(name, description, List.copyOf(columns.values()), List.of(order), isRestricted);
    }

    static Drawing named(String name, String description) {
        return new Drawing(name, description);
    }

    /** A definition being drawn. */
    static final class Drawing {
        private final String name;
        private final String description;
        private final Map<String, Column> columns = new LinkedHashMap<>();
        private final Set<String> paths = new LinkedHashSet<>();
        private final List<String> key = new ArrayList<>();
        private boolean isLarge;
        private boolean isRestricted;

        private Drawing(String name, String description) {
            this.name = name;
            this.description = description;
        }

        /** The column that is unique; always sortable. */
        Drawing key(String column) {
            key.add(column);
            return sorted(CellType.TEXT, column);
        }

        Drawing sorted(CellType type, String... names) {
            return add(type, true, names);
        }

        Drawing unsorted(CellType type, String... names) {
            return add(type, false, names);
        }

        private Drawing add(CellType type, boolean isSortable, String... names) {
            for (var column : names) {
                columns.put(column, new Column(column, type, isSortable));
            }
            return this;
        }

        Drawing path(String... names) {
            paths.addAll(List.of(names));
            return this;
        }

        Drawing large() {
            isLarge = true;
            return this;
        }

        Drawing restricted() {
            isRestricted = true;
            return this;
        }

        Definition inOrderOf(String column, Direction direction) {
            return new Definition(
                    name,
                    description,
                    java.util.Collections.unmodifiableMap(columns),
                    key.getFirst(),
                    new Sort(column, direction),
                    isLarge,
                    isRestricted,
                    Set.copyOf(paths));
        }
    }
}
