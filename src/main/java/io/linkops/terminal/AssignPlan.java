package io.linkops.terminal;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory.EnrollmentStatus;
import io.linkops.inventory.Inventory.Target;
import io.linkops.terminal.Terminals.Assignment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Whether links may be assigned to panes (P22): enrolled ones only. Pure. */
final class AssignPlan {
    private final Duration maxAge;

    /** @param maxAge how old the last look at a link may be */
    AssignPlan(Duration maxAge) {
        this.maxAge = maxAge;
    }

    /** @throws Failure VALIDATION_FAILED or PANE_ASSIGNED, before any link is looked up */
    static void check(ActiveWorkspace workspace, List<Assignment> panes) {
        var numbers = new HashSet<Integer>();
        for (var assignment : panes) {
            var pane = workspace.pane(assignment.pane());
            if (!numbers.add(assignment.pane())) {
                throw new Failure(
                        ErrorCode.VALIDATION_FAILED, "Pane " + assignment.pane() + " is given twice; give it once");
            }
            if (pane.isOpen() && !Objects.equals(pane.link(), assignment.link())) {
                throw new Failure(
                        ErrorCode.PANE_ASSIGNED,
                        "Pane " + pane.number() + " has a shell open on " + pane.link() + "; disconnect it first",
                        Map.of("pane", pane.number(), "link", String.valueOf(pane.link())));
            }
        }
    }

    /** The links that must be looked at before it is known whether they may be assigned. */
    List<String> unknown(List<Target> targets, Instant now) {
        return targets.stream()
                .filter(target -> isUnknown(target, now))
                .map(Target::linkId)
                .toList();
    }

    /** @throws Failure NOT_ENROLLED naming each pane, link and reason */
    void check(List<Assignment> panes, List<Target> targets, Instant now) {
        List<Map<String, Object>> refused = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (var assignment : panes) {
            for (var target : targets) {
                if (target.linkId().equals(assignment.link()) && !isEnrolled(target, now)) {
                    refused.add(Map.of(
                            "pane",
                            assignment.pane(),
                            "link",
                            target.linkId(),
                            "reason",
                            Objects.requireNonNullElse(target.enrollment().reason(), "unverified"),
                            "error",
                            Objects.requireNonNullElse(target.enrollment().error(), "was not verified lately")));
                    names.add(target.linkId());
                }
            }
        }
        if (!refused.isEmpty()) {
            throw new Failure(
                    ErrorCode.NOT_ENROLLED,
                    String.join(", ", names) + (names.size() == 1 ? " is" : " are")
                            + " not enrolled, and terminals open on enrolled links only; verify first. Nothing was"
                            + " assigned",
                    Map.of("panes", refused));
        }
    }

    private boolean isEnrolled(Target target, Instant now) {
        return target.enrollment().isEnrolled() && !isUnknown(target, now);
    }

    private boolean isUnknown(Target target, Instant now) {
        var enrollment = target.enrollment();
        var verifiedAt = enrollment.verifiedAt();
        return enrollment.status() == EnrollmentStatus.UNVERIFIED
                || verifiedAt == null
                || (enrollment.isEnrolled() && verifiedAt.plus(maxAge).isBefore(now));
    }
}
