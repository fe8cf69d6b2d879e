package io.linkops.orchestrator;

import static io.linkops.orchestrator.World.await;
import static io.linkops.orchestrator.World.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.journal.Journals.Entry;
import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.FindOperations;
import io.linkops.orchestrator.Operations.OnFailure;
import io.linkops.orchestrator.Operations.ReadOutput;
import io.linkops.orchestrator.Operations.Run;
import io.linkops.orchestrator.Operations.Status;
import io.linkops.orchestrator.Operations.Stop;
import io.linkops.orchestrator.Operations.Summary;
import io.linkops.orchestrator.World.Part;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole orchestrator on a real file, with a fleet that plays what it is told to. */
class OperationEngineTest {
    private static final Part WAIT = new Part(List.of(), ExecutionStatus.SUCCESS, true);

    @TempDir
    Path directory;

    private static Run run(List<String> scripts, List<String> targets, int concurrency, OnFailure onFailure) {
        return Worlds.run(scripts, Map.of(), targets, concurrency, true, onFailure);
    }

    private static List<String> links(int count) {
        return IntStream.range(0, count).mapToObj(i -> "vm-" + i).toList();
    }

    private static String submit(World world, Run run) throws Exception {
        return await(world.bus.request(run)).operationId();
    }

    /** P14: the record is on disk as queued before the answer, with every execution. */
    @Test
    void theRecordIsOnDiskBeforeTheAnswer() throws Exception {
        try (var world = new World(directory, 10, 1)) {
            world.fleet.play = _ -> WAIT;
            submit(world, run(List.of("a"), links(1), 1, OnFailure.STOP));
            for (int i = 1; i <= 20; i++) {
                var id = submit(world, run(List.of("a", "b"), links(i), 1, OnFailure.STOP));
                var row = world.rows("SELECT * FROM operations WHERE id = '" + id + "'")
                        .getFirst();
                assertThat(row).containsEntry("status", "QUEUED").containsEntry("started_by", "ann");
                var executions = world.rows("SELECT * FROM executions WHERE operation_id = '" + id + "'");
                assertThat(executions)
                        .hasSize(2 * i)
                        .allSatisfy(each -> assertThat(each).containsEntry("status", "QUEUED"));
                assertThat(world.find(id).summary().status()).isEqualTo(Status.QUEUED);
            }
        }
    }

    /** P13, P15: what is refused leaves nothing behind and sends nothing. */
    @Test
    void whatIsRefusedLeavesNothingBehind() throws Exception {
        try (var world = new World(directory, 10, 10)) {
            refused(world, run(List.of("a"), List.of("vm-1", "stranger-1"), 1, OnFailure.STOP), ErrorCode.NOT_ENROLLED);
            refused(world, run(List.of("d"), links(2), 1, OnFailure.STOP), ErrorCode.NOT_BASH);
            refused(world, run(List.of("x"), links(2), 1, OnFailure.STOP), ErrorCode.SCRIPT_NOT_FOUND);
            refused(world, run(List.of("a"), List.of(), 1, OnFailure.STOP), ErrorCode.VALIDATION_FAILED);
            assertThat(world.rows("SELECT * FROM operations")).isEmpty();
            assertThat(world.rows("SELECT * FROM executions")).isEmpty();
            assertThat(world.fleet.orders).isEmpty();
        }
    }

    private static void refused(World world, Run run, ErrorCode code) {
        assertThatThrownBy(() -> submit(world, run))
                .cause()
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(code));
    }

    /**
     * P17, P18, P19, P31, P33 over 120 generated operations, many at once: the limits hold within each and over all of
     * them, the journal tells each in order and without a gap, and the records are complete.
     */
    @Test
    void manyGeneratedOperationsAtOnceKeepEveryPromise() throws Exception {
        try (var world = new World(directory, 12, 7)) {
            var random = new Random(20261121);
            Map<String, Run> runs = new HashMap<>();
            Map<String, Part> parts = new ConcurrentHashMap<>();
            world.fleet.limit = 12;
            world.fleet.play = order -> parts.computeIfAbsent(order.executionId(), _ -> {
                synchronized (random) {
                    return World.Fleet.random(random, 25);
                }
            });
            for (int i = 0; i < 120; i++) {
                var scripts = List.of("a", "b", "c").subList(0, 1 + i % 3);
                var onFailure = i % 2 == 0 ? OnFailure.STOP : OnFailure.CONTINUE;
                var run = run(scripts, links(1 + (i * 7) % 9), 1 + i % 12, onFailure);
                runs.put(submit(world, run), run);
            }
            for (var id : runs.keySet()) {
                var found = world.over(id);
                check(world, found, runs.get(id), parts);
            }
            assertThat(world.fleet.faults).isEmpty();
            assertThat(world.fleet.most.get()).isBetween(2, 12);
            runs.forEach((id, run) -> assertThat(world.fleet.peaks.get(id)).isLessThanOrEqualTo(run.concurrency()));
            pages(world, runs.size());
        }
    }

    private static void check(World world, Operations.Operation found, Run run, Map<String, Part> parts)
            throws Exception {
        var summary = found.summary();
        assertThat(found.executions())
                .hasSize(run.scripts().size() * run.targets().size());
        assertThat(found.executions().stream().map(Execution::index)).isSorted();
        assertThat(found.executions()).allMatch(each -> each.status().isFinal());
        var statuses = found.executions().stream().map(Execution::status).toList();
        assertThat(summary.counts()).isEqualTo(OperationWalk.count(statuses));
        assertThat(summary.status()).isEqualTo(OperationWalk.outcome(summary.counts(), false));
        skips(found, run);
        journal(world, found, run);
        for (var each : found.executions()) {
            var part = parts.get(each.id());
            assertThat(part == null).isEqualTo(each.status() == ExecutionStatus.SKIPPED);
            if (part != null) {
                assertThat(each.status()).isEqualTo(part.end());
                output(world, summary.id(), each.id(), part);
            }
        }
    }

    private static void skips(Operations.Operation found, Run run) {
        int steps = run.scripts().size();
        boolean hasFailed = false;
        for (var each : found.executions()) {
            hasFailed = each.index() % steps != 0 && hasFailed;
            boolean skips = hasFailed && run.onFailure() == OnFailure.STOP;
            assertThat(each.status() == ExecutionStatus.SKIPPED).isEqualTo(skips);
            hasFailed = hasFailed || each.status() != ExecutionStatus.SUCCESS;
        }
    }

    private static void journal(World world, Operations.Operation found, Run run) throws Exception {
        var entries = world.journal(found.summary().id());
        assertThat(entries.stream().map(Entry::seq))
                .isEqualTo(IntStream.rangeClosed(1, entries.size())
                        .mapToObj(Long::valueOf)
                        .toList());
        assertThat(entries.getFirst().type()).isEqualTo("operation.started");
        assertThat(entries.getLast().type()).isEqualTo("operation.finished");
        assertThat(entries.stream().filter(Entry::isLast)).containsExactly(entries.getLast());
        assertThat(new JsonObject(entries.getLast().data()).getJsonObject("counts"))
                .isEqualTo(OperationEvents.counts(found.summary().counts()));
        // As whoever only reads the journal sees it: the same promises hold.
        Map<String, String> running = new HashMap<>();
        List<String> over = new ArrayList<>();
        for (var entry : entries) {
            var data = new JsonObject(entry.data());
            var id = data.getString("execution");
            switch (entry.type()) {
                case "execution.started" -> {
                    assertThat(running.values()).as("two on one link").doesNotContain(data.getString("target"));
                    running.put(id, data.getString("target"));
                    assertThat(running).hasSizeLessThanOrEqualTo(run.concurrency());
                }
                case "execution.output" -> assertThat(running).containsKey(id);
                case "execution.finished" -> {
                    assertThat(running.remove(id) == null)
                            .isEqualTo(data.getString("status").equals("skipped"));
                    over.add(id);
                }
                default -> assertThat(entry.type()).startsWith("operation.");
            }
        }
        assertThat(running).isEmpty();
        assertThat(over)
                .containsExactlyInAnyOrderElementsOf(
                        found.executions().stream().map(Execution::id).toList());
    }

    private static void output(World world, String operation, String execution, Part part) throws Exception {
        var expected = new ByteArrayOutputStream();
        part.output().forEach(piece -> expected.writeBytes(piece.data().toArray()));
        var read = new ByteArrayOutputStream();
        Long after = 0L;
        while (after != null) {
            var page = await(world.bus.request(new ReadOutput(operation, execution, after)));
            page.chunks().forEach(chunk -> read.writeBytes(chunk.data().toArray()));
            after = page.next();
        }
        assertThat(read.toByteArray()).isEqualTo(expected.toByteArray());
    }

    private static FindOperations newest(Status status, String before, int limit) {
        return new FindOperations(status, null, null, null, null, null, null, before, limit);
    }

    /** P32: newest first, and paging with before gives each exactly once, whatever the size of a page. */
    private static void pages(World world, int all) throws Exception {
        var newestFirst = world.rows("SELECT id FROM operations ORDER BY queued_at DESC, id DESC").stream()
                .map(row -> row.get("id").toString())
                .toList();
        for (int limit : List.of(1, 7, 60, 119, 120, 121, 200)) {
            List<String> seen = new ArrayList<>();
            String before = null;
            do {
                var page = await(world.bus.request(newest(null, before, limit)));
                assertThat(page.operations()).hasSizeLessThanOrEqualTo(limit);
                page.operations().stream().map(Summary::id).forEach(seen::add);
                before = page.next();
            } while (before != null);
            assertThat(seen).hasSize(all).isEqualTo(newestFirst);
        }
        var successes = await(world.bus.request(newest(Status.SUCCESS, null, 200)));
        assertThat(successes.operations()).allMatch(each -> each.status() == Status.SUCCESS);
        for (int wrong : List.of(0, -1, 201)) {
            assertThatThrownBy(() -> await(world.bus.request(newest(null, null, wrong))))
                    .hasMessageContaining("limit");
        }
    }

    @Test
    void noMoreOperationsRunAtOnceThanMay() throws Exception {
        try (var world = new World(directory, 50, 3)) {
            world.fleet.play = _ -> WAIT;
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                ids.add(submit(world, run(List.of("a"), links(2), 2, OnFailure.STOP)));
            }
            until(() -> world.fleet.running.size() == 6);
            assertThat(world.find(ids.get(3)).summary().status()).isEqualTo(Status.QUEUED);
            world.fleet.running.values().stream()
                    .filter(order -> order.operationId().equals(ids.getFirst()))
                    .forEach(order -> finishOn(world, order, ExecutionStatus.SUCCESS));
            world.over(ids.getFirst());
            until(() -> world.find(ids.get(3)).summary().status() == Status.RUNNING);
            assertThat(world.find(ids.get(4)).summary().status()).isEqualTo(Status.QUEUED);
        }
    }

    private static void finishOn(World world, Runners.Execute order, ExecutionStatus status) {
        world.vertx.runOnContext(_ -> world.fleet.finish(order, status));
    }

    @Test
    void anEndToldTwiceCountsOnceAndAStrangersIsRefused() throws Exception {
        try (var world = new World(directory, 10, 10)) {
            world.fleet.play = _ -> WAIT;
            var id = submit(world, run(List.of("a"), links(2), 1, OnFailure.STOP));
            until(() -> world.fleet.running.size() == 1);
            var order = world.fleet.orders.peek();
            var first = world.bus.request(World.Fleet.ended(order, ExecutionStatus.FAILED));
            var second = world.bus.request(World.Fleet.ended(order, ExecutionStatus.SUCCESS));
            await(first);
            await(second);
            until(() -> world.fleet.orders.size() == 2);
            conflict(() -> world.bus.request(new Runners.Output(id, order.executionId(), 0, List.of())));
            var next = world.fleet.orders.stream().skip(1).findFirst().orElseThrow();
            await(world.bus.request(World.Fleet.ended(next, ExecutionStatus.SUCCESS)));
            var found = world.over(id);
            assertThat(found.summary().counts())
                    .isEqualTo(Map.of(ExecutionStatus.FAILED, 1, ExecutionStatus.SUCCESS, 1));
            assertThat(world.journal(id).stream().filter(entry -> entry.type().equals("execution.finished")))
                    .hasSize(2);
            conflict(() -> world.bus.request(World.Fleet.ended(order, ExecutionStatus.SUCCESS)));
            conflict(() -> world.bus.request(new Runners.Output(id, order.executionId(), 0, List.of())));
            conflict(() -> world.bus.request(new Runners.Output("nobody", "nothing", 0, List.of())));
        }
    }

    private static void conflict(java.util.function.Supplier<io.vertx.core.Future<?>> report) {
        assertThatThrownBy(() -> await(report.get()))
                .cause()
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT));
    }

    @Test
    void aStopEndsWhatRunsAndSkipsWhatWaits() throws Exception {
        try (var world = new World(directory, 10, 10)) {
            world.fleet.play = _ -> WAIT;
            var id = submit(world, run(List.of("a", "b"), links(5), 3, OnFailure.CONTINUE));
            until(() -> world.fleet.running.size() == 3);
            assertThat(await(world.bus.request(new Stop(id, "bob"))).isStopping())
                    .isTrue();
            var found = world.over(id);
            assertThat(found.summary().status()).isEqualTo(Status.STOPPED);
            assertThat(found.summary().reason()).contains("bob");
            assertThat(found.summary().counts())
                    .isEqualTo(Map.of(ExecutionStatus.STOPPED, 3, ExecutionStatus.SKIPPED, 7));
            assertThat(world.fleet.orders).hasSize(3);
            assertThat(world.fleet.ends).hasSize(3);
            assertThat(world.journal(id).getLast().type()).isEqualTo("operation.finished");
            assertThat(await(world.bus.request(new Stop(id, "bob"))).isStopping())
                    .isFalse();
        }
    }

    @Test
    void aStopOfOneThatWaitsForRoomNeverStartsIt() throws Exception {
        try (var world = new World(directory, 10, 1)) {
            world.fleet.play = _ -> WAIT;
            submit(world, run(List.of("a"), links(1), 1, OnFailure.STOP));
            var id = submit(world, run(List.of("a"), links(4), 1, OnFailure.STOP));
            assertThat(await(world.bus.request(new Stop(id, "bob"))).isStopping())
                    .isTrue();
            var found = world.over(id);
            assertThat(found.summary().status()).isEqualTo(Status.STOPPED);
            assertThat(found.summary().startedAt()).isNull();
            assertThat(found.executions())
                    .allMatch(each -> each.status() == ExecutionStatus.SKIPPED
                            && each.reason().equals("stopped"));
            assertThat(world.fleet.orders)
                    .noneMatch(order -> order.operationId().equals(id));
        }
    }

    @Test
    void aStopAtAnyMomentEndsTheOperation() throws Exception {
        try (var world = new World(directory, 10, 10)) {
            var random = new Random(5);
            world.fleet.play = _ -> random.nextBoolean() ? WAIT : World.Fleet.success("x");
            for (int i = 0; i < 60; i++) {
                var id = submit(world, run(List.of("a", "b"), links(4), 1 + i % 4, OnFailure.CONTINUE));
                int moment = i % 9;
                until(() -> world.fleet.orders.stream()
                                        .filter(order -> order.operationId().equals(id))
                                        .count()
                                >= Math.min(moment, 1)
                        || moment == 0);
                for (int turn = 0; turn < moment * 3000; turn++) {
                    Thread.onSpinWait();
                }
                await(world.bus.request(new Stop(id, "bob")));
                var found = world.over(id);
                assertThat(found.executions()).allMatch(each -> each.status().isFinal());
                journal(world, found, run(List.of("a", "b"), links(4), 1 + i % 4, OnFailure.CONTINUE));
            }
            assertThat(world.fleet.faults).isEmpty();
        }
    }

    @Test
    void aStopOfNothingSaysSo() throws Exception {
        try (var world = new World(directory, 10, 10)) {
            assertThatThrownBy(() -> await(world.bus.request(new Stop("nothing", "bob"))))
                    .cause()
                    .isInstanceOfSatisfying(
                            Failure.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OPERATION_NOT_FOUND));
        }
    }

    /** P31: after LinkOps ended in the middle, nothing stays open and nothing is run again. */
    @Test
    void whatWasUnderWayIsClosedByTheNextStart() throws Exception {
        try (var world = new World(directory, 4, 2)) {
            world.fleet.play = order -> order.target().linkId().equals("vm-0") ? World.Fleet.success("done") : WAIT;
            var running = submit(world, run(List.of("a"), links(6), 3, OnFailure.STOP));
            var second = submit(world, run(List.of("a"), links(3), 3, OnFailure.STOP));
            var waiting = submit(world, run(List.of("a"), links(2), 3, OnFailure.STOP));
            until(() -> world.fleet.running.size() == 4
                    && world.find(running).summary().counts().containsKey(ExecutionStatus.SUCCESS));
            until(() -> world.rows("SELECT id FROM executions WHERE status = 'RUNNING'")
                            .size()
                    == 4);
            var talks = world.fleet.running.values().stream()
                    .filter(order -> order.operationId().equals(running))
                    .findFirst()
                    .orElseThrow();
            await(world.bus.request(new Runners.Output(
                    running,
                    talks.executionId(),
                    0,
                    List.of(new Runners.Piece(true, io.linkops.bus.Bytes.of(new byte[] {(byte) 0xff, 'x'}))))));
            world.undeploy();
            int orders = world.fleet.orders.size();
            assertThatThrownBy(() -> world.find(running)).hasMessageContaining("not running");
            world.deploy();
            var found = world.find(running);
            assertThat(found.summary().status()).isEqualTo(Status.INTERRUPTED);
            assertThat(found.summary().counts().get(ExecutionStatus.SUCCESS)).isEqualTo(1);
            assertThat(found.summary().counts().keySet())
                    .containsOnly(ExecutionStatus.SUCCESS, ExecutionStatus.INTERRUPTED, ExecutionStatus.SKIPPED);
            assertThat(found.executions())
                    .filteredOn(each -> each.id().equals(talks.executionId()))
                    .allMatch(each -> each.outputBytes() == 2);
            assertThat(world.find(second).summary().status()).isEqualTo(Status.INTERRUPTED);
            assertThat(world.find(waiting).summary().counts()).isEqualTo(Map.of(ExecutionStatus.SKIPPED, 2));
            for (var id : List.of(running, second, waiting)) {
                var entries = world.journal(id);
                assertThat(entries.getLast().type()).isEqualTo("operation.finished");
                assertThat(entries.stream().filter(Entry::isLast)).hasSize(1);
            }
            conflict(() -> world.bus.request(World.Fleet.ended(talks, ExecutionStatus.SUCCESS)));
            var next = submit(world, run(List.of("a"), List.of("vm-0"), 1, OnFailure.STOP));
            assertThat(world.over(next).summary().status()).isEqualTo(Status.SUCCESS);
            assertThat(world.fleet.orders).as("nothing is run again").hasSize(orders + 1);
        }
    }

    /** P31: while the disk is full nothing is lost or reordered; it goes on by itself when there is room. */
    @Test
    void nothingIsLostWhileTheDiskIsFull() throws Exception {
        try (var world = new World(directory, 4, 10)) {
            var text = io.linkops.bus.Bytes.utf8("x".repeat(3000));
            var part = new Part(
                    List.of(new Runners.Piece(false, text), new Runners.Piece(true, text)),
                    ExecutionStatus.SUCCESS,
                    false);
            world.fleet.play = _ -> part;
            var run = run(List.of("a", "b"), links(20), 4, OnFailure.CONTINUE);
            var id = submit(world, run);
            until(() -> world.fleet.orders.size() > 6);
            world.fillDisk();
            refused(world, run(List.of("a", "b"), links(900), 4, OnFailure.STOP), ErrorCode.STORAGE_FULL);
            assertThat(world.find(id).summary().status()).isEqualTo(Status.RUNNING);
            world.makeRoom();
            var found = world.over(id);
            assertThat(found.summary().status()).isEqualTo(Status.SUCCESS);
            journal(world, found, run);
            for (var each : found.executions()) {
                output(world, id, each.id(), part);
            }
            assertThat(world.fleet.faults).isEmpty();
            assertThat(world.fleet.orders).hasSize(40);
            assertThat(world.rows("SELECT * FROM operations")).hasSize(1);
        }
    }

    @Test
    void withoutARunnerEachExecutionSaysSo() throws Exception {
        try (var world = new World(directory, 4, 10)) {
            await(world.vertx.undeploy(world.fleet.deploymentId()));
            var id = submit(world, run(List.of("a"), links(3), 2, OnFailure.CONTINUE));
            var found = world.over(id);
            assertThat(found.summary().status()).isEqualTo(Status.FAILED);
            assertThat(found.executions()).allMatch(each -> each.reason().equals("no_runner"));
        }
    }
}
