package io.linkops.terminal;

import io.linkops.inventory.EnrollmentVerdict;
import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.RecordEnrollment;
import io.linkops.inventory.Inventory.Target;
import io.linkops.ssh.PtySize;
import io.linkops.ssh.Shell;
import io.linkops.ssh.ShellLogin;
import io.linkops.ssh.SshConnection;
import io.linkops.ssh.SshConnections;
import io.linkops.ssh.SshException;
import io.linkops.ssh.SshException.Reason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens a shell on a link, blocking: connects, reads the client id on that connection, and only then the shell. */
final class ShellOpening {
    private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_TRIES = 4;
    /** Another connection may do. */
    private static final Set<Reason> PASSING = EnumSet.of(Reason.EXHAUSTED, Reason.CONNECTION_LOST);

    private final SshConnections connections;
    private final InstantSource clock;

    ShellOpening(SshConnections connections, InstantSource clock) {
        this.connections = connections;
        this.clock = clock;
    }

    /**
     * What came of it.
     *
     * @param seen for the inventory to record
     * @param shell null when the link was refused or could not be reached: {@code seen} or {@code failure} says why
     * @param connection to give back when the shell is closed; null without a shell
     */
    record Opened(
            @Nullable RecordEnrollment seen,
            @Nullable Shell shell,
            @Nullable SshConnection connection,
            @Nullable SshException failure) {}

    /** Fails closed: there is a shell only if the client id was read and is right. */
    Opened open(Target target, String session, PtySize size) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(target, session, size);
            } catch (SshException e) {
                if (attempt == MAX_TRIES
                        || !PASSING.contains(e.reason())
                        || Thread.currentThread().isInterrupted()) {
                    return failed(target, e);
                }
            }
        }
    }

    private Opened once(Target target, String session, PtySize size) throws SshException {
        var begun = clock.instant();
        var connection = connections.borrow(target.route());
        boolean isOpen = false;
        try {
            var latency = connection.isReused()
                    ? null
                    : Long.valueOf(
                            Math.max(0, Duration.between(begun, clock.instant()).toMillis()));
            var login = ShellLogin.look(connection, session, target.clientIdPath(), LOOK_TIMEOUT);
            Enrollment verdict = EnrollmentVerdict.of(target, login.clientId(), clock.instant());
            var seen = new RecordEnrollment(target.linkId(), verdict, null, latency);
            if (!verdict.isEnrolled()) {
                return new Opened(seen, null, null, null);
            }
            var shell = login.start(size);
            isOpen = true;
            return new Opened(seen, shell, connection, null);
        } finally {
            if (!isOpen) {
                connection.close();
            }
        }
    }

    /** A shell that does not open says nothing of the link's enrollment; a connection that does not come about does. */
    private Opened failed(Target target, SshException e) {
        if (e.reason() == Reason.EXHAUSTED || e.reason() == Reason.NO_SHELL) {
            return new Opened(null, null, null, e);
        }
        var verdict = EnrollmentVerdict.of(e, clock.instant());
        var offered = EnrollmentVerdict.offeredHostKey(e, target.linkId());
        return new Opened(new RecordEnrollment(target.linkId(), verdict, offered, null), null, null, e);
    }
}
