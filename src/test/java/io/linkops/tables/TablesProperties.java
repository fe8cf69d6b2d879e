package io.linkops.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.SettableClock;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.bus.MessageTypes;
import io.linkops.config.DatabaseConfig;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.linkops.tables.Tables.CellType;
import io.linkops.tables.Tables.Column;
import io.linkops.tables.Tables.Direction;
import io.linkops.tables.Tables.Filter;
import io.linkops.tables.Tables.Operator;
import io.linkops.tables.Tables.Page;
import io.linkops.tables.Tables.Query;
import io.linkops.tables.Tables.Row;
import io.linkops.tables.Tables.Sort;
import io.linkops.vault.DataKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Tables on a real database file, against a plain scan of all rows in Java. */
class TablesProperties {
    private static final Instant NOW = Instant.parse("2030-01-31T12:00:00Z");
    /** So small that a question of a few hundred rows goes through many windows. */
    private static final int WINDOW = 17;

    private static final int OPERATIONS = 400;
    private static final List<String> USERS = List.of("ada", "Bob", "böb", "eve \"x\"", "o'neil%_");

    private static Vertx vertx;
    private static Database database;
    private static Path directory;
    private static Bus bus;

    @BeforeContainer
    static void open() throws IOException {
        directory = Files.createTempDirectory("linkops-tables");
        vertx = Vertx.vertx();
        var config = new DatabaseConfig(directory.resolve("linkops.db"), 2, Duration.ofSeconds(5), 10_000);
        database = await(Database.open(vertx, config));
        Bus.install(vertx, MessageTypes.declaredIn(Tables.class));
        await(vertx.deployVerticle(
                new TablesVerticle(database, DataKey.make("cursors"), new SettableClock(NOW), new Random(7), WINDOW)));
        bus = Bus.of(vertx);
        fill();
    }

    @AfterContainer
    static void close() {
        await(database.close());
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static void fill() {
        var random = new Random(42);
        List<Statement> rows = new ArrayList<>();
        IntStream.range(0, OPERATIONS).forEach(i -> rows.add(operation("op-" + i, i % 40, random)));
        IntStream.range(0, 120).forEach(i -> rows.add(link(i, random)));
        IntStream.range(0, 150).forEach(i -> rows.add(session(i, random)));
        IntStream.range(0, 12).forEach(i -> rows.addAll(workspace(i, random)));
        await(database.write(rows));
    }

    /** Many begin at the same moment, take the same time, and differ in little: ties everywhere. */
    private static Statement operation(String id, long at, Random random) {
        boolean isOver = random.nextInt(12) > 0;
        var status = isOver ? List.of("SUCCESS", "FAILED", "PARTIAL", "STOPPED").get(random.nextInt(4)) : "RUNNING";
        long queuedAt = NOW.toEpochMilli() + at * 1000;
        Long startedAt = random.nextInt(5) == 0 ? null : queuedAt + random.nextInt(3);
        Long endedAt = isOver ? queuedAt + 10 + random.nextInt(20) : null;
        return Statement.of(
                "INSERT INTO operations (id, kind, status, scripts, selectors, targets, concurrency, on_failure,"
                        + " git_commit, started_by, queued_at, started_at, ended_at, duration_millis, counts, reason)"
                        + " VALUES (?, ?, ?, ?, ?, ?, 5, 'STOP', ?, ?, ?, ?, ?, ?, '{\"success\":1}', ?)",
                id,
                random.nextInt(4) == 0 ? "VERIFY" : "SCRIPT",
                status,
                new JsonArray(pick(List.of("a", "b\"c", "d,e", "\"a\"", "ä"), random)).encode(),
                new JsonArray(pick(List.of("tag:web", "vm-*"), random)).encode(),
                random.nextInt(6),
                random.nextInt(3) == 0 ? null : "abc" + random.nextInt(3),
                USERS.get(random.nextInt(USERS.size())),
                queuedAt,
                startedAt,
                endedAt,
                isOver ? random.nextInt(15) : -1,
                random.nextBoolean() ? null : "Stopped by Ada " + random.nextInt(5));
    }

    private static Statement link(int i, Random random) {
        boolean isSeen = random.nextInt(3) > 0;
        return Statement.of(
                "INSERT INTO links (id, type, provider, host, port, login_user, tags, client_id, client_id_path,"
                        + " metadata, is_retired, enrollment_status, client_id_found, client_id_matches,"
                        + " enrollment_reason, verified_at, reset_at, last_seen, latency_millis) VALUES (?, ?, ?, ?, ?,"
                        + " 'root', ?, 'x', '/etc/linkops/client_id', '{}', ?, ?, 0, 0, ?, ?, 0, ?, ?)",
                "vm-" + i,
                List.of("VM", "VPS", "Proxmox").get(random.nextInt(3)),
                random.nextInt(3) == 0 ? null : "Provider " + random.nextInt(3),
                "10.0.0." + random.nextInt(9),
                22 + random.nextInt(2),
                new JsonArray(pick(List.of("web", "db", "we", "web\"x"), random)).encode(),
                random.nextInt(10) == 0,
                isSeen ? List.of("ENROLLED", "REFUSED").get(random.nextInt(2)) : "UNVERIFIED",
                isSeen && random.nextBoolean()
                        ? List.of("client_id_missing", "unreachable").get(random.nextInt(2))
                        : null,
                isSeen ? NOW.toEpochMilli() + random.nextInt(9) : null,
                isSeen ? NOW.toEpochMilli() + random.nextInt(9) : null,
                isSeen ? (long) random.nextInt(5) : null);
    }

    private static Statement session(int i, Random random) {
        boolean isOver = random.nextInt(4) > 0;
        return Statement.of(
                "INSERT INTO terminal_sessions (id, workspace_id, pane, link, username, owner, remote_address,"
                    + " opened_at, closed_at, end_reason, exit_code, bytes_in, bytes_out, recording, recording_bytes)"
                    + " VALUES (?, 'w', 0, ?, ?, 'ada', '127.0.0.1', ?, ?, ?, ?, ?, ?, NULL, NULL)",
                "op-%03d".formatted(i),
                "vm-" + random.nextInt(4),
                USERS.get(random.nextInt(USERS.size())),
                NOW.toEpochMilli() + random.nextInt(40) * 1000L,
                isOver ? NOW.toEpochMilli() + 50_000 : null,
                isOver ? "exit" : null,
                isOver && random.nextBoolean() ? random.nextInt(3) : null,
                random.nextInt(20),
                random.nextInt(20));
    }

    private static List<Statement> workspace(int i, Random random) {
        var isOpen = random.nextInt(3) > 0;
        return List.of(
                Statement.of(
                        "INSERT INTO terminal_workspaces (id, owner, layout, max_panes, created_at, closed_at)"
                                + " VALUES (?, ?, 'SINGLE', 2, 0, ?)",
                        "w" + i,
                        USERS.get(random.nextInt(USERS.size())),
                        isOpen ? null : 5L),
                Statement.of(
                        "INSERT INTO terminal_panes (workspace_id, pane, link, assigned_at, assigned_by)"
                                + " VALUES (?, ?, 'vm-1', ?, 'ada')",
                        "w" + i,
                        random.nextInt(2),
                        NOW.toEpochMilli() + random.nextInt(5)));
    }

    private static List<String> pick(List<String> words, Random random) {
        return words.stream().filter(_ -> random.nextInt(3) == 0).toList();
    }

    // ---- the oracle ------------------------------------------------------------------------------------------------

    /** All rows of a view by a plain scan. */
    private static List<Map<String, Object>> scan(Definition table) {
        var names = List.copyOf(table.columns().keySet());
        return await(database.read("SELECT * FROM " + table.name())).stream()
                .map(row -> {
                    Map<String, Object> cells = new HashMap<>();
                    names.forEach(name -> cells.put(name, row.getValue(name)));
                    return cells;
                })
                .collect(Collectors.toList());
    }

    private static List<String> expected(Definition table, Query query, List<Map<String, Object>> rows) {
        return rows.stream()
                .filter(row -> query.filters().stream().allMatch(filter -> isMet(table, filter, row)))
                .sorted(order(table, query.sort()))
                .map(row -> String.valueOf(row.get(table.key())))
                .toList();
    }

    private static Comparator<Map<String, Object>> order(Definition table, List<Sort> asked) {
        var sorts = new ArrayList<>(asked.isEmpty() ? List.of(table.order()) : asked);
        sorts.add(new Sort(table.key(), sorts.getLast().direction()));
        Comparator<Map<String, Object>> order = (_, _) -> 0;
        for (var sort : sorts) {
            Comparator<Map<String, Object>> next = (a, b) -> compare(a.get(sort.column()), b.get(sort.column()));
            order = order.thenComparing(sort.direction() == Direction.DESC ? next.reversed() : next);
        }
        return order;
    }

    private static int compare(Object a, Object b) {
        return a instanceof Number x && b instanceof Number y
                ? Long.compare(x.longValue(), y.longValue())
                : Arrays.compareUnsigned(bytes((String) a), bytes((String) b));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isMet(Definition table, Filter filter, Map<String, Object> row) {
        var cell = row.get(filter.column());
        var type = table.columns().get(filter.column()).type();
        boolean isAbsent = cell.equals("") || (cell instanceof Number number && number.longValue() == -1);
        if (filter.operator() == Operator.CONTAINS) {
            var part = filter.values().getFirst();
            return type == CellType.LIST
                    ? new JsonArray((String) cell).contains(part)
                    : ascii((String) cell).contains(ascii(part));
        }
        var order = filter.values().stream()
                .map(value -> compare(cell, plain(type, value)))
                .toList();
        return switch (filter.operator()) {
            case EQ -> order.getFirst() == 0;
            case NE -> order.getFirst() != 0;
            case IN -> order.contains(0);
            case GT -> order.getFirst() > 0;
            case GTE -> order.getFirst() >= 0;
            case LT -> order.getFirst() < 0 && !isAbsent;
            case LTE -> order.getFirst() <= 0 && !isAbsent;
            case CONTAINS -> throw new AssertionError();
        };
    }

    private static Object plain(CellType type, String value) {
        return switch (type) {
            case NUMBER, DURATION -> value == null ? -1L : Long.parseLong(value);
            case TIME -> value == null ? -1L : Instant.parse(value).toEpochMilli();
            case FLAG -> value == null ? -1L : "true".equals(value) ? 1L : 0L;
            case WORD -> value == null ? "" : value.toUpperCase(Locale.ROOT);
            default -> value == null ? "" : value;
        };
    }

    private static String ascii(String text) {
        return text.chars()
                .mapToObj(c -> String.valueOf((char) (c < 128 ? Character.toLowerCase(c) : c)))
                .collect(Collectors.joining());
    }

    // ---- the questions ---------------------------------------------------------------------------------------------

    @Provide
    Arbitrary<Query> questions() {
        return Arbitraries.of(Definitions.ALL).flatMap(TablesProperties::question);
    }

    @Provide
    Arbitrary<Query> largeQuestions() {
        return Arbitraries.of(Definitions.ALL).filter(Definition::isLarge).flatMap(TablesProperties::question);
    }

    @Provide
    Arbitrary<Query> historyQuestions() {
        return question(Definitions.named("tbl_operations_history").orElseThrow());
    }

    private static Arbitrary<Query> question(Definition table) {
        var sortable = table.columns().values().stream()
                .filter(Column::isSortable)
                .map(Column::name)
                .toList();
        var sorts = Combinators.combine(Arbitraries.of(sortable), Arbitraries.of(Direction.class))
                .as(Sort::new)
                .list()
                .uniqueElements(Sort::column)
                .ofMaxSize(table.isLarge() ? 1 : 3);
        var filters = filter(table).list().ofMaxSize(3);
        var columns = Arbitraries.of(table.columns().keySet()).set().ofMaxSize(4);
        return Combinators.combine(
                        columns, filters, sorts, Arbitraries.integers().between(1, 60))
                .as((shown, conditions, order, size) ->
                        new Query(table.name(), List.copyOf(shown), conditions, order, size, null, true));
    }

    private static Arbitrary<Filter> filter(Definition table) {
        var columns = table.columns().values().stream()
                .filter(column -> !QueryPlan.operators(column.type()).isEmpty())
                .toList();
        return Arbitraries.of(columns)
                .flatMap(column -> Arbitraries.of(QueryPlan.operators(column.type()))
                        .flatMap(operator -> values(column.type(), operator)
                                .map(values -> new Filter(column.name(), operator, values))));
    }

    private static Arbitrary<List<String>> values(CellType type, Operator operator) {
        var one = value(type, operator);
        if (operator == Operator.IN) {
            return one.list().ofMinSize(1).ofMaxSize(3);
        }
        boolean mayBeNone = operator == Operator.EQ || operator == Operator.NE;
        return (mayBeNone ? one.injectNull(0.1) : one).map(Collections::singletonList);
    }

    private static Arbitrary<String> value(CellType type, Operator operator) {
        return switch (type) {
            case TEXT ->
                Arbitraries.of("ada", "Bob", "böb", "o'neil%_", "%", "_", "B", "op-1", "op-200", "10.0.0.3", "Ada", "'")
                        .filter(text -> operator != Operator.CONTAINS || !text.isEmpty());
            case WORD ->
                Arbitraries.of("single", "success", "failed", "script", "verify", "online", "enrolled", "no such");
            case NUMBER, DURATION -> Arbitraries.longs().between(-2, 25).map(String::valueOf);
            case TIME ->
                Arbitraries.longs().between(-1, 41).map(s -> NOW.plusSeconds(s).toString());
            case FLAG -> Arbitraries.of("true", "false");
            case LIST -> Arbitraries.of("web", "we", "a", "\"a\"", "b\"c", "d,e", "e", "ä", "web\"x", "vm-*");
            case JSON -> throw new AssertionError();
        };
    }

    private static Page ask(Query query) {
        return await(bus.request(query));
    }

    private static Query at(Query query, String cursor) {
        return new Query(query.table(), query.columns(), query.filters(), query.sort(), query.size(), cursor, true);
    }

    private static List<String> keys(Definition table, Page page) {
        int at = page.columns().stream().map(Column::name).toList().indexOf(table.key());
        return page.rows().stream().map(Row::cells).map(cells -> cells.get(at)).toList();
    }

    /** The question with the key in view, so that rows can be told apart. */
    private static Query withKey(Definition table, Query query) {
        var columns = new ArrayList<>(query.columns());
        if (!columns.isEmpty() && !columns.contains(table.key())) {
            columns.add(table.key());
        }
        return new Query(query.table(), columns, query.filters(), query.sort(), query.size(), null, true);
    }

    // ---- the properties --------------------------------------------------------------------------------------------

    /** P26: for any filters, order and page size, the pages together are exactly the matching rows in that order. */
    @Property(tries = 500)
    @Tag("P26")
    void pagesTogetherAreExactlyTheMatchingRowsInOrder(@ForAll("questions") Query asked) {
        var table = Definitions.named(asked.table()).orElseThrow();
        var query = withKey(table, asked);
        List<String> found = new ArrayList<>();
        var page = ask(query);
        found.addAll(keys(table, page));
        for (int pages = 0; page.next() != null; pages++) {
            assertThat(pages).as("pages of %s", query).isLessThan(OPERATIONS + 10);
            assertThat(page.rows().size()).isLessThanOrEqualTo(query.size());
            page = ask(at(query, page.next()));
            found.addAll(keys(table, page));
        }
        assertThat(found).as("%s", query).isEqualTo(expected(table, query, scan(table)));
    }

    /** P27: every answer says when it was read, and which columns it has. */
    @Property(tries = 200)
    @Tag("P27")
    void everyAnswerSaysWhenItWasRead(@ForAll("questions") Query query) {
        var page = ask(query);
        assertThat(page.asOf()).isEqualTo(NOW);
        assertThat(page.table()).isEqualTo(query.table());
        var shown = page.columns().stream().map(Column::name).toList();
        assertThat(shown)
                .isEqualTo(
                        query.columns().isEmpty()
                                ? List.copyOf(Definitions.named(query.table())
                                        .orElseThrow()
                                        .columns()
                                        .keySet())
                                : query.columns());
        assertThat(page.rows()).allMatch(row -> row.cells().size() == shown.size());
    }

    /** P26: rows that are added while somebody turns pages neither repeat nor hide a row that was there. */
    @Property(tries = 100)
    @Tag("P26")
    void pagesStayStableWhileRowsAreAdded(@ForAll("historyQuestions") Query asked, @ForAll Random random) {
        var table = Definitions.named(asked.table()).orElseThrow();
        var query = withKey(table, asked);
        var before = expected(table, query, scan(table));
        List<String> found = new ArrayList<>();
        var added = new ArrayList<String>();
        var page = ask(query);
        found.addAll(keys(table, page));
        while (page.next() != null) {
            if (added.size() < 5) {
                added.add("new-" + random.nextLong());
                await(database.write(operation(added.getLast(), random.nextInt(40), random)));
            }
            page = ask(at(query, page.next()));
            found.addAll(keys(table, page));
        }
        added.forEach(id -> await(database.write(Statement.of("DELETE FROM operations WHERE id = ?", id))));
        assertThat(found).doesNotHaveDuplicates();
        found.removeAll(added);
        assertThat(found).as("%s", query).isEqualTo(before);
    }

    /** P25: a table that does not exist is refused with the names of those that do. */
    @Property(tries = 200)
    @Tag("P25")
    void anUnknownTableIsRefusedWithTheNamesOfTheOthers(@ForAll String name) {
        refused(new Query(name, List.of(), List.of(), List.of(), 10, null, true), "tbl_operations_history");
    }

    /** P25: a column that does not exist is refused wherever it stands, with the names of those that do. */
    @Property(tries = 200)
    @Tag("P25")
    void anUnknownColumnIsRefusedWhereverItStands(@ForAll("questions") Query query, @ForAll String name) {
        var table = Definitions.named(query.table()).orElseThrow();
        if (table.columns().containsKey(name)) {
            return;
        }
        var filter = new Filter(name, Operator.EQ, List.of("x"));
        var sort = new Sort(name, Direction.ASC);
        refused(new Query(table.name(), List.of(name), List.of(), List.of(), 10, null, true), table.key());
        refused(new Query(table.name(), List.of(), List.of(filter), List.of(), 10, null, true), table.key());
        refused(new Query(table.name(), List.of(), List.of(), List.of(sort), 10, null, true), table.key());
    }

    /** P25: an operator that a column's type does not know is refused with those it knows. */
    @Property(tries = 200)
    @Tag("P25")
    void anOperatorThatDoesNotFitIsRefused(@ForAll("questions") Query query, @ForAll Operator operator) {
        var table = Definitions.named(query.table()).orElseThrow();
        for (var column : table.columns().values()) {
            if (!QueryPlan.operators(column.type()).contains(operator)) {
                var filter = new Filter(column.name(), operator, List.of("1"));
                refused(
                        new Query(table.name(), List.of(), List.of(filter), List.of(), 10, null, true),
                        "filters[0].op");
            }
        }
    }

    /** A cursor that was changed, made up, or made for another question is refused. */
    @Property(tries = 300)
    void aForgedCursorIsRefused(@ForAll("historyQuestions") Query query, @ForAll Random random) {
        var page = ask(new Query(query.table(), List.of(), List.of(), query.sort(), 5, null, true));
        byte[] cursor = Base64.getUrlDecoder().decode(page.next());
        cursor[random.nextInt(cursor.length)] ^= (byte) (1 << random.nextInt(8));
        var forged = Base64.getUrlEncoder().withoutPadding().encodeToString(cursor);
        refused(new Query(query.table(), List.of(), List.of(), query.sort(), 5, forged, true), "page.cursor");
        var other = List.of(new Filter("targets", Operator.GTE, List.of("0")));
        refused(new Query(query.table(), List.of(), other, query.sort(), 5, page.next(), true), "page.cursor");
        byte[] noise = new byte[random.nextInt(80)];
        random.nextBytes(noise);
        var made = Base64.getUrlEncoder().withoutPadding().encodeToString(noise);
        refused(new Query(query.table(), List.of(), List.of(), query.sort(), 5, made, true), "page.cursor");
    }

    /** No page of a large table sorts, or walks, more rows than it shows or its window has. */
    @Property(tries = 500)
    void everyPageOfALargeTableIsServedByAnIndex(@ForAll("largeQuestions") Query query) {
        var plan = QueryPlan.of(query);
        var position = plan.sort().stream()
                .map(sort -> QueryPlan.column(plan.table(), sort.column()).type())
                .map(Values::absent)
                .toList();
        var window = new QueryPlan(plan.table(), plan.columns(), plan.sort(), plan.direct(), List.of());
        var question = TableSql.rows(window, position, 51, WINDOW);
        var steps = await(database.read(
                        "EXPLAIN QUERY PLAN " + question.sql(),
                        question.values().toArray()))
                .stream()
                .map(row -> row.getString("detail"))
                .toList();
        assertThat(question.sql()).doesNotContainIgnoringCase("OFFSET");
        assertThat(steps).as(question.sql()).noneMatch(step -> step.contains("TEMP B-TREE"));
        assertThat(steps).as(question.sql()).allMatch(step -> step.matches("SEARCH \\w+ USING .*"));
    }

    /** Who has a shell where is for admins. */
    @Example
    void tablesForAdminsAreRefusedToOthers() {
        for (var table : Definitions.ALL) {
            var query = new Query(table.name(), List.of(), List.of(), List.of(), 10, null, false);
            assertThat(table.isRestricted()).isEqualTo(table.name().startsWith("tbl_terminal_"));
            if (table.isRestricted()) {
                assertThatThrownBy(() -> ask(query))
                        .isInstanceOfSatisfying(
                                Failure.class,
                                failure -> assertThat(failure.code()).isEqualTo(ErrorCode.FORBIDDEN));
            } else {
                assertThat(ask(query).rows()).isNotEmpty();
            }
        }
    }

    @Example
    void cellsAreShownAsTheyAre() {
        var page = ask(new Query(
                "tbl_links",
                List.of("id", "tags", "retired", "provider", "latency_ms"),
                List.of(),
                List.of(),
                1,
                null,
                true));
        assertThat(page.rows().getFirst().cells().getFirst()).isEqualTo("vm-0");
        assertThat(new JsonArray(page.rows().getFirst().cells().get(1))).isNotNull();
        assertThat(page.rows().getFirst().cells().get(2)).isIn("true", "false");
    }

    private static void refused(Query query, String hint) {
        assertThatThrownBy(() -> ask(query)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
            assertThat(failure.text()).contains(hint);
        });
    }
}
