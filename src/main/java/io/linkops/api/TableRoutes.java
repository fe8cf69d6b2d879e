package io.linkops.api;

import static io.linkops.api.Access.VIEWER;

import io.linkops.bus.Bus;
import io.linkops.tables.Tables;
import io.linkops.tables.Tables.Direction;
import io.linkops.tables.Tables.Operator;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tables: what there is, and pages of them. */
final class TableRoutes {
    private static final int MOST = 100;
    private static final int MOST_VALUES = 500;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_VALUE = 1_000;
    private static final int LONGEST_CURSOR = 8_000;
    private static final int SIZE = 50;
    private static final int MOST_SIZE = 500;

    private final Bus bus;

    TableRoutes(Bus bus) {
        this.bus = bus;
    }

    void register(Routes routes) {
        routes.get("/api/tables", VIEWER, this::tables).post("/api/tables/query", VIEWER, this::query);
    }

    private Future<Answer> tables(Call call) {
        call.query(query -> true);
        return bus.request(new Tables.FindTables()).map(catalog -> Answer.ok(TableJson.of(catalog)));
    }

    private Future<Answer> query(Call call) {
        return call.body(json -> query(json, call)).compose(bus::request).map(page -> Answer.ok(TableJson.of(page)));
    }

    private record Place(int size, @Nullable String cursor) {}

    private static Tables.Query query(JsonReader json, Call call) {
        var asked = json.objectOrNull(
                "page",
                page -> new Place(
                        Objects.requireNonNullElse(page.numberOrNull("size", 1, MOST_SIZE), SIZE),
                        page.textOrNull("cursor", LONGEST_CURSOR)));
        var place = asked == null ? new Place(SIZE, null) : asked;
        return new Tables.Query(
                json.text("table", LONGEST_NAME),
                json.textsOrNone("columns", MOST, LONGEST_NAME),
                json.objects("filters", MOST, TableRoutes::filter),
                json.objects("sort", MOST, TableRoutes::sort),
                place.size(),
                place.cursor(),
                Access.ADMIN.admits(call.principal().role())
                        && !call.principal().isScoped(),
                call.reach().links(),
                call.reach().scripts());
    }

    private static Tables.Filter filter(JsonReader json) {
        List<@Nullable String> values = json.values("val", MOST_VALUES, LONGEST_VALUE);
        return new Tables.Filter(json.text("col", LONGEST_NAME), json.word("op", Operator.class), values);
    }

    private static Tables.Sort sort(JsonReader json) {
        var direction = json.wordOrNull("dir", Direction.class);
        return new Tables.Sort(json.text("col", LONGEST_NAME), direction == null ? Direction.ASC : direction);
    }
}
