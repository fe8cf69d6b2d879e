package io.linkops.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.orchestrator.OperationWalk.Hold;
import io.linkops.orchestrator.OperationWalk.Skipped;
import io.linkops.orchestrator.Operations.Batches;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.OnFailure;
import io.linkops.orchestrator.Operations.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

class OperationWalkProperties {
    private static final List<ExecutionStatus> FINAL = List.of(ExecutionStatus.values()).stream()
            .filter(ExecutionStatus::isFinal)
            .toList();

    /** What is walked, and how chance plays it: at {@code stopAt} moves somebody stops it, if it is still going. */
    record World(
            List<Integer> steps,
            int concurrency,
            OnFailure onFailure,
            int stopAt,
            int failures,
            Batches batches,
            long seed) {
        int executions() {
            return steps.stream().mapToInt(Integer::intValue).sum();
        }
    }

    @Provide
    Arbitrary<World> worlds() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 4).list().ofMinSize(1).ofMaxSize(40),
                        Arbitraries.integers().between(1, 12),
                        Arbitraries.of(OnFailure.class),
                        Arbitraries.integers().between(-60, 60),
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(0, 100),
                                Arbitraries.integers().between(0, 10)),
                        batches().injectNull(0.3),
                        Arbitraries.longs())
                .as(World::new);
    }

    private static Arbitrary<Batches> batches() {
        var portion = Arbitraries.oneOf(
                Arbitraries.integers().between(1, 50).map(size -> new Integer[] {size, null}),
                Arbitraries.integers().between(1, 100).map(percent -> new Integer[] {null, percent}),
                Arbitraries.just(new Integer[] {null, null}));
        var limit = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 10).map(failures -> new Integer[] {failures, null}),
                Arbitraries.integers().between(0, 100).map(percent -> new Integer[] {null, percent}),
                Arbitraries.just(new Integer[] {null, null}));
        var canary = Arbitraries.integers().between(1, 50).injectNull(0.5);
        return Combinators.combine(portion, limit, canary, Arbitraries.of(true, false), Arbitraries.of(0, 5))
                .as((size, most, first, waits, pause) -> new Batches(
                        size[0], size[1], Duration.ofSeconds(pause), most[0], most[1], first, waits && first != null));
    }

    /**
     * P18: never more than N run, never two on one target, in order, each one ends once, and all of it ends. Of two
     * batches never both run, between them it waits as it was told to, and once more targets than the limit have failed
     * nothing starts: exactly what waited is skipped.
     */
    @Property(tries = 1000)
    @Tag("P18")
    void aWalkKeepsItsPromisesWhateverHappens(@ForAll("worlds") World world) {
        var walk = walk(world);
        var model = new Model(world);
        var random = new Random(world.seed);
        int moves = 0;
        while (!walk.isOver()) {
            if (moves++ == world.stopAt) {
                assertThat(walk.stop()).isEqualTo(model.stop());
            }
            int limit = random.nextInt(world.concurrency + 2);
            assertThat(walk.release(limit)).isEqualTo(model.release(limit));
            model.check();
            var running = model.all(ExecutionStatus.RUNNING);
            if (!running.isEmpty() && random.nextInt(3) > 0) {
                int position = running.get(random.nextInt(running.size()));
                var status = random.nextInt(100) < world.failures
                        ? FINAL.get(random.nextInt(FINAL.size()))
                        : ExecutionStatus.SUCCESS;
                assertThat(walk.finish(position, status)).isEqualTo(model.finish(position, status));
            }
            interfere(walk, model, random);
            compare(walk, model);
            assertThat(moves).as("it ends").isLessThan(500 * world.executions() + 5000);
        }
        assertThat(model.statuses).allMatch(ExecutionStatus::isFinal);
        assertThat(walk.release(100)).isEmpty();
    }

    private static OperationWalk walk(World world) {
        return new OperationWalk(
                world.steps, world.concurrency, world.onFailure, BatchPlan.of(world.batches, world.steps.size()));
    }

    /** People pause and resume, time passes; nobody waits for ever. */
    private static void interfere(OperationWalk walk, Model model, Random random) {
        switch (random.nextInt(12)) {
            case 0 -> assertThat(walk.hold()).isEqualTo(model.hold());
            case 1, 2 -> assertThat(walk.resume()).isEqualTo(model.resume());
            case 3, 4 -> {
                int batch = random.nextInt(4) == 0 ? random.nextInt(5) : walk.batch();
                assertThat(walk.pass(batch)).isEqualTo(model.pass(batch));
            }
            default -> {}
        }
    }

    private static void compare(OperationWalk walk, Model model) {
        assertThat(walk.paused()).isEqualTo(model.paused());
        assertThat(IntStream.range(0, model.statuses.size()).mapToObj(walk::status))
                .containsExactlyElementsOf(model.statuses);
        assertThat(walk.running()).isEqualTo(model.all(ExecutionStatus.RUNNING).size());
        assertThat(walk.counts()).isEqualTo(OperationWalk.count(model.statuses));
        assertThat(walk.isOver()).isEqualTo(model.statuses.stream().allMatch(ExecutionStatus::isFinal));
    }

    /** The same promises in the plainest words: every question is answered by looking at all of it. */
    private static final class Model {
        private final World world;
        private final List<ExecutionStatus> statuses = new ArrayList<>();
        private final List<Integer> targets = new ArrayList<>();
        private boolean isStopped;
        private boolean isHeld;
        private Hold gate = Hold.NONE;
        private int batch;
        private final List<Integer> batchOf = new ArrayList<>();

        Model(World world) {
            this.world = world;
            cut();
            for (int target = 0; target < world.steps.size(); target++) {
                for (int step = 0; step < world.steps.get(target); step++) {
                    statuses.add(ExecutionStatus.QUEUED);
                    targets.add(target);
                }
            }
        }

        /** The batch of each target: the canary first, then portion by portion. */
        private void cut() {
            int all = world.steps.size();
            var batches = world.batches;
            int size = all;
            int canary = 0;
            if (batches != null) {
                canary = batches.canary() == null ? 0 : Math.min(all, batches.canary());
                if (batches.size() != null) {
                    size = batches.size();
                } else if (batches.percent() != null) {
                    size = (int) Math.ceil(all * batches.percent() / 100.0);
                }
            }
            for (int target = 0; target < all; target++) {
                batchOf.add(target < canary ? 0 : (canary > 0 ? 1 : 0) + (target - canary) / size);
            }
        }

        private double limit() {
            var batches = world.batches;
            if (batches == null || (batches.maxFailures() == null && batches.maxFailurePercent() == null)) {
                return Double.MAX_VALUE;
            }
            return batches.maxFailures() != null
                    ? batches.maxFailures()
                    : world.steps.size() * batches.maxFailurePercent() / 100.0;
        }

        private boolean isCutOff() {
            return IntStream.range(0, statuses.size())
                            .filter(position -> statuses.get(position).isFinal())
                            .filter(position -> statuses.get(position) != ExecutionStatus.SUCCESS)
                            .filter(position -> !skippedByLimit.contains(position))
                            .map(targets::get)
                            .distinct()
                            .count()
                    > limit();
        }

        private final java.util.Set<Integer> skippedByLimit = new java.util.HashSet<>();

        boolean hold() {
            boolean can = !isOver() && !isStopped && !isCutOff();
            isHeld |= can;
            return can;
        }

        boolean resume() {
            boolean was = paused() != Hold.NONE;
            isHeld = false;
            gate = Hold.NONE;
            return was;
        }

        boolean pass(int before) {
            boolean passes = gate == Hold.BETWEEN_BATCHES && batch == before;
            gate = passes ? Hold.NONE : gate;
            return passes;
        }

        Hold paused() {
            return isOver() || isStopped || isCutOff() ? Hold.NONE : isHeld ? Hold.BY_HAND : gate;
        }

        private boolean isOver() {
            return statuses.stream().allMatch(ExecutionStatus::isFinal);
        }

        private void advance() {
            boolean isThrough = IntStream.range(0, statuses.size())
                    .filter(position -> batchOf.get(targets.get(position)) == batch)
                    .allMatch(position -> statuses.get(position).isFinal());
            if (isThrough && !isOver()) {
                gate = batch == 0 && world.batches.pausesAfterCanary()
                        ? Hold.CANARY
                        : world.batches.pause().isPositive() ? Hold.BETWEEN_BATCHES : Hold.NONE;
                batch++;
            }
        }

        List<Integer> all(ExecutionStatus status) {
            return IntStream.range(0, statuses.size())
                    .filter(position -> statuses.get(position) == status)
                    .boxed()
                    .toList();
        }

        List<Integer> release(int limit) {
            List<Integer> released = new ArrayList<>();
            for (int position = 0; position < statuses.size(); position++) {
                boolean hasRoom =
                        released.size() < limit && all(ExecutionStatus.RUNNING).size() < world.concurrency;
                boolean isTurn = !isHeld && gate == Hold.NONE && batchOf.get(targets.get(position)) == batch;
                if (hasRoom
                        && isTurn
                        && !isStopped
                        && statuses.get(position) == ExecutionStatus.QUEUED
                        && isNext(position)) {
                    statuses.set(position, ExecutionStatus.RUNNING);
                    released.add(position);
                }
            }
            return released;
        }

        private boolean isNext(int position) {
            return sameTarget(position)
                    .filter(other -> other < position)
                    .allMatch(other -> statuses.get(other).isFinal());
        }

        private IntStream sameTarget(int position) {
            return IntStream.range(0, statuses.size())
                    .filter(other -> targets.get(other).equals(targets.get(position)));
        }

        Skipped finish(int position, ExecutionStatus status) {
            statuses.set(position, status);
            boolean skips = status != ExecutionStatus.SUCCESS && world.onFailure == OnFailure.STOP;
            var rest = skips ? skip(sameTarget(position)) : List.<Integer>of();
            var cut = isCutOff() ? skip(IntStream.range(0, statuses.size())) : List.<Integer>of();
            skippedByLimit.addAll(cut);
            advance();
            return new Skipped(rest, cut);
        }

        List<Integer> stop() {
            isStopped = true;
            return skip(IntStream.range(0, statuses.size()));
        }

        private List<Integer> skip(IntStream positions) {
            var skipped = positions
                    .filter(position -> statuses.get(position) == ExecutionStatus.QUEUED)
                    .boxed()
                    .toList();
            skipped.forEach(position -> statuses.set(position, ExecutionStatus.SKIPPED));
            return skipped;
        }

        void check() {
            var running = all(ExecutionStatus.RUNNING);
            assertThat(running).hasSizeLessThanOrEqualTo(world.concurrency);
            assertThat(running.stream().map(targets::get)).doesNotHaveDuplicates();
            assertThat(running.stream()
                            .map(position -> batchOf.get(targets.get(position)))
                            .distinct()
                            .count())
                    .isLessThanOrEqualTo(1);
            if (world.onFailure == OnFailure.CONTINUE && !isStopped && world.failures == 0) {
                assertThat(all(ExecutionStatus.SKIPPED)).isEmpty();
            }
        }
    }

    /** P17: success if all succeeded, failed if none did, partial if some did; stopped and interrupted say so. */
    @Property(tries = 1000)
    @Tag("P17")
    void theStatusOfTheWholeComesFromItsParts(@ForAll("finals") List<ExecutionStatus> statuses) {
        var outcome = OperationWalk.outcome(OperationWalk.count(statuses), false);
        long succeeded =
                statuses.stream().filter(ExecutionStatus.SUCCESS::equals).count();
        Status expected = succeeded == statuses.size()
                ? Status.SUCCESS
                : statuses.contains(ExecutionStatus.INTERRUPTED)
                        ? Status.INTERRUPTED
                        : succeeded == 0 ? Status.FAILED : Status.PARTIAL;
        assertThat(outcome).isEqualTo(expected);
        assertThat(OperationWalk.outcome(OperationWalk.count(statuses), true))
                .isEqualTo(expected == Status.SUCCESS ? Status.SUCCESS : Status.STOPPED);
    }

    @Provide
    Arbitrary<List<ExecutionStatus>> finals() {
        var mixed = Arbitraries.of(FINAL).list().ofMinSize(1).ofMaxSize(30);
        var equal = Arbitraries.of(FINAL)
                .flatMap(status -> Arbitraries.just(status).list().ofMinSize(1).ofMaxSize(30));
        return Arbitraries.oneOf(mixed, equal);
    }

    /** P18: what does not run cannot end, and running is no end. */
    @Property(tries = 100)
    @Tag("P18")
    void anEndOfWhatDoesNotRunIsAFault(@ForAll("worlds") World world) {
        var walk = walk(world);
        assertThatThrownBy(() -> walk.finish(0, ExecutionStatus.SUCCESS)).isInstanceOf(IllegalStateException.class);
        walk.release(1);
        assertThatThrownBy(() -> walk.finish(0, ExecutionStatus.RUNNING)).isInstanceOf(IllegalStateException.class);
        walk.finish(0, ExecutionStatus.SUCCESS);
        assertThatThrownBy(() -> walk.finish(0, ExecutionStatus.SUCCESS)).isInstanceOf(IllegalStateException.class);
    }
}
