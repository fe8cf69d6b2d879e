package io.linkops.ssh;

import org.jspecify.annotations.Nullable;

/** Why work over SSH could not be begun or finished, naming the link and the act, and saying what to do. */
public final class SshException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The stage that failed. */
    public enum Reason {
        /** The host name does not resolve. */
        UNRESOLVED,
        /** No TCP connection: refused, no route, or no answer in time. */
        UNREACHABLE,
        /**
         * TCP works, but no SSH session came of it: not an SSH server, no common algorithm, cut during key exchange.
         */
        HANDSHAKE_FAILED,
        /** Nobody has said yet which host key this host should have. */
        HOST_KEY_UNKNOWN,
        /** The host key is not one of the trusted ones. */
        HOST_KEY_CHANGED,
        /** The private key file is missing, readable by others, not ours, or not a key. */
        KEY_FILE_REFUSED,
        /** The server does not accept the key for this user. */
        LOGIN_REFUSED,
        /** Logged in, but the shell did not start bash as asked (no bash, forced command, full disk). */
        NO_SHELL,
        /** The connection ended while it was in use. */
        CONNECTION_LOST,
        /** Too many connections or channels at once here or there. */
        EXHAUSTED,
        /** No answer in time after the log-in. */
        TIMEOUT
    }

    private final Reason reason;
    private final String hop;
    private final @Nullable String offeredHostKey;

    /** @param hop the name of the hop at which it happened */
    public SshException(Reason reason, String hop, String message, @Nullable Throwable cause) {
        this(reason, hop, message, null, cause);
    }

    public SshException(
            Reason reason, String hop, String message, @Nullable String offeredHostKey, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.hop = hop;
        this.offeredHostKey = offeredHostKey;
    }

    public Reason reason() {
        return reason;
    }

    public String hop() {
        return hop;
    }

    /** The fingerprint the host showed, for the two HOST_KEY reasons. */
    public @Nullable String offeredHostKey() {
        return offeredHostKey;
    }

    /** The sentence for people; never null. */
    public String text() {
        var message = getMessage();
        return message == null ? reason.name() : message;
    }
}
