package io.linkops.ssh;

import io.linkops.ssh.RouteCheck.Act;
import io.linkops.ssh.SshException.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Looks at links beside the operations: over a kept connection where there is one, else over a new one that is closed
 * again. Jump hosts are connected to once and kept. Safe for any number of threads; every call blocks its caller.
 */
public final class RouteLooks {
    private final SshConnections connections;
    private final SshConnections.Dialing dialing;
    private final Duration timeout;

    RouteLooks(SshConnections connections, SshConnections.Dialing dialing, Duration timeout) {
        this.connections = connections;
        this.dialing = dialing;
        this.timeout = timeout;
    }

    /** How many connections are open now, whoever uses them, jump hosts' included. */
    public int openConnections() {
        return connections.openConnections();
    }

    /**
     * Failures are results, each with its hop and stage. A kept connection that does not answer is given up, and a new
     * one tells why.
     *
     * @param tag for the channel, see {@link ScriptChannel#open}
     */
    public RouteLook look(Route route, String clientIdPath, String tag) {
        var kept = overKept(route, clientIdPath, tag);
        return kept != null ? kept : anew(route, clientIdPath, tag);
    }

    private @Nullable RouteLook overKept(Route route, String clientIdPath, String tag) {
        var clock = new StageClock();
        try {
            var acquired = connections.acquireKept(route);
            if (acquired == null) {
                return null;
            }
            var pooled = acquired.connection();
            if (!acquired.isReused()) {
                return asked(route, pooled, clock);
            }
            try (var connection = new SshConnection(connections, pooled, true, false)) {
                var look = over(connection, pooled, clientIdPath, tag, clock, true);
                var failure = look.check().failure();
                return failure == null || !isDead(failure, connection) ? look : null;
            }
        } catch (SshException e) {
            clock.endWith(e);
            return new RouteLook(clock.check(), true, null, null);
        }
    }

    private static boolean isDead(SshException failure, SshConnection connection) {
        if (failure.reason() == Reason.TIMEOUT || failure.reason() == Reason.CONNECTION_LOST) {
            connection.distrust();
            return true;
        }
        return false;
    }

    /** All its sessions run something: a question takes none. */
    private @Nullable RouteLook asked(Route route, PooledConnection pooled, StageClock clock) {
        clock.begin(route.destination().name());
        clock.begin(Act.CLIENT_ID);
        try {
            var roundTrip = pooled.roundTrip(timeout);
            clock.end(null);
            return new RouteLook(clock.check(), true, roundTrip, null);
        } catch (SshException e) {
            return null;
        } finally {
            connections.giveBack(pooled, true);
        }
    }

    private RouteLook anew(Route route, String clientIdPath, String tag) {
        var clock = new StageClock();
        try {
            var pooled = connections.connectForLook(route, dialing, clock);
            try (var connection = new SshConnection(connections, pooled, false, false)) {
                return over(connection, pooled, clientIdPath, tag, clock, false);
            }
        } catch (SshException e) {
            clock.endWith(e);
            return new RouteLook(clock.check(), false, null, null);
        }
    }

    private RouteLook over(
            SshConnection connection,
            PooledConnection pooled,
            String clientIdPath,
            String tag,
            StageClock clock,
            boolean isKept) {
        Duration roundTrip = null;
        clock.begin(connection.route().destination().name());
        clock.begin(Act.CLIENT_ID);
        try {
            roundTrip = pooled.roundTrip(timeout);
            try (var channel = ScriptChannel.open(connection, tag, clientIdPath, timeout)) {
                clock.end(null);
                return new RouteLook(clock.check(), isKept, roundTrip, channel.clientId());
            }
        } catch (SshException e) {
            // as many sessions as the server allows are open already: it is there, and that is all there is to know
            clock.end(e.reason() == Reason.EXHAUSTED && roundTrip != null && isKept ? null : e);
            return new RouteLook(clock.check(), isKept, roundTrip, null);
        }
    }
}
