package io.linkops.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.EnrollmentStatus;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Runners.Ended;
import io.linkops.orchestrator.Runners.Execute;
import io.linkops.ssh.Exit;
import io.linkops.ssh.ProcessReaper;
import io.linkops.ssh.SshException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An execution says no more of its end than was seen. */
class ExecutionOutcomeTest {
    private static final ProcessReaper.Ended GONE = new ProcessReaper.Ended(true, List.of(), "gone");
    private static final ProcessReaper.Ended LEFT = new ProcessReaper.Ended(false, List.of(42L), "42 sleep");
    private static final Exit KILLED = new Exit(137, "KILL");

    private static Ended after(Consumer<ExecutionOutcome> end) {
        var target = Worlds.target("web-1", Worlds.enrolled(Worlds.NOW));
        var order = new Execute(
                "ex-1", "op-1", target, true, null, Duration.ofSeconds(30), Duration.ofSeconds(5), 1000, false);
        var outcome = new ExecutionOutcome(order, Worlds.NOW);
        end.accept(outcome);
        return outcome.ended(Worlds.NOW.plusSeconds(3), 17, true);
    }

    private static void came(Ended ended, ExecutionStatus status, String reason) {
        assertThat(ended.status()).isEqualTo(status);
        assertThat(ended.reason()).isEqualTo(reason);
    }

    private static Enrollment refusal(String reason) {
        return new Enrollment(EnrollmentStatus.REFUSED, true, false, reason, "The client id is another", Worlds.NOW);
    }

    @Test
    void whatNobodySawEndIsLost() {
        var ended = after(_ -> {});
        came(ended, ExecutionStatus.LOST, null);
        assertThat(ended)
                .isEqualTo(new Ended(
                        "op-1",
                        "ex-1",
                        ExecutionStatus.LOST,
                        Worlds.NOW,
                        Worlds.NOW.plusSeconds(3),
                        null,
                        null,
                        17,
                        true,
                        null,
                        null));
    }

    @Test
    void theExitDecidesWhatAScriptCameTo() {
        came(after(each -> each.exited(new Exit(0, null))), ExecutionStatus.SUCCESS, null);
        var failed = after(each -> each.exited(new Exit(3, null)));
        came(failed, ExecutionStatus.FAILED, "exit_code");
        assertThat(failed.exitCode()).isEqualTo(3);
        assertThat(failed.error()).contains("exit code 3");
        var killed = after(each -> each.exited(KILLED));
        came(killed, ExecutionStatus.FAILED, "signal");
        assertThat(killed.signal()).isEqualTo("KILL");
        assertThat(killed.error()).contains("signal KILL");
    }

    @Test
    void aLinkThatIsAnotherFailsBeforeAndIsLostAfterTheScriptWasStarted() {
        came(after(each -> each.refused(refusal("client_id_mismatch"))), ExecutionStatus.FAILED, "client_id_mismatch");
        var estranged = after(each -> each.estranged(refusal("client_id_mismatch")));
        came(estranged, ExecutionStatus.LOST, "client_id_mismatch");
        assertThat(estranged.error()).contains("may still be running");
        came(after(each -> each.estranged(refusal(null))), ExecutionStatus.LOST, "refused");
    }

    @ParameterizedTest
    @EnumSource(SshException.Reason.class)
    void aConnectionThatFailsUnderWayLeavesTheScriptLostUnlessNoShellCame(SshException.Reason reason) {
        var ended = after(each -> each.cut(new SshException(reason, "web-1", "It broke.", null)));
        var isLost = reason != SshException.Reason.NO_SHELL;
        came(
                ended,
                isLost ? ExecutionStatus.LOST : ExecutionStatus.FAILED,
                reason.name().toLowerCase(java.util.Locale.ROOT));
        if (isLost) {
            assertThat(ended.error()).contains("may still be running");
        } else {
            assertThat(ended.error()).doesNotContain("may still be running");
        }
    }

    @Test
    void aStopBeforeTheStartRanNothing() {
        came(after(each -> each.endedBeforeStart(null)), ExecutionStatus.STOPPED, "before_start");
        came(after(each -> each.endedBeforeStart(ExecutionStatus.TIMEOUT)), ExecutionStatus.TIMEOUT, "before_start");
        came(after(ExecutionOutcome::notStarted), ExecutionStatus.FAILED, "not_started");
        came(after(each -> each.unready("secret", "no such")), ExecutionStatus.FAILED, "secret");
    }

    @Test
    void onlyWhatIsGoneCountsAsEnded() {
        var timeout = ExecutionStatus.TIMEOUT;
        var gone = after(each -> each.forced(timeout, KILLED, GONE));
        came(gone, timeout, "timeout");
        assertThat(gone.error()).contains("30 s");
        assertThat(gone.exitCode()).isEqualTo(137);
        came(after(each -> each.forced(ExecutionStatus.STOPPED, null, GONE)), ExecutionStatus.STOPPED, "stopped");
        came(
                after(each -> each.forced(ExecutionStatus.INTERRUPTED, null, GONE)),
                ExecutionStatus.INTERRUPTED,
                "shutdown");
        var left = after(each -> each.forced(timeout, KILLED, LEFT));
        came(left, ExecutionStatus.LOST, "not_ended");
        assertThat(left.error()).contains("42 sleep");
        came(after(each -> each.forced(timeout, KILLED, null)), ExecutionStatus.LOST, "not_seen");
    }

    @Test
    void aScriptThatWasDoneAnywayHasSucceededIfNothingIsLeft() {
        var done = new Exit(0, null);
        came(after(each -> each.forced(ExecutionStatus.STOPPED, done, GONE)), ExecutionStatus.SUCCESS, null);
        came(after(each -> each.forced(ExecutionStatus.STOPPED, done, LEFT)), ExecutionStatus.LOST, "not_ended");
        came(after(each -> each.forced(ExecutionStatus.STOPPED, done, null)), ExecutionStatus.LOST, "not_seen");
    }
}
