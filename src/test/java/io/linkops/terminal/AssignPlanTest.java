package io.linkops.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.EnrollmentStatus;
import io.linkops.inventory.Inventory.Target;
import io.linkops.ssh.Hop;
import io.linkops.ssh.Route;
import io.linkops.terminal.Terminals.Assignment;
import io.linkops.terminal.Terminals.Layout;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** P22: a terminal opens on links that were found to be enrolled lately, and on no other. */
@Tag("P22")
class AssignPlanTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration MAX_AGE = Duration.ofHours(24);
    private static final AssignPlan PLAN = new AssignPlan(MAX_AGE);

    private static Target target(String id, EnrollmentStatus status, String reason, Instant verifiedAt) {
        var isEnrolled = status == EnrollmentStatus.ENROLLED;
        var route = new Route(List.of(new Hop(id, "192.0.2.1", 22, "root", null, List.of())));
        var error = reason == null ? null : "it said " + reason;
        return new Target(
                id,
                route,
                "id-" + id,
                "/id",
                new Enrollment(status, isEnrolled, isEnrolled, reason, error, verifiedAt));
    }

    private static Target enrolled(String id, Duration age) {
        return target(id, EnrollmentStatus.ENROLLED, null, NOW.minus(age));
    }

    private static Target refused(String id, Duration age) {
        return target(id, EnrollmentStatus.REFUSED, "client_id_mismatch", NOW.minus(age));
    }

    private static Target unverified(String id) {
        return target(id, EnrollmentStatus.UNVERIFIED, null, null);
    }

    private static ActiveWorkspace workspace() {
        return new ActiveWorkspace("ws-1", "ann", Layout.GRID2X1, 2, 196_608, NOW);
    }

    @Test
    void whatWasVerifiedLatelyNeedsNoLookAndTheRestDoes() {
        var targets = List.of(
                enrolled("fresh", MAX_AGE),
                enrolled("old", MAX_AGE.plusMillis(1)),
                refused("refused", Duration.ofDays(300)),
                unverified("never"));
        assertThat(PLAN.unknown(targets, NOW)).containsExactly("old", "never");
    }

    @Test
    void anEnrolledLinkMayBeAssignedToAnyPane() {
        var panes = List.of(new Assignment(0, "fresh"), new Assignment(1, "fresh"), new Assignment(2, null));
        assertThatCode(() -> PLAN.check(panes, List.of(enrolled("fresh", MAX_AGE)), NOW))
                .doesNotThrowAnyException();
    }

    @Test
    void everyOtherIsRefusedWithItsPaneAndItsReason() {
        var panes = List.of(
                new Assignment(0, "fresh"),
                new Assignment(1, "refused"),
                new Assignment(2, "never"),
                new Assignment(3, "old"));
        var targets = List.of(
                enrolled("fresh", Duration.ZERO),
                refused("refused", Duration.ZERO),
                unverified("never"),
                enrolled("old", MAX_AGE.plusMillis(1)));
        assertThatThrownBy(() -> PLAN.check(panes, targets, NOW)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.NOT_ENROLLED);
            assertThat(failure).hasMessageStartingWith("refused, never, old are not enrolled");
            assertThat(failure.details().get("panes"))
                    .isEqualTo(List.of(
                            Map.of(
                                    "pane",
                                    1,
                                    "link",
                                    "refused",
                                    "reason",
                                    "client_id_mismatch",
                                    "error",
                                    "it said client_id_mismatch"),
                            Map.of(
                                    "pane", 2,
                                    "link", "never",
                                    "reason", "unverified",
                                    "error", "was not verified lately"),
                            Map.of(
                                    "pane", 3,
                                    "link", "old",
                                    "reason", "unverified",
                                    "error", "was not verified lately")));
        });
        assertThatThrownBy(() -> PLAN.check(List.of(new Assignment(0, "never")), targets, NOW))
                .hasMessageStartingWith("never is not enrolled");
    }

    @Test
    void aPaneIsGivenOnce() {
        var twice = List.of(new Assignment(1, "a"), new Assignment(1, "b"));
        assertThatThrownBy(() -> AssignPlan.check(workspace(), twice))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.VALIDATION_FAILED))
                .hasMessageContaining("Pane 1 is given twice");
    }

    @Test
    void aShellThatIsOpenKeepsItsPane() {
        var workspace = workspace();
        workspace.pane(0).assign("web-1");
        assertThatCode(() -> AssignPlan.check(workspace, List.of(new Assignment(0, "db-1"))))
                .doesNotThrowAnyException();
        workspace.pane(0).connecting("session-1");
        assertThatCode(() ->
                        AssignPlan.check(workspace, List.of(new Assignment(0, "web-1"), new Assignment(1, "db-1"))))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> AssignPlan.check(workspace, List.of(new Assignment(0, "db-1"))))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.PANE_ASSIGNED);
                    assertThat(failure.details()).isEqualTo(Map.of("pane", 0, "link", "web-1"));
                });
        assertThatThrownBy(() -> AssignPlan.check(workspace, List.of(new Assignment(0, null))))
                .hasMessageContaining("disconnect it first");
    }
}
