package io.linkops.bench;

import io.linkops.bus.Bus;
import io.linkops.bus.MessageTypes;
import io.linkops.config.DatabaseConfig;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.linkops.tables.Tables;
import io.linkops.tables.Tables.Direction;
import io.linkops.tables.Tables.Filter;
import io.linkops.tables.Tables.Operator;
import io.linkops.tables.Tables.Query;
import io.linkops.tables.Tables.Sort;
import io.linkops.tables.TablesVerticle;
import io.linkops.vault.DataKey;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long a page of the history takes among a million operations, wherever it is: prints p50 and p99 for each question
 * at its beginning, and for pages at random depths, reached by a filter on the sort column.
 */
final class TablesBenchmark {
    private static final int ROWS = Integer.getInteger("benchmark.rows", 1_000_000);
    private static final int PAGES = 300;
    private static final int WARM_UP = 200;
    private static final int SIZE = 50;
    private static final int BATCH = 10_000;

    private final Random random = new Random(1);
    private final Bus bus;

    private TablesBenchmark(Bus bus) {
        this.bus = bus;
    }

    public static void main(String[] arguments) throws Exception {
        var directory = Files.createTempDirectory("linkops-bench");
        var vertx = Vertx.vertx();
        var database = Database.open(
                        vertx, new DatabaseConfig(directory.resolve("linkops.db"), 4, Duration.ofSeconds(5), 100_000))
                .await(60, TimeUnit.SECONDS);
        try {
            fill(database);
            Bus.install(vertx, MessageTypes.declaredIn(Tables.class));
            vertx.deployVerticle(
                            new TablesVerticle(database, DataKey.make("cursors"), InstantSource.system(), new Random()))
                    .await(60, TimeUnit.SECONDS);
            new TablesBenchmark(Bus.of(vertx)).run();
        } finally {
            database.close().await(60, TimeUnit.SECONDS);
            vertx.close().await(60, TimeUnit.SECONDS);
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static void fill(Database database) throws Exception {
        var random = new Random(2);
        for (int from = 0; from < ROWS; from += BATCH) {
            List<Statement> rows = new ArrayList<>();
            IntStream.range(from, Math.min(from + BATCH, ROWS)).forEach(i -> rows.add(row(i, random)));
            database.write(rows).await(60, TimeUnit.SECONDS);
        }
    }

    private static Statement row(int i, Random random) {
        long queuedAt = 1_700_000_000_000L + i * 1000L;
        long took = random.nextInt(300_000);
        var status = random.nextInt(50) == 0 ? "FAILED" : random.nextInt(20) == 0 ? "PARTIAL" : "SUCCESS";
        return Statement.of(
                "INSERT INTO operations (id, kind, status, scripts, selectors, targets, concurrency, on_failure,"
                        + " git_commit, started_by, queued_at, started_at, ended_at, duration_millis, counts, reason)"
                        + " VALUES (?, ?, ?, '[\"baseline\"]', '[\"tag:web\"]', ?, 5, 'STOP', 'abcdef', ?, ?, ?, ?, ?,"
                        + " '{\"success\":5}', NULL)",
                "op-%09d".formatted(i),
                random.nextInt(10) == 0 ? "VERIFY" : "SCRIPT",
                status,
                random.nextInt(1000),
                "user" + random.nextInt(40),
                queuedAt,
                queuedAt + 5,
                queuedAt + 5 + took,
                took);
    }

    private void run() throws Exception {
        System.out.printf("%,d operations, pages of %d, %d pages each; milliseconds%n", ROWS, SIZE, PAGES);
        System.out.printf("%-58s %8s %8s %8s%n", "question", "p50", "p99", "max");
        for (var sort :
                List.of("queued_at", "ended_at", "duration_ms", "targets", "status", "kind", "started_by", "id")) {
            for (var direction : Direction.values()) {
                var order = List.of(new Sort(sort, direction));
                walk("by " + sort + " " + direction, List.of(), order);
            }
        }
        var newest = List.of(new Sort("queued_at", Direction.DESC));
        for (var filter : List.of(
                new Filter("status", Operator.EQ, List.of("failed")),
                new Filter("started_by", Operator.EQ, List.of("user7")),
                new Filter("kind", Operator.EQ, List.of("verify")),
                new Filter("queued_at", Operator.LT, List.of("2023-11-16T00:00:00Z")),
                new Filter("started_by", Operator.CONTAINS, List.of("r3")),
                new Filter("started_by", Operator.CONTAINS, List.of("nobody")))) {
            walk(
                    "newest, " + filter.column() + " " + filter.operator() + " " + filter.values(),
                    List.of(filter),
                    newest);
        }
        deep();
    }

    /** Page after page from the beginning; every so often the way is cut short to be somewhere else. */
    private void walk(String name, List<Filter> filters, List<Sort> order) throws Exception {
        long[] took = new long[PAGES];
        String cursor = null;
        for (int i = -WARM_UP; i < PAGES; i++) {
            var query = new Query("tbl_operations_history", List.of(), filters, order, SIZE, cursor, false);
            long begun = System.nanoTime();
            var page = bus.request(query).await(60, TimeUnit.SECONDS);
            if (i >= 0) {
                took[i] = System.nanoTime() - begun;
            }
            cursor = page.next();
        }
        print(name, took);
    }

    private void deep() throws Exception {
        long[] took = new long[PAGES];
        var order = List.of(new Sort("queued_at", Direction.DESC));
        for (int i = 0; i < PAGES; i++) {
            var at = java.time.Instant.ofEpochMilli(1_700_000_000_000L + random.nextInt(ROWS) * 1000L);
            var before = List.of(new Filter("queued_at", Operator.LT, List.of(at.toString())));
            var first = bus.request(new Query("tbl_operations_history", List.of(), before, order, SIZE, null, false))
                    .await(60, TimeUnit.SECONDS);
            long begun = System.nanoTime();
            bus.request(new Query("tbl_operations_history", List.of(), before, order, SIZE, first.next(), false))
                    .await(60, TimeUnit.SECONDS);
            took[i] = System.nanoTime() - begun;
        }
        print("at random depths", took);
    }

    private static void print(String name, long[] nanos) {
        var sorted = nanos.clone();
        Arrays.sort(sorted);
        System.out.printf(
                "%-58s %8.2f %8.2f %8.2f%n",
                name,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }
}
