package io.linkops.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.OnFailure;
import io.linkops.orchestrator.Operations.Status;
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

class OperationWalkProperties {
    private static final List<ExecutionStatus> FINAL = List.of(ExecutionStatus.values()).stream()
            .filter(ExecutionStatus::isFinal)
            .toList();

    /** What is walked, and how chance plays it: at {@code stopAt} moves somebody stops it, if it is still going. */
    record World(List<Integer> steps, int concurrency, OnFailure onFailure, int stopAt, int failures, long seed) {
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
                        Arbitraries.integers().between(0, 100),
                        Arbitraries.longs())
                .as(World::new);
    }

    /** P18: never more than N run, never two on one target, in order, each one ends once, and all of it ends. */
    @Property(tries = 1000)
    void aWalkKeepsItsPromisesWhateverHappens(@ForAll("worlds") World world) {
        var walk = new OperationWalk(world.steps, world.concurrency, world.onFailure);
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
            compare(walk, model);
            assertThat(moves).as("it ends").isLessThan(200 * world.executions() + 1000);
        }
        assertThat(model.statuses).allMatch(ExecutionStatus::isFinal);
        assertThat(walk.release(100)).isEmpty();
    }

    private static void compare(OperationWalk walk, Model model) {
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

        Model(World world) {
            this.world = world;
            for (int target = 0; target < world.steps.size(); target++) {
                for (int step = 0; step < world.steps.get(target); step++) {
                    statuses.add(ExecutionStatus.QUEUED);
                    targets.add(target);
                }
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
                if (hasRoom && !isStopped && statuses.get(position) == ExecutionStatus.QUEUED && isNext(position)) {
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

        List<Integer> finish(int position, ExecutionStatus status) {
            statuses.set(position, status);
            boolean skips = status != ExecutionStatus.SUCCESS && world.onFailure == OnFailure.STOP;
            return skips ? skip(sameTarget(position)) : List.of();
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
            if (world.onFailure == OnFailure.CONTINUE && !isStopped && world.failures == 0) {
                assertThat(all(ExecutionStatus.SKIPPED)).isEmpty();
            }
        }
    }

    /** P17: success if all succeeded, failed if none did, partial if some did; stopped and interrupted say so. */
    @Property(tries = 1000)
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
    void anEndOfWhatDoesNotRunIsAFault(@ForAll("worlds") World world) {
        var walk = new OperationWalk(world.steps, world.concurrency, world.onFailure);
        assertThatThrownBy(() -> walk.finish(0, ExecutionStatus.SUCCESS)).isInstanceOf(IllegalStateException.class);
        walk.release(1);
        assertThatThrownBy(() -> walk.finish(0, ExecutionStatus.RUNNING)).isInstanceOf(IllegalStateException.class);
        walk.finish(0, ExecutionStatus.SUCCESS);
        assertThatThrownBy(() -> walk.finish(0, ExecutionStatus.SUCCESS)).isInstanceOf(IllegalStateException.class);
    }
}
