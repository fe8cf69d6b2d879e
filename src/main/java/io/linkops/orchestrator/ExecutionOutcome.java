package io.linkops.orchestrator;

import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Runners.Ended;
import io.linkops.orchestrator.Runners.Execute;
import io.linkops.ssh.Exit;
import io.linkops.ssh.ProcessReaper;
import io.linkops.ssh.SshException;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an execution has come to: each method is one way to end, and says only what was seen. */
final class ExecutionOutcome {
    private final Execute order;
    private final Instant startedAt;
    private ExecutionStatus status = ExecutionStatus.LOST;
    private @Nullable Integer exitCode;
    private @Nullable String signal;
    private @Nullable String reason;
    private @Nullable String error;

    ExecutionOutcome(Execute order, Instant startedAt) {
        this.order = order;
        this.startedAt = startedAt;
    }

    void success() {
        become(ExecutionStatus.SUCCESS, null, null);
    }

    /** The link could not be reached or is not what it claims to be; nothing ran there. */
    void refused(Enrollment enrollment) {
        become(ExecutionStatus.FAILED, enrollment.reason(), enrollment.error());
    }

    /** The link of a durable run that is under way is not what it claims to be any more. */
    void estranged(Enrollment enrollment) {
        lost(
                java.util.Objects.requireNonNullElse(enrollment.reason(), "refused"),
                enrollment.error() + ". The script may still be running there: look before you run it again.");
    }

    /** A durable run of which it was found out later that it was never begun. */
    void notStarted() {
        become(
                ExecutionStatus.FAILED,
                "not_started",
                "The connection, or LinkOps, ended before the script was started; nothing ran on this link, and it will"
                        + " not start any more");
    }

    /** Something it needs is missing on this side; nothing was sent. */
    void unready(String reason, String error) {
        become(ExecutionStatus.FAILED, reason, error);
    }

    /** The script ended by itself. */
    void exited(Exit exit) {
        exitCode = exit.code();
        signal = exit.signal();
        if (exit.isSuccess()) {
            success();
        } else if (signal != null) {
            become(ExecutionStatus.FAILED, "signal", "The script was ended by signal " + signal);
        } else {
            become(ExecutionStatus.FAILED, "exit_code", "The script ended with exit code " + exit.code());
        }
    }

    /** The connection failed under way. */
    void cut(SshException fault) {
        var word = fault.reason().name().toLowerCase(Locale.ROOT);
        if (fault.reason() == SshException.Reason.NO_SHELL) {
            become(ExecutionStatus.FAILED, word, fault.text());
        } else {
            lost(word, fault.text() + " The script may still be running there: look before you run it again.");
        }
    }

    void lost(String reason, String error) {
        become(ExecutionStatus.LOST, reason, error);
    }

    /** A stop that came before anything was sent. */
    void endedBeforeStart(@Nullable ExecutionStatus asked) {
        become(
                asked == null ? ExecutionStatus.STOPPED : asked,
                "before_start",
                "Ended before the script was started; nothing ran on this link");
    }

    /** A stop or the time limit ended it: only what was seen to be gone counts as ended. */
    void forced(ExecutionStatus asked, @Nullable Exit exit, ProcessReaper.@Nullable Ended reaped) {
        if (exit != null) {
            exitCode = exit.code();
            signal = exit.signal();
        }
        if (exit != null && exit.isSuccess() && reaped != null && reaped.isGone()) {
            success();
        } else if (reaped == null) {
            lost("not_seen", "It was told to end, but the link could not be asked whether it did: look there.");
        } else if (!reaped.isGone()) {
            lost("not_ended", "It was told to end, but processes are left on the link: " + reaped.text());
        } else if (asked == ExecutionStatus.TIMEOUT) {
            become(asked, "timeout", "It took longer than " + order.timeout().toSeconds() + " s and was ended");
        } else if (asked == ExecutionStatus.INTERRUPTED) {
            become(asked, "shutdown", "LinkOps was stopped and ended this; it is gone from the link");
        } else {
            become(asked, "stopped", "It was stopped and is gone from the link");
        }
    }

    private void become(ExecutionStatus status, @Nullable String reason, @Nullable String error) {
        this.status = status;
        this.reason = reason;
        this.error = error;
    }

    Ended ended(Instant endedAt, long outputBytes, boolean isTruncated) {
        return new Ended(
                order.operationId(),
                order.executionId(),
                status,
                startedAt,
                endedAt,
                exitCode,
                signal,
                outputBytes,
                isTruncated,
                reason,
                error);
    }
}
