package io.linkops.orchestrator;

import static io.linkops.orchestrator.Worlds.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory.Durable;
import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.Script;
import io.linkops.inventory.Inventory.Target;
import io.linkops.orchestrator.Operations.OnFailure;
import io.linkops.orchestrator.Operations.Run;
import io.linkops.orchestrator.Operations.VerifyLinks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunPlanTest {
    private static final List<String> ALL = List.of("*");

    private final RunPlan plans = new RunPlan(Worlds.operations(200, 10), Worlds.security(true));
    private final RunPlan laboratory = new RunPlan(Worlds.operations(200, 10), Worlds.security(false));

    private static Run run(List<String> scripts, Map<String, List<String>> flags, Integer concurrency) {
        return Worlds.run(scripts, flags, ALL, concurrency);
    }

    private Map<?, ?> problems(Run run) {
        var failure = catchThrowableOfType(Failure.class, () -> plans.check(run));
        assertThat(failure.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
        return (Map<?, ?>) failure.details().get("fields");
    }

    @Test
    void namesEveryFieldThatIsWrongAtOnce() {
        var run = Worlds.run(List.of(), Map.of("x", List.of()), List.of(), 0, false, OnFailure.STOP);
        assertThat(problems(run).keySet())
                .map(Object::toString)
                .containsExactlyInAnyOrder("scripts", "targets", "concurrency", "require_enrollment", "flags.x");
    }

    @Test
    void refusesTheSameScriptTwiceAndTooManyOfThem() {
        assertThat(problems(run(List.of("a", "a"), Map.of(), null)).get("scripts"))
                .asString()
                .contains("twice");
        var eleven =
                java.util.stream.IntStream.range(0, 11).mapToObj(i -> "s" + i).toList();
        assertThat(problems(run(eleven, Map.of(), null)).get("scripts"))
                .asString()
                .contains("1 to 10");
        assertThatCode(() -> plans.check(run(eleven.subList(0, 10), Map.of(), null)))
                .doesNotThrowAnyException();
    }

    @Test
    void holdsConcurrencyWithinItsLimits() {
        for (var wrong : List.of(0, -1, 201, Integer.MAX_VALUE, Integer.MIN_VALUE)) {
            assertThat(problems(run(List.of("a"), Map.of(), wrong)).keySet())
                    .map(Object::toString)
                    .containsExactly("concurrency");
        }
        assertThatCode(() -> plans.check(run(List.of("a"), Map.of(), 200))).doesNotThrowAnyException();
        assertThatCode(() -> plans.check(run(List.of("a"), Map.of(), 1))).doesNotThrowAnyException();
        assertThatThrownBy(() -> plans.check(new VerifyLinks(List.of(), 0, null, "ann")))
                .hasMessageContaining("targets")
                .hasMessageContaining("concurrency");
    }

    @Test
    void refusesArgumentsThatNoProgramCouldBeGiven() {
        assertThat(problems(run(List.of("a"), Map.of("a", List.of("x\0y")), null))
                        .get("flags.a"))
                .asString()
                .contains("NUL");
        assertThat(problems(run(List.of("a"), Map.of("a", List.of("\ud83d")), null))
                        .get("flags.a"))
                .asString()
                .contains("surrogate");
        assertThat(problems(run(List.of("a"), Map.of("a", List.of("x".repeat(65_536))), null))
                        .get("flags.a"))
                .asString()
                .contains("65536 bytes");
        assertThatCode(() -> plans.check(run(List.of("a"), Map.of("a", List.of("x".repeat(65_535))), null)))
                .doesNotThrowAnyException();
    }

    @Test
    void insistsOnEnrollmentWhereTheConfigurationDoes() {
        var run = Worlds.run(List.of("a"), Map.of(), ALL, null, false, OnFailure.STOP);
        assertThat(problems(run).get("require_enrollment")).asString().contains("security.enrollment_required");
        assertThatCode(() -> laboratory.check(run)).doesNotThrowAnyException();
        var target = Worlds.target("vm-1", Enrollment.UNVERIFIED);
        assertThat(plan(laboratory, run, Worlds.script("a", null), List.of(target))
                        .checksEnrollment())
                .isFalse();
    }

    @Test
    void namesTheScriptsThatAreNotInTheCatalog() {
        var catalog = Worlds.catalog(List.of(Worlds.script("a", null)));
        assertThatThrownBy(() -> RunPlan.scripts(List.of("x", "a", "y"), catalog))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.SCRIPT_NOT_FOUND);
                    assertThat(failure.details()).containsEntry("scripts", List.of("x", "y"));
                });
    }

    @Test
    void limitsHowManyLinksOneOperationHas() {
        var one = Worlds.target("vm-1", Worlds.enrolled(NOW));
        var script = Worlds.script("a", null);
        var run = run(List.of("a"), Map.of(), null);
        for (int size : List.of(0, 1001)) {
            assertThatThrownBy(() -> plan(plans, run, script, Collections.nCopies(size, one)))
                    .hasMessageContaining("come to " + size + " links");
        }
        assertThat(plan(plans, run, script, Collections.nCopies(1000, one)).executions())
                .isEqualTo(1000);
    }

    @Test
    void takesTimeoutArgumentsBytesAndHashOfEachScript() {
        var targets = List.of(Worlds.target("vm-1", Worlds.enrolled(NOW)), Worlds.target("vm-2", Worlds.enrolled(NOW)));
        var scripts = List.of(Worlds.script("a", Duration.ofSeconds(7)), Worlds.script("b", null));
        var contents = List.of(Worlds.content("#!/bin/bash -e\n"), Worlds.content("#!/usr/bin/env bash\n"));
        var run = run(List.of("a", "b"), Map.of("b", List.of("--x", "")), 3);
        var plan = plans.script(run, Worlds.catalog(scripts), scripts, contents, targets, NOW);
        assertThat(plan.concurrency()).isEqualTo(3);
        assertThat(plan.commit()).isEqualTo("c0ffee");
        assertThat(plan.executions()).isEqualTo(4);
        var steps = plan.targets().get(1).steps();
        assertThat(steps.get(0).timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(steps.get(0).arguments()).isEmpty();
        assertThat(steps.get(0).payload().options()).containsExactly("-e");
        assertThat(steps.get(1).timeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(steps.get(1).arguments()).containsExactly("--x", "");
        assertThat(steps.get(1).sha256()).isEqualTo(contents.get(1).sha256());
        assertThat(steps.get(1).payload().content()).isEqualTo(contents.get(1).bytes());
    }

    @Test
    void givesTheFileOnTheLinkAPlainName() {
        List<String> names = new ArrayList<>();
        for (var path : List.of("scripts/a.sh", "a b;rm -rf.sh", "x/-e", ".hidden", "é$(id)", "x/..")) {
            var script = new Script(
                    "a", "a", "", path, null, List.of(), List.of(), null, Durable.AUTO, List.of(), List.of());
            var target = Worlds.target("vm-1", Worlds.enrolled(NOW));
            var plan = plan(plans, run(List.of("a"), Map.of(), null), script, List.of(target));
            names.add(plan.targets().getFirst().steps().getFirst().payload().fileName());
        }
        assertThat(names).containsExactly("a.sh", "a_b_rm_-rf.sh", "_e", "_hidden", "___id_", "_.");
    }

    @Test
    void aLookHasNoScriptAndRunsEverywhere() {
        var targets =
                List.of(Worlds.target("vm-1", Enrollment.UNVERIFIED), Worlds.target("vm-2", Enrollment.UNVERIFIED));
        var plan = plans.verify(new VerifyLinks(ALL, null, null, "ann"), targets);
        assertThat(plan.executions()).isEqualTo(2);
        assertThat(plan.concurrency()).isEqualTo(5);
        assertThat(plan.targets().getFirst().steps().getFirst().script()).isNull();
    }

    private static OperationPlan plan(RunPlan plans, Run run, Script script, List<Target> targets) {
        var contents = List.of(Worlds.content("#!/bin/bash\n"));
        return plans.script(run, Worlds.catalog(List.of(script)), List.of(script), contents, targets, NOW);
    }
}
