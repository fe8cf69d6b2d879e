package io.linkops.orchestrator;

import io.linkops.accounts.Accounts;
import io.linkops.bus.Bus;
import io.linkops.bus.Bytes;
import io.linkops.bus.MessageTypes;
import io.linkops.config.DatabaseConfig;
import io.linkops.gitsync.GitSync;
import io.linkops.inventory.Inventory;
import io.linkops.journal.JournalVerticle;
import io.linkops.journal.Journals;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Runners.Accepted;
import io.linkops.orchestrator.Runners.End;
import io.linkops.orchestrator.Runners.Ended;
import io.linkops.orchestrator.Runners.Execute;
import io.linkops.orchestrator.Runners.Output;
import io.linkops.orchestrator.Runners.Piece;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A whole orchestrator on a real database file, with a fleet that plays what it is told to. */
final class World implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    final Bus bus;
    final Database database;
    final Fleet fleet = new Fleet();
    final Path file;
    private final int maxConcurrency;
    private final int maxActive;
    private String deployment;

    World(Path directory, int maxConcurrency, int maxActive) throws Exception {
        this.file = directory.resolve("linkops.db");
        this.maxConcurrency = maxConcurrency;
        this.maxActive = maxActive;
        Bus.install(
                vertx,
                MessageTypes.declaredIn(
                        Operations.class,
                        Runners.class,
                        Journals.class,
                        Inventory.class,
                        GitSync.class,
                        Accounts.class));
        bus = Bus.of(vertx);
        database = await(Database.open(vertx, new DatabaseConfig(file, 2, Duration.ofMillis(100), 20_000)));
        await(vertx.deployVerticle(new JournalVerticle(database)));
        await(vertx.deployVerticle(new Catalog()));
        await(vertx.deployVerticle(fleet));
        deploy();
    }

    void deploy() throws Exception {
        deployment = await(vertx.deployVerticle(new OrchestratorVerticle(
                database,
                Worlds.operations(maxConcurrency, maxActive),
                Worlds.security(true),
                InstantSource.system())));
    }

    void undeploy() throws Exception {
        await(vertx.undeploy(deployment));
    }

    @Override
    public void close() {
        try {
            await(database.close());
            await(vertx.close());
        } catch (Exception e) {
            throw new IllegalStateException("the world did not end", e);
        }
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(40, TimeUnit.SECONDS);
    }

    /** From now on the disk is full, as far as the database can tell. */
    void fillDisk() throws Exception {
        maxPages(1);
    }

    void makeRoom() throws Exception {
        maxPages(1_000_000);
    }

    private void maxPages(int pages) throws Exception {
        // It takes effect on the writing connection; the write itself is refused, for a pragma answers with a row.
        await(database.write(Statement.of("PRAGMA max_page_count = " + pages)).otherwiseEmpty());
    }

    /** A second look at the file, past everything LinkOps keeps in memory. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    List<Map<String, Object>> rows(String sql) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            List<Map<String, Object>> list = new ArrayList<>();
            while (rows.next()) {
                Map<String, Object> row = new HashMap<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.put(rows.getMetaData().getColumnName(i), rows.getObject(i));
                }
                list.add(row);
            }
            return list;
        }
    }

    List<Journals.Entry> journal(String operationId) throws Exception {
        List<Journals.Entry> all = new ArrayList<>();
        while (true) {
            long after = all.isEmpty() ? 0 : all.getLast().seq();
            var page = await(bus.request(new Journals.Read(Journals.operation(operationId), after, 500)));
            if (page.entries().isEmpty()) {
                return all;
            }
            all.addAll(page.entries());
        }
    }

    Operations.Operation find(String id) throws Exception {
        return await(bus.request(new Operations.FindOperation(id)));
    }

    /** Waits until the record on disk says that it is over. */
    Operations.Operation over(String id) throws Exception {
        until(() -> find(id).summary().status().isFinal());
        return find(id);
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void until(Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it never came");
            }
            Thread.onSpinWait();
        }
    }

    /** Answers for inventory and gitsync: every selector is a link, every script is there. */
    private static final class Catalog extends VerticleBase {
        @Override
        public Future<?> start() {
            var bus = Bus.of(vertx);
            var scripts = List.of("a", "b", "c", "d").stream()
                    .map(id -> Worlds.script(id, null))
                    .toList();
            bus.answer(
                    Inventory.FindScripts.class, _ -> Future.succeededFuture(new Inventory.Scripts("c0ffee", scripts)));
            bus.answer(
                    Inventory.Resolve.class,
                    question -> Future.succeededFuture(new Inventory.Targets(question.selectors().stream()
                            .map(id -> Worlds.target(
                                    id,
                                    id.startsWith("stranger")
                                            ? Inventory.Enrollment.UNVERIFIED
                                            : Worlds.enrolled(java.time.Instant.now())))
                            .toList())));
            bus.answer(
                    GitSync.ReadFile.class,
                    file -> Future.succeededFuture(Worlds.content(
                            file.path().contains("d.sh") ? "#!/usr/bin/python3\n" : "#!/bin/bash -e\necho\n")));
            return Future.succeededFuture();
        }
    }

    /** What one execution does: its output, then its end; or it waits for somebody to end it. */
    record Part(List<Piece> output, ExecutionStatus end, boolean waits) {}

    /** A runner that runs nothing and notes what it is told and what is under way. */
    static final class Fleet extends VerticleBase {
        final Map<String, Execute> running = new ConcurrentHashMap<>();
        final ConcurrentLinkedQueue<Execute> orders = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<String> ends = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
        final Map<String, AtomicInteger> runningOf = new ConcurrentHashMap<>();
        final AtomicInteger most = new AtomicInteger();
        volatile int limit = Integer.MAX_VALUE;
        volatile java.util.function.Function<Execute, Part> play = order -> success(order.executionId());
        private final Map<String, Part> parts = new ConcurrentHashMap<>();
        private Bus bus;

        String deploymentId() {
            return context.deploymentID();
        }

        static Part success(String text) {
            return new Part(List.of(new Piece(false, Bytes.utf8(text))), ExecutionStatus.SUCCESS, false);
        }

        static Part random(Random random, int failures) {
            List<Piece> output = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                var data = new byte[random.nextInt(50)];
                random.nextBytes(data);
                output.add(new Piece(random.nextBoolean(), Bytes.of(data)));
            }
            var statuses = List.of(ExecutionStatus.FAILED, ExecutionStatus.TIMEOUT, ExecutionStatus.LOST);
            var end = random.nextInt(100) < failures ? statuses.get(random.nextInt(3)) : ExecutionStatus.SUCCESS;
            return new Part(output, end, false);
        }

        @Override
        public Future<?> start() {
            bus = Bus.of(vertx);
            bus.answer(Execute.class, this::execute);
            bus.answer(End.class, this::end);
            return Future.succeededFuture();
        }

        private Future<Accepted> execute(Execute order) {
            orders.add(order);
            if (running.putIfAbsent(order.executionId(), order) != null) {
                faults.add("ordered twice: " + order.executionId());
            }
            count(order, 1);
            var part = play.apply(order);
            parts.put(order.executionId(), part);
            if (!part.waits) {
                vertx.runOnContext(_ -> tell(order, part));
            }
            return Future.succeededFuture(new Accepted());
        }

        private void count(Execute order, int change) {
            int now = runningOf
                    .computeIfAbsent(order.operationId(), _ -> new AtomicInteger())
                    .addAndGet(change);
            most.accumulateAndGet(running.size(), Math::max);
            if (running.size() > limit) {
                faults.add("more than " + limit + " at once");
            }
            long onLink = running.values().stream()
                    .filter(each -> each.operationId().equals(order.operationId())
                            && each.target().linkId().equals(order.target().linkId()))
                    .count();
            if (onLink > 1) {
                faults.add("two at once on " + order.target().linkId());
            }
            peaks.merge(order.operationId(), now, Math::max);
        }

        final Map<String, Integer> peaks = new ConcurrentHashMap<>();

        private void tell(Execute order, Part part) {
            Future<?> told = Future.succeededFuture();
            long offset = 0;
            for (var piece : part.output) {
                var report = new Output(order.operationId(), order.executionId(), offset, List.of(piece));
                // Told twice, as after a lost answer: it must be kept once.
                told = told.compose(_ -> keep(report)).compose(_ -> keep(report));
                offset += piece.data().size();
            }
            told.compose(_ -> finish(order, part.end)).onFailure(cause -> faults.add("refused: " + cause));
        }

        /** As a real runner does: again and again until it is kept. */
        private Future<?> keep(io.linkops.bus.Request<?> report) {
            return bus.request(report)
                    .recover(cause -> isPassing(cause)
                            ? vertx.timer(20).compose(_ -> keep(report).mapEmpty())
                            : Future.failedFuture(cause));
        }

        private static boolean isPassing(Throwable cause) {
            return cause instanceof io.linkops.bus.Failure failure
                    && failure.code() == io.linkops.bus.ErrorCode.STORAGE_FULL;
        }

        Future<?> finish(Execute order, ExecutionStatus status) {
            // Over on the link before it is told: the engine may send the next one from now on.
            if (running.remove(order.executionId()) == null) {
                return Future.succeededFuture();
            }
            runningOf.get(order.operationId()).decrementAndGet();
            return keep(ended(order, status));
        }

        static Ended ended(Execute order, ExecutionStatus status) {
            var now = java.time.Instant.now();
            return new Ended(
                    order.operationId(),
                    order.executionId(),
                    status,
                    now,
                    now,
                    status == ExecutionStatus.SUCCESS ? 0 : 1,
                    null,
                    5,
                    false,
                    status == ExecutionStatus.SUCCESS ? null : "exit_code",
                    status == ExecutionStatus.SUCCESS ? null : "it failed");
        }

        private Future<Accepted> end(End order) {
            ends.add(order.executionId());
            var known = running.get(order.executionId());
            if (known != null && parts.get(order.executionId()).waits) {
                vertx.runOnContext(_ -> finish(known, ExecutionStatus.STOPPED));
            }
            return Future.succeededFuture(new Accepted());
        }
    }
}
