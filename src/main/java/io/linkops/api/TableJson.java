package io.linkops.api;

import io.linkops.tables.Tables;
import io.linkops.tables.Tables.Catalog;
import io.linkops.tables.Tables.Column;
import io.linkops.tables.Tables.Page;
import io.linkops.tables.Tables.Row;
import io.linkops.tables.Tables.Sort;
import io.linkops.tables.Tables.Table;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tables and their pages as the API shows them. */
final class TableJson {
    private TableJson() {}

    static JsonObject of(Catalog catalog) {
        return new JsonObject().put("tables", Json.list(catalog.tables(), TableJson::of));
    }

    private static JsonObject of(Table table) {
        return new JsonObject()
                .put("name", table.name())
                .put("description", table.description())
                .put("columns", Json.list(table.columns(), TableJson::of))
                .put("order", Json.list(table.order(), TableJson::of))
                .put("restricted", table.isRestricted());
    }

    private static JsonObject of(Column column) {
        return new JsonObject()
                .put("name", column.name())
                .put("type", Texts.word(column.type()))
                .put("sortable", column.isSortable());
    }

    private static JsonObject of(Sort sort) {
        return new JsonObject().put("col", sort.column()).put("dir", Texts.word(sort.direction()));
    }

    static JsonObject of(Page page) {
        return new JsonObject()
                .put("table", page.table())
                .put("rows", Json.list(page.rows(), row -> row(page.columns(), row)))
                .put("page", new JsonObject().put("size", page.rows().size()).put("next_cursor", page.next()))
                .put(
                        "meta",
                        new JsonObject()
                                .put("as_of", page.asOf().toString())
                                .put("columns", Json.list(page.columns(), TableJson::of)));
    }

    private static JsonObject row(List<Column> columns, Row row) {
        var json = new JsonObject();
        for (int i = 0; i < columns.size(); i++) {
            json.put(
                    columns.get(i).name(),
                    value(columns.get(i).type(), row.cells().get(i)));
        }
        return json;
    }

    private static @Nullable Object value(Tables.CellType type, @Nullable String cell) {
        if (cell == null) {
            return null;
        }
        return switch (type) {
            case NUMBER, DURATION -> Long.valueOf(cell);
            case FLAG -> Boolean.valueOf(cell);
            case LIST -> new JsonArray(cell);
            case JSON -> new JsonObject(cell);
            case TEXT, WORD, TIME -> cell;
        };
    }
}
