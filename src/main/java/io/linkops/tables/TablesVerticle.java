package io.linkops.tables;

import io.linkops.bus.Bus;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.linkops.tables.Tables.Catalog;
import io.linkops.tables.Tables.FindTables;
import io.linkops.tables.Tables.Page;
import io.linkops.tables.Tables.Query;
import io.linkops.tables.Tables.Row;
import io.linkops.tables.Tables.Sort;
import io.linkops.vault.DataKey;
import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Answers questions about tables: each page costs the same, however far in it is, and however many rows there are. */
public final class TablesVerticle extends VerticleBase {
    /** Rows looked at for one page where no index serves a filter. */
    private static final int WINDOW = 2500;

    private static final int KEY_BYTES = 32;

    private static final String PLACE = "cursor_key";

    private final Database database;
    private final DataKey atRest;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final int window;

    /**
     * @param atRest seals the key of the cursors
     * @param random for the key that seals cursors, made once and kept: an unpredictable one
     */
    public TablesVerticle(Database database, DataKey atRest, InstantSource clock, RandomGenerator random) {
        this(database, atRest, clock, random, WINDOW);
    }

    TablesVerticle(Database database, DataKey atRest, InstantSource clock, RandomGenerator random, int window) {
        this.database = database;
        this.atRest = atRest;
        this.clock = clock;
        this.random = random;
        this.window = window;
    }

    @Override
    public Future<?> start() {
        var bus = Bus.of(vertx);
        return key().onSuccess(key -> {
            var cursors = new Cursors(key);
            bus.answer(Query.class, query -> answer(cursors, query));
            bus.answer(
                    FindTables.class,
                    _ -> Future.succeededFuture(new Catalog(
                            Definitions.ALL.stream().map(Definition::shown).toList())));
        });
    }

    /** Kept in the database, sealed: a cursor holds over a restart, and on every node. */
    private Future<byte[]> key() {
        byte[] fresh = new byte[KEY_BYTES];
        random.nextBytes(fresh);
        var made = new Secret(Base64.getEncoder().encodeToString(fresh));
        return database.write(Statement.of(
                        "INSERT INTO cursor_key (id, secret) VALUES (1, ?) ON CONFLICT (id) DO NOTHING",
                        atRest.seal(PLACE, made)))
                .compose(_ -> database.read("SELECT secret FROM cursor_key WHERE id = 1"))
                .map(rows -> rows.getFirst().getString(0))
                .compose(kept -> DataKey.isSealed(kept)
                        ? Future.succeededFuture(atRest.open(PLACE, kept))
                        : sealed(new Secret(kept)))
                .map(kept -> Base64.getDecoder().decode(kept.reveal()));
    }

    /** Older versions kept it plain. */
    private Future<Secret> sealed(Secret plain) {
        return database.write(Statement.of("UPDATE cursor_key SET secret = ? WHERE id = 1", atRest.seal(PLACE, plain)))
                .map(plain);
    }

    private Future<Page> answer(Cursors cursors, Query query) {
        var plan = QueryPlan.of(query);
        var after = query.cursor() == null ? null : position(cursors, query, query.cursor());
        var asOf = clock.instant();
        return read(TableSql.rows(plan, after, query.size() + 1, window)).compose(rows -> {
            if (rows.size() > query.size()) {
                var shown = rows.subList(0, query.size());
                return Future.succeededFuture(
                        page(plan, shown, cursors.seal(query, position(plan, shown.getLast())), asOf));
            }
            return plan.isSearch()
                    ? next(cursors, query, plan, after).map(next -> page(plan, rows, next, asOf))
                    : Future.succeededFuture(page(plan, rows, null, asOf));
        });
    }

    private static List<Object> position(Cursors cursors, Query query, String cursor) {
        return cursors.open(query, cursor)
                .orElseThrow(() -> QueryPlan.refusal(Map.of(
                        "page.cursor",
                        "was not made here for this table with these filters and this order; begin without one")));
    }

    /** Where the window ended, if there may be rows behind it. */
    private Future<@Nullable String> next(Cursors cursors, Query query, QueryPlan plan, @Nullable List<Object> after) {
        return read(TableSql.end(plan, after, window)).map(rows -> {
            boolean isFull = !rows.isEmpty() && rows.getFirst().getInteger("looked_at") == window;
            return isFull ? cursors.seal(query, position(plan, rows.getFirst())) : null;
        });
    }

    private Future<List<io.vertx.sqlclient.Row>> read(TableSql.Question question) {
        return database.read(question.sql(), question.values().toArray());
    }

    private static List<Object> position(QueryPlan plan, io.vertx.sqlclient.Row row) {
        return plan.sort().stream()
                .map(Sort::column)
                .map(name -> cell(row, name))
                .toList();
    }

    private static Object cell(io.vertx.sqlclient.Row row, String name) {
        return Objects.requireNonNull(row.getValue(name), name);
    }

    private static Page page(QueryPlan plan, List<io.vertx.sqlclient.Row> rows, @Nullable String next, Instant asOf) {
        var shown = rows.stream().map(row -> row(plan, row)).toList();
        return new Page(plan.table().name(), plan.columns(), shown, next, asOf);
    }

    private static Row row(QueryPlan plan, io.vertx.sqlclient.Row row) {
        List<@Nullable String> cells = new ArrayList<>(plan.columns().size());
        plan.columns().forEach(column -> cells.add(Values.shown(column.type(), cell(row, column.name()))));
        return new Row(cells);
    }
}
