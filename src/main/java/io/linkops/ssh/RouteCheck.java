package io.linkops.ssh;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of connecting to a route, stage by stage; the last one is the one that failed, if any did. */
public record RouteCheck(List<Stage> stages) {
    public RouteCheck {
        stages = List.copyOf(stages);
    }

    /** The acts of connecting and looking, in their order. */
    public enum Act {
        DNS,
        TCP,
        KEY_EXCHANGE,
        HOST_KEY,
        LOGIN,
        /** After the log-in: one question answered, and the client id file read. */
        CLIENT_ID;

        /** Where a failure belongs that was not taken with an act of its own. */
        static Act of(SshException failure) {
            return switch (failure.reason()) {
                case UNRESOLVED -> DNS;
                case UNREACHABLE, EXHAUSTED -> TCP;
                case HANDSHAKE_FAILED -> KEY_EXCHANGE;
                case HOST_KEY_UNKNOWN, HOST_KEY_CHANGED -> HOST_KEY;
                case KEY_FILE_REFUSED, LOGIN_REFUSED -> LOGIN;
                case NO_SHELL, CONNECTION_LOST, TIMEOUT -> CLIENT_ID;
            };
        }
    }

    /** One act at one hop; without a failure it went well. */
    public record Stage(
            String hop, Act act, Duration took, @Nullable SshException failure) {}

    /** Whether every hop was logged in to. */
    public boolean isReachable() {
        return failure() == null;
    }

    /** Why it ended early; null if it did not. */
    public @Nullable SshException failure() {
        return stages.isEmpty() ? null : stages.getLast().failure();
    }
}
