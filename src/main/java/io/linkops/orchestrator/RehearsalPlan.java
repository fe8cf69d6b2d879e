package io.linkops.orchestrator;

import io.linkops.inventory.Inventory.Target;
import io.linkops.orchestrator.Operations.RehearsedTarget;
import io.linkops.orchestrator.Operations.Run;
import io.linkops.ssh.Hop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The targets of a run that is only tried out: in their batches, those that would refuse it with the reason. Pure.
 *
 * @param batches targets of each batch
 */
record RehearsalPlan(List<RehearsedTarget> targets, List<Integer> batches) {

    static RehearsalPlan of(Run run, List<Target> targets, EnrollmentCheck enrollments, Instant now) {
        var batches = BatchPlan.of(run.batch(), targets.size()).sizes();
        List<RehearsedTarget> rehearsed = new ArrayList<>();
        for (int batch = 0; batch < batches.size(); batch++) {
            for (int i = batches.get(batch); i > 0; i--) {
                rehearsed.add(rehearse(run, targets.get(rehearsed.size()), batch + 1, enrollments, now));
            }
        }
        return new RehearsalPlan(rehearsed, batches);
    }

    private static RehearsedTarget rehearse(
            Run run, Target target, int batch, EnrollmentCheck enrollments, Instant now) {
        var route = target.route().hops().stream().map(Hop::toString).toList();
        return enrollments
                .refusal(target, now)
                .filter(_ -> run.requireEnrollment())
                .map(refusal -> new RehearsedTarget(target.linkId(), route, batch, refusal.reason(), refusal.error()))
                .orElseGet(() -> new RehearsedTarget(target.linkId(), route, batch, null, null));
    }

    boolean mayRun() {
        return targets.stream().allMatch(target -> target.reason() == null);
    }
}
