package io.linkops.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/**
 * P37: told to stop, LinkOps takes no more work, lets what runs finish within the grace, ends the rest, leaves durable
 * executions to run, and is over in a bounded time.
 */
class DrainPlanProperties {
    private static final Instant THEN = Instant.parse("2030-01-31T12:00:00Z");

    /**
     * An execution that runs when the stop begins.
     *
     * @param left how long it would still take by itself
     * @param dying how long it takes to be gone once it is told to end; -1 for one that never is seen to be
     */
    record Running(boolean isDurable, int left, int dying) {}

    @Provide
    static Arbitrary<List<Running>> fleets() {
        return Combinators.combine(
                        Arbitraries.of(true, false, false),
                        Arbitraries.integers().between(0, 120),
                        Arbitraries.integers().between(-1, 12))
                .as(Running::new)
                .list()
                .ofMaxSize(30);
    }

    @Property(tries = 500)
    @Tag("P37")
    void whatFinishesWithinTheGraceIsNotEndedAndTheRestIsEndedOnce(
            @ForAll("fleets") List<Running> fleet,
            @ForAll @IntRange(max = 60) int grace,
            @ForAll @IntRange(max = 5) int killGrace) {
        var walk = new Walk(fleet, grace, killGrace);
        int over = walk.run();

        for (int i = 0; i < fleet.size(); i++) {
            var each = fleet.get(i);
            long times = walk.told.stream().filter(String.valueOf(i)::equals).count();
            boolean isEnded = !each.isDurable && each.left > grace;
            assertThat(times).as("%s", each).isEqualTo(isEnded ? 1 : 0);
        }
        // It waits as long as it must and no longer.
        int needed = fleet.stream()
                .filter(each -> !each.isDurable)
                .mapToInt(each -> each.left <= grace ? each.left : each.dying < 0 ? 1_000 : grace + each.dying)
                .max()
                .orElse(0);
        int most = grace + killGrace + Math.toIntExact(DrainPlan.LAST.toSeconds());
        assertThat(over).isEqualTo(Math.min(needed, most));
        assertThat(walk.plan.goingOn())
                .isEqualTo(fleet.stream()
                        .filter(each -> each.isDurable && each.left > over)
                        .count());
        assertThat(walk.plan.unended().isEmpty()).isEqualTo(needed <= most);
    }

    /** Whatever the executions, nothing of an operation starts once it drains, and each gets its one true end. */
    @Property(tries = 500)
    @Tag("P37")
    void nothingStartsAfterTheStopAndEachExecutionEndsAsWhatItIs(
            @ForAll @IntRange(min = 1, max = 8) int targets,
            @ForAll @IntRange(min = 1, max = 3) int steps,
            @ForAll @IntRange(min = 1, max = 8) int concurrency,
            @ForAll @IntRange(max = 10) int before,
            @ForAll List<Operations.@net.jqwik.api.From("ends") ExecutionStatus> ends) {
        var operation = new ActiveOperation(
                "op",
                plan(targets, steps, concurrency),
                new OperationIds(() -> THEN, new java.security.SecureRandom()),
                THEN);
        var running = new ArrayList<>(operation.release(100, THEN, new ActiveOperation.Move()));
        var left = new ArrayList<>(ends);
        for (int i = 0; i < before && !running.isEmpty(); i++) {
            finish(operation, running.removeFirst(), Operations.ExecutionStatus.SUCCESS);
            running.addAll(operation.release(100, THEN, new ActiveOperation.Move()));
        }
        boolean wasOver = operation.isOver();
        operation.drain(THEN, new ActiveOperation.Move());
        assertThat(operation.release(100, THEN, new ActiveOperation.Move())).isEmpty();
        var statuses = new TreeSet<Operations.ExecutionStatus>();
        while (!running.isEmpty()) {
            var end = left.isEmpty() ? Operations.ExecutionStatus.INTERRUPTED : left.removeFirst();
            statuses.add(end);
            finish(operation, running.removeFirst(), end);
            assertThat(operation.release(100, THEN, new ActiveOperation.Move())).isEmpty();
        }
        assertThat(operation.isOver()).isTrue();
        var counts = operation.summary().counts();
        int skipped = counts.getOrDefault(Operations.ExecutionStatus.SKIPPED, 0);
        int succeeded = counts.getOrDefault(Operations.ExecutionStatus.SUCCESS, 0);
        assertThat(counts.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(targets * steps);
        var status = operation.summary().status();
        if (succeeded == targets * steps) {
            assertThat(status).isEqualTo(Operations.Status.SUCCESS);
        } else if ((!wasOver && skipped > 0) || statuses.contains(Operations.ExecutionStatus.INTERRUPTED)) {
            assertThat(status).isEqualTo(Operations.Status.INTERRUPTED);
        } else {
            assertThat(status).isIn(Operations.Status.FAILED, Operations.Status.PARTIAL);
        }
    }

    @Provide
    static Arbitrary<Operations.ExecutionStatus> ends() {
        return Arbitraries.of(
                Operations.ExecutionStatus.SUCCESS,
                Operations.ExecutionStatus.FAILED,
                Operations.ExecutionStatus.INTERRUPTED,
                Operations.ExecutionStatus.LOST);
    }

    private static OperationPlan plan(int targets, int steps, int concurrency) {
        var looks = Collections.nCopies(steps, OperationPlan.Step.look(Duration.ofSeconds(1)));
        return new OperationPlan(
                Operations.Kind.SCRIPT,
                List.of(),
                List.of("*"),
                IntStream.range(0, targets)
                        .mapToObj(i ->
                                new OperationPlan.TargetPlan(Worlds.target("vm-" + i, Worlds.enrolled(THEN)), looks))
                        .toList(),
                concurrency,
                Operations.OnFailure.CONTINUE,
                true,
                null,
                null,
                List.of(),
                null,
                "ann");
    }

    private static void finish(ActiveOperation operation, int position, Operations.ExecutionStatus status) {
        var ended = new Runners.Ended(
                "op", operation.execution(position).id(), status, THEN, THEN, null, null, 0, false, null, null);
        operation.finish(position, ended, new OutputSums(), THEN, new ActiveOperation.Move());
    }

    /** A stop, second by second. */
    private static final class Walk {
        private final List<Running> fleet;
        private final Map<String, Integer> ends = new HashMap<>();
        private final List<String> told = new ArrayList<>();
        private final DrainPlan plan;

        Walk(List<Running> fleet, int grace, int killGrace) {
            this.fleet = fleet;
            Map<String, Boolean> running = new HashMap<>();
            for (int i = 0; i < fleet.size(); i++) {
                running.put(String.valueOf(i), fleet.get(i).isDurable);
                ends.put(String.valueOf(i), fleet.get(i).left);
            }
            plan = new DrainPlan(running, Duration.ofSeconds(grace), Duration.ofSeconds(killGrace), THEN);
        }

        /** @return when it was over */
        int run() {
            for (int second = 0; ; second++) {
                var now = second;
                ends.entrySet().stream()
                        .filter(each -> each.getValue() == now)
                        .forEach(each -> plan.ended(each.getKey()));
                if (plan.isOver(THEN.plusSeconds(second))) {
                    return second;
                }
                assertThat(plan.next(THEN.plusSeconds(second))).isAfter(THEN.plusSeconds(second));
                for (var each : plan.due(THEN.plusSeconds(second))) {
                    told.add(each);
                    int dying = fleet.get(Integer.parseInt(each)).dying;
                    ends.put(each, dying < 0 ? Integer.MAX_VALUE : second + dying);
                    if (dying == 0) {
                        plan.ended(each);
                    }
                }
                if (plan.isOver(THEN.plusSeconds(second))) {
                    return second;
                }
            }
        }
    }
}
