package io.linkops.orchestrator;

import static io.linkops.orchestrator.World.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.FindOperations;
import io.linkops.orchestrator.Operations.Kind;
import io.linkops.orchestrator.Operations.OnFailure;
import io.linkops.orchestrator.Operations.Status;
import io.linkops.orchestrator.Operations.Summary;
import io.linkops.store.Statement;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
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

/** P34: the history by any criteria, against a filter that looks at every operation. */
class HistoryProperties {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final int ALL = 400;
    private static final List<String> USERS = List.of("ann", "bob", "o'hara", "50%");
    private static final List<String> LINKS = List.of("vm-1", "vm-2", "vm_3", "vm%", "pve");
    private static final List<String> SCRIPTS = List.of("update", "deploy", "up_ate");

    private static World world;
    private static final List<Known> KNOWN = new ArrayList<>();

    /** An operation as it was made up, with the links its executions ran on. */
    record Known(Summary summary, Set<String> targets) {}

    @BeforeContainer
    static void fill() throws Exception {
        var directory = Files.createTempDirectory("linkops-history-");
        world = new World(directory, 10, 10);
        var random = new Random(34);
        List<Statement> rows = new ArrayList<>();
        for (int i = 0; i < ALL; i++) {
            var targets = new TreeSet<String>();
            for (int count = 1 + random.nextInt(3); count > 0; count--) {
                targets.add(LINKS.get(random.nextInt(LINKS.size())));
            }
            var summary = summary(i, random);
            KNOWN.add(new Known(summary, targets));
            rows.addAll(OperationStore.insert(summary, plan(summary)));
            for (var target : targets) {
                rows.add(OperationStore.insert(summary.id(), execution(summary, rows.size(), target)));
            }
        }
        await(world.database.write(rows));
    }

    @AfterContainer
    static void end() {
        world.close();
        KNOWN.clear();
    }

    private static Summary summary(int number, Random random) {
        var scripts =
                random.nextInt(5) == 0 ? List.<String>of() : SCRIPTS.subList(random.nextInt(2), 2 + random.nextInt(2));
        var queuedAt = BEGIN.plusMillis(number * 997L + random.nextInt(997));
        return new Summary(
                "%026d".formatted(number),
                List.of(Kind.values()).get(random.nextInt(3)),
                List.of(Status.values()).get(2 + random.nextInt(5)),
                scripts,
                List.of("*"),
                1,
                5,
                null,
                USERS.get(random.nextInt(USERS.size())),
                queuedAt,
                queuedAt,
                queuedAt,
                Map.of(ExecutionStatus.SUCCESS, 1),
                null,
                null,
                null,
                null);
    }

    private static OperationPlan plan(Summary summary) {
        return new OperationPlan(
                summary.kind(),
                summary.scripts(),
                summary.selectors(),
                List.of(),
                5,
                OnFailure.STOP,
                true,
                null,
                null,
                List.of(),
                null,
                summary.startedBy());
    }

    private static Execution execution(Summary summary, int position, String target) {
        return Execution.queued(summary.id() + position, position, target, null, List.of(), null)
                .running(BEGIN)
                .skipped("x", "x", BEGIN);
    }

    /**
     * P34: any criteria together, any size of a page: exactly the operations that match every one, newest first, each
     * once.
     */
    @Property(tries = 500)
    @Tag("P34")
    void everyPageHoldsExactlyWhatMatches(@ForAll("questions") FindOperations question) throws Exception {
        var expected = KNOWN.stream()
                .filter(each -> matches(question, each))
                .map(each -> each.summary().id())
                .sorted(Comparator.reverseOrder())
                .toList();
        List<String> found = new ArrayList<>();
        var next = question.before();
        do {
            var page = await(world.bus.request(before(question, next)));
            var ids = page.operations().stream().map(Summary::id).toList();
            assertThat(ids).hasSizeLessThanOrEqualTo(question.limit());
            assertThat(page.next() == null || ids.size() == question.limit()).isTrue();
            found.addAll(ids);
            next = page.next();
        } while (next != null);
        assertThat(found).isEqualTo(expected);
    }

    private static boolean matches(FindOperations question, Known known) {
        var summary = known.summary();
        return (question.status() == null || question.status() == summary.status())
                && (question.kind() == null || question.kind() == summary.kind())
                && (question.from() == null || !summary.queuedAt().isBefore(question.from()))
                && (question.to() == null || summary.queuedAt().isBefore(question.to()))
                && (question.user() == null || question.user().equals(summary.startedBy()))
                && (question.target() == null || known.targets().contains(question.target()))
                && (question.script() == null || summary.scripts().contains(question.script()))
                && (question.before() == null || summary.id().compareTo(question.before()) < 0);
    }

    private static FindOperations before(FindOperations question, String id) {
        return new FindOperations(
                question.status(),
                question.kind(),
                question.from(),
                question.to(),
                question.user(),
                question.target(),
                question.script(),
                id,
                question.limit());
    }

    @Provide
    Arbitrary<FindOperations> questions() {
        var times = Arbitraries.longs().between(0, ALL * 997_000_000L).map(BEGIN::plusNanos);
        var exact = Arbitraries.integers()
                .between(0, ALL - 1)
                .map(i -> KNOWN.get(i).summary().queuedAt());
        var near = Combinators.combine(exact, Arbitraries.of(-1, 1, 500_000, 999_999, 1_000_000))
                .as((at, nanos) -> at.plusNanos(nanos));
        var when = Arbitraries.oneOf(times, exact, near);
        var criteria = Combinators.combine(
                        Arbitraries.of(Status.class).injectNull(0.7),
                        Arbitraries.of(Kind.class).injectNull(0.7),
                        when.injectNull(0.6),
                        when.injectNull(0.6),
                        Arbitraries.of("ann", "bob", "o'hara", "50%", "5%", "nobody")
                                .injectNull(0.7),
                        Arbitraries.of("vm-1", "vm-2", "vm_3", "vm%", "pve", "vm-_", "%")
                                .injectNull(0.6),
                        Arbitraries.of("update", "deploy", "up_ate", "up%", "").injectNull(0.6))
                .as((status, kind, from, to, user, target, script) ->
                        new FindOperations(status, kind, from, to, user, target, script, null, 1));
        var before =
                Arbitraries.integers().between(0, ALL).map("%026d"::formatted).injectNull(0.7);
        return Combinators.combine(criteria, before, Arbitraries.of(1, 2, 7, 50, 200))
                .as((question, id, limit) -> before(
                        new FindOperations(
                                question.status(),
                                question.kind(),
                                question.from(),
                                question.to(),
                                question.user(),
                                question.target(),
                                question.script(),
                                null,
                                limit),
                        id));
    }

    /** P34: each criterion finds its operations by an index, however long the history is. */
    @Example
    void noCriterionReadsTheWholeHistory() throws Exception {
        for (var each : Map.of(
                        new FindOperations(Status.FAILED, null, null, null, null, null, null, null, 9),
                                "operations_status",
                        new FindOperations(null, Kind.VERIFY, null, null, null, null, null, null, 9), "operations_kind",
                        new FindOperations(null, null, BEGIN, BEGIN, null, null, null, null, 9), "operations_queued_at",
                        new FindOperations(null, null, null, null, "ann", null, null, null, 9), "operations_started_by",
                        new FindOperations(null, null, null, null, null, "vm-1", null, null, 9), "executions_target",
                        new FindOperations(null, null, null, null, null, null, "update", null, 9), "operation_scripts")
                .entrySet()) {
            var query = HistoryQuery.of(each.getKey(), 10);
            var steps =
                    await(world.database.read(
                                    "EXPLAIN QUERY PLAN " + query.sql(),
                                    query.values().toArray()))
                            .stream()
                            .map(row -> row.getString("detail"))
                            .toList();
            assertThat(steps).anyMatch(step -> step.contains(each.getValue()));
            assertThat(steps).noneMatch(step -> step.startsWith("SCAN"));
        }
    }
}
