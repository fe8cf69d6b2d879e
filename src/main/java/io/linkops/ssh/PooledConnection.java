package io.linkops.ssh;

import net.schmizz.sshj.SSHClient;
import org.jspecify.annotations.Nullable;

/** A kept connection and who uses it; guarded by the lock of {@link SshConnections}, but for {@link #client}. */
final class PooledConnection {
    /** Tunnels are not sessions: sshd's MaxSessions does not count them. */
    private static final int MAX_TUNNELS = 100;

    private final Route route;
    private final SSHClient client;
    private final @Nullable PooledConnection jump;
    private int capacity;
    private int sessions;
    private int tunnels;
    private boolean isRetired;
    private boolean isDisposed;
    private long idleSince = System.nanoTime();

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

    boolean isIdle() {
        return sessions == 0 && tunnels == 0;
    }

    boolean hasRoom(boolean forTunnel) {
        return !isRetired && (forTunnel ? tunnels < MAX_TUNNELS : sessions < capacity);
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
