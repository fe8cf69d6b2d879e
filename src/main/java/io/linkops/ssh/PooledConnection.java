package io.linkops.ssh;

import io.linkops.ssh.SshException.Reason;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;

/** A kept connection and who uses it; guarded by the lock of {@link SshConnections}, but for {@link #client}. */
final class PooledConnection {
    /** Tunnels are not sessions: sshd's MaxSessions does not count them. */
    private static final int MAX_TUNNELS = 100;
    /** Signs of life a peer may leave unanswered. */
    private static final int MAX_SILENCE = 3;

    private static final String SIGN_OF_LIFE = "keepalive@openssh.com";

    private final Route route;
    private final SSHClient client;
    private final @Nullable PooledConnection jump;
    private int capacity;
    private int sessions;
    private int tunnels;
    private boolean isRetired;
    private boolean isDisposed;
    private long idleSince = System.nanoTime();
    private @Nullable Promise<SSHPacket, ConnectionException> asked;
    private int silence;

    PooledConnection(Route route, SSHClient client, @Nullable PooledConnection jump, int capacity) {
        this.route = route;
        this.client = client;
        this.jump = jump;
        this.capacity = capacity;
    }

    Route route() {
        return route;
    }

    SSHClient client() {
        return client;
    }

    /** The connection this one is tunnelled through, kept as long as this one. */
    @Nullable
    PooledConnection jump() {
        return jump;
    }

    boolean isAlive() {
        return client.isConnected() && client.isAuthenticated();
    }

    /**
     * Asks for a sign of life and looks whether the last ones were answered (a refusal is an answer too). One timer
     * asks all connections: sshj's own keepalive costs a thread for each.
     *
     * @return false if the peer has been silent for too long, or the question could not be sent
     */
    synchronized boolean beat() {
        silence = asked == null || asked.isFulfilled() ? 0 : silence + 1;
        if (silence >= MAX_SILENCE) {
            return false;
        }
        try {
            asked = client.getConnection().sendGlobalRequest(SIGN_OF_LIFE, true, new byte[0]);
            return true;
        } catch (TransportException e) {
            return false;
        }
    }

    boolean isIdle() {
        return sessions == 0 && tunnels == 0;
    }

    boolean hasRoom(boolean forTunnel) {
        return !isRetired && (forTunnel ? tunnels < MAX_TUNNELS : sessions < capacity);
    }

    /** Whether one more session would still leave another one. */
    boolean hasRoomToSpare() {
        return !isRetired && sessions + 1 < capacity;
    }

    /** How long the peer takes to answer a question; waits on the caller's thread, outside of the lock. */
    Duration roundTrip(Duration timeout) throws SshException {
        var hop = route.destination();
        long begun = System.nanoTime();
        try {
            var answer = client.getConnection()
                    .sendGlobalRequest(SIGN_OF_LIFE, true, new byte[0])
                    .tryRetrieve(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null) {
                throw new SshException(
                        Reason.TIMEOUT,
                        hop.name(),
                        hop + " did not answer on the connection within " + timeout.toSeconds()
                                + " s. Look at its load and its network.",
                        null);
            }
        } catch (TransportException | ConnectionException e) {
            if (Failures.isInterruption(e)) {
                throw Failures.interrupted(hop, e);
            }
            // a refusal is an answer too
            if (!client.isConnected()) {
                throw Failures.lost(hop, "the connection ended", e);
            }
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    void take(boolean forTunnel) {
        if (forTunnel) {
            tunnels++;
        } else {
            sessions++;
        }
    }

    void giveBack(boolean fromTunnel) {
        if (fromTunnel) {
            tunnels--;
        } else {
            sessions--;
        }
        idleSince = System.nanoTime();
    }

    long idleSince() {
        return idleSince;
    }

    /** The server refused one more session than it has now; false if that leaves no use for the connection. */
    boolean learnCapacity() {
        capacity = Math.min(capacity, sessions - 1);
        return capacity > 0;
    }

    /** No longer handed out. */
    void retire() {
        isRetired = true;
    }

    boolean isRetired() {
        return isRetired;
    }

    /** True for the first caller, who then closes it. */
    boolean markDisposed() {
        boolean isFirst = !isDisposed;
        isDisposed = true;
        return isFirst;
    }
}
