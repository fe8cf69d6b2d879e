package io.linkops.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.gitsync.GitSync.Content;
import io.linkops.orchestrator.OperationStore.Origin;
import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.Kind;
import io.linkops.orchestrator.Operations.OnFailure;
import io.linkops.orchestrator.Operations.Retry;
import io.linkops.orchestrator.Operations.ScriptInput;
import io.linkops.orchestrator.Operations.Status;
import io.linkops.orchestrator.Operations.Summary;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Run again is what did not succeed, where it did not, with the same bytes, or nothing at all. */
class RetryPlanTest {
    private static final Content FIRST = Worlds.content("first");
    private static final Content SECOND = Worlds.content("second");
    private static final List<ScriptInput> INPUTS = List.of(input("first", FIRST), input("second", SECOND));

    private static final List<Execution> EXECUTIONS = List.of(
            execution("a", "first", ExecutionStatus.SUCCESS),
            execution("a", "second", ExecutionStatus.FAILED),
            execution("b", "first", ExecutionStatus.TIMEOUT),
            execution("b", "second", ExecutionStatus.SKIPPED),
            execution("c", "first", ExecutionStatus.SUCCESS),
            execution("c", "second", ExecutionStatus.SUCCESS));

    private static ScriptInput input(String id, Content content) {
        return new ScriptInput(
                id,
                "scripts/" + id + ".sh",
                id + ".sh",
                content.sha256(),
                List.of(),
                List.of(),
                Duration.ofSeconds(30),
                Map.of(),
                Map.of(),
                Map.of(),
                false);
    }

    private static Execution execution(String target, String script, ExecutionStatus status) {
        var queued = Execution.queued(target + "-" + script, 0, target, script, List.of(), null);
        return queued.ended(new Runners.Ended(
                "op-1", queued.id(), status, Worlds.NOW, Worlds.NOW.plusSeconds(1), null, null, 0, false, null, null));
    }

    private static Origin origin(Kind kind, Status status, List<ScriptInput> inputs) {
        var summary = new Summary(
                "op-1",
                kind,
                status,
                List.of("first", "second"),
                List.of("*"),
                3,
                5,
                "c0ffee",
                "ann",
                Worlds.NOW,
                Worlds.NOW,
                Worlds.NOW,
                Map.of(),
                null,
                null,
                null,
                null);
        return new Origin(summary, OnFailure.STOP, true, inputs);
    }

    private static Retry retry(List<ExecutionStatus> statuses, String... targets) {
        return new Retry("op-1", statuses, List.of(targets), "ann");
    }

    private static RetryPlan plan(Retry retry, Set<String> chosen) {
        return RetryPlan.of(retry, origin(Kind.SCRIPT, Status.PARTIAL, INPUTS), EXECUTIONS, chosen);
    }

    private static void isRefused(Origin origin, String why) {
        assertThatThrownBy(() -> RetryPlan.of(retry(List.of()), origin, EXECUTIONS, null))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT);
                    assertThat(failure.details()).isEqualTo(Map.of("operation", "op-1"));
                })
                .hasMessageContaining(why);
    }

    @Test
    void allThatDidNotSucceedByDefault() {
        var plan = plan(retry(List.of()), null);
        assertThat(plan.scriptsOf())
                .isEqualTo(Map.of("a", List.of(INPUTS.get(1)), "b", List.of(INPUTS.get(0), INPUTS.get(1))));
        assertThat(plan.inputs()).isEqualTo(INPUTS);
        assertThat(plan.selectors()).containsExactly("*");
    }

    @Test
    void onlyTheseStatusesAndLinks() {
        var failed = plan(retry(List.of(ExecutionStatus.FAILED), "a", "b"), Set.of("a", "b"));
        assertThat(failed.scriptsOf()).isEqualTo(Map.of("a", List.of(INPUTS.get(1))));
        assertThat(failed.inputs()).containsExactly(INPUTS.get(1));
        assertThat(failed.selectors()).containsExactly("a", "b");
        assertThat(plan(retry(List.of(), "b"), Set.of("b")).scriptsOf()).containsOnlyKeys("b");
        assertThat(plan(retry(List.of(ExecutionStatus.SUCCESS)), null).scriptsOf())
                .containsOnlyKeys("a", "c");
    }

    @Test
    void whereThereIsNothingToRunAgainNothingIs() {
        assertThatThrownBy(() -> plan(retry(List.of(), "c"), Set.of("c")))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.VALIDATION_FAILED))
                .hasMessageContaining("nothing to run again");
    }

    @Test
    void whatIsNotOverOrRanNoScriptsOrKeptNoInputsIsRefused() {
        isRefused(origin(Kind.SCRIPT, Status.RUNNING, INPUTS), "is not over");
        isRefused(origin(Kind.VERIFY, Status.FAILED, INPUTS), "ran no scripts");
        isRefused(origin(Kind.SCRIPT, Status.FAILED, null), "earlier LinkOps");
        isRefused(origin(Kind.SCRIPT, Status.FAILED, List.of()), "earlier LinkOps");
    }

    @Test
    void onlyTheSameBytesRunAgain() {
        var plan = plan(retry(List.of()), null);
        assertThatCode(() -> plan.checkBytes(Map.of("first", FIRST, "second", SECOND)))
                .doesNotThrowAnyException();
        for (var contents : List.of(Map.of("first", FIRST, "second", FIRST), Map.of("first", FIRST))) {
            assertThatThrownBy(() -> plan.checkBytes(contents))
                    .hasMessageContaining("ran another scripts/second.sh")
                    .hasMessageContaining("c0ffee");
        }
    }

    @Test
    void eachLinkGetsItsOwnStepsWithTheirBytes() {
        var plan = plan(retry(List.of()), null);
        var enrolled = Worlds.enrolled(Worlds.NOW);
        var targets = plan.targets(
                List.of(Worlds.target("b", enrolled), Worlds.target("a", enrolled)),
                Map.of("first", FIRST, "second", SECOND));
        assertThat(targets).extracting(each -> each.target().linkId()).containsExactly("b", "a");
        assertThat(targets.getFirst().steps())
                .containsExactly(
                        OperationPlan.Step.of(INPUTS.get(0), FIRST.bytes()),
                        OperationPlan.Step.of(INPUTS.get(1), SECOND.bytes()));
        assertThat(targets.getLast().steps()).containsExactly(OperationPlan.Step.of(INPUTS.get(1), SECOND.bytes()));
    }
}
