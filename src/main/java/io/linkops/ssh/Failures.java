package io.linkops.ssh;

import io.linkops.ssh.SshException.Reason;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;

/** What sshj's exceptions mean. */
final class Failures {
    private static final int MAX_DEPTH = 20;

    private Failures() {}

    static SshException lost(Hop hop, String what, Throwable cause) {
        return new SshException(
                Reason.CONNECTION_LOST, hop.name(), hop + ": " + what + " (" + reason(cause) + ").", cause);
    }

    static SshException interrupted(Hop hop, Throwable cause) {
        Thread.currentThread().interrupt();
        return new SshException(
                Reason.CONNECTION_LOST, hop.name(), hop + ": given up, the thread was interrupted.", cause);
    }

    static boolean isInterruption(Throwable e) {
        return hasCause(e, InterruptedException.class)
                || (hasCause(e, InterruptedIOException.class) && !hasCause(e, SocketTimeoutException.class))
                || Thread.currentThread().isInterrupted();
    }

    static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
        Throwable cause = e;
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** The innermost message, in one line. */
    static String reason(Throwable e) {
        Throwable cause = e;
        String reason = e.getClass().getSimpleName();
        for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
            var message = cause.getMessage();
            if (message != null && !message.isBlank()) {
                reason = message;
            }
            cause = cause.getCause();
        }
        return reason.lines().findFirst().orElse(reason).strip();
    }
}
