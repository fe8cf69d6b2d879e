package io.linkops.orchestrator;

import static io.linkops.orchestrator.Worlds.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.EnrollmentStatus;
import io.linkops.inventory.Inventory.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

class RunPlanProperties {
    private final RunPlan plans = new RunPlan(Worlds.operations(200, 10), Worlds.security(true));

    /** P13: one target that is not enrolled refuses all of it, with the list of exactly those, in order. */
    @Property(tries = 500)
    @Tag("P13")
    void whoeverIsNotEnrolledIsNamedAndNothingRuns(@ForAll("enrollments") List<Enrollment> enrollments) {
        List<Target> targets = new ArrayList<>();
        enrollments.forEach(each -> targets.add(Worlds.target("link-" + targets.size(), each)));
        var expected = targets.stream()
                .filter(Predicate.not(RunPlanProperties::isFresh))
                .map(Target::linkId)
                .toList();
        var ids = targets.stream().map(Target::linkId).toList();
        if (expected.isEmpty()) {
            var plan = plan(targets, ids);
            assertThat(plan.targets().stream().map(each -> each.target().linkId()))
                    .isEqualTo(ids);
            assertThat(plan.executions()).isEqualTo(targets.size());
            return;
        }
        var failure = catchThrowableOfType(Failure.class, () -> plan(targets, ids));
        assertThat(failure.code()).isEqualTo(ErrorCode.NOT_ENROLLED);
        assertThat(failure.text())
                .contains(expected.size() + " of " + targets.size() + " targets")
                .contains(expected.getFirst());
        assertThat(refused(failure).stream().map(each -> each.get("target"))).isEqualTo(expected);
        assertThat(refused(failure)).allSatisfy(each -> {
            assertThat(each.get("reason")).isNotBlank();
            assertThat(each.get("error")).isNotBlank();
        });
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, String>> refused(Failure failure) {
        return (List<Map<String, String>>) failure.details().get("targets");
    }

    private OperationPlan plan(List<Target> targets, List<String> ids) {
        var script = Worlds.script("deploy", null);
        var run = Worlds.run(List.of("deploy"), Map.of(), ids, null);
        return plans.script(
                run,
                Worlds.catalog(List.of(script)),
                List.of(script),
                List.of(Worlds.content("#!/bin/bash\n")),
                targets,
                NOW);
    }

    private static boolean isFresh(Target target) {
        var at = target.enrollment().verifiedAt();
        return target.enrollment().isEnrolled()
                && at != null
                && Duration.between(at, NOW).compareTo(Worlds.MAX_AGE) <= 0;
    }

    @Provide
    Arbitrary<List<Enrollment>> enrollments() {
        var ages = Arbitraries.oneOf(
                Arbitraries.integers().between(-10, 172_800), Arbitraries.of(0, 86_399, 86_400, 86_401));
        Arbitrary<Instant> times = ages.map(NOW::minusSeconds);
        var enrolled = times.map(Worlds::enrolled);
        var refused = Combinators.combine(
                        times,
                        Arbitraries.of("client_id_mismatch", "unreachable").injectNull(0.2))
                .as((at, why) -> new Enrollment(EnrollmentStatus.REFUSED, true, false, why, why, at));
        var odd = Arbitraries.of(
                Enrollment.UNVERIFIED, new Enrollment(EnrollmentStatus.ENROLLED, true, true, null, null, null));
        var fresh = Arbitraries.integers().between(0, 86_400).map(age -> Worlds.enrolled(NOW.minusSeconds(age)));
        var any = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, enrolled),
                net.jqwik.api.Tuple.of(1, refused),
                net.jqwik.api.Tuple.of(1, odd));
        return Arbitraries.oneOf(
                any.list().ofMinSize(1).ofMaxSize(60), fresh.list().ofMinSize(1).ofMaxSize(60));
    }

    /**
     * P13: arguments arrive as they are given, or are refused: any text either has bytes or is named as having none.
     */
    @Property(tries = 500)
    @Tag("P13")
    void argumentsAreTakenExactlyOrRefused(@ForAll("texts") List<String> values) {
        var run = Worlds.run(List.of("deploy"), Map.of("deploy", values), List.of("*"), null);
        var canArrive = values.stream()
                .allMatch(value -> value.indexOf('\0') < 0
                        && new String(
                                        value.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                        java.nio.charset.StandardCharsets.UTF_8)
                                .equals(value));
        var failure = catchThrowableOfType(Failure.class, () -> plans.check(run));
        if (canArrive) {
            assertThat(failure).isNull();
        } else {
            assertThat(failure.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
            assertThat(failure.text()).contains("flags.deploy");
        }
    }

    @Provide
    Arbitrary<List<String>> texts() {
        var anything = Arbitraries.strings().ofMaxLength(20);
        var odd = Arbitraries.strings()
                .withChars('a', '\0', '\ud83d', '\ude00', '\'', '"', '$', '\n', 'é')
                .ofMaxLength(6);
        return Arbitraries.oneOf(anything, odd).list().ofMaxSize(5);
    }
}
