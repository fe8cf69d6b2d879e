package io.linkops.ssh;

import io.linkops.ssh.SshException.Reason;
import java.io.IOException;
import java.time.Duration;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.OpenFailException;

/** A borrowed connection: host key proven, logged in, shared with other borrowers; closing gives it back. */
public final class SshConnection implements AutoCloseable {
    private static final int MAX_TRIES = 4;
    /** What a shell may send ahead of its reader: little, so that Ctrl-C in a flood is seen at once. */
    static final long SHELL_WINDOW = 128 * 1024;

    private final SshConnections connections;
    private PooledConnection pooled;
    private final boolean isSwappable;
    private boolean isReused;
    private boolean isClosed;

    /** @param isSwappable whether another connection will do where this one turns out to be dead or full */
    SshConnection(SshConnections connections, PooledConnection pooled, boolean isReused, boolean isSwappable) {
        this.connections = connections;
        this.pooled = pooled;
        this.isReused = isReused;
        this.isSwappable = isSwappable;
    }

    public Route route() {
        return pooled.route();
    }

    /** Whether it was there already: borrowing it tells nothing of how long connecting takes. */
    public synchronized boolean isReused() {
        return isReused;
    }

    /**
     * A channel on which the command line was started.
     *
     * <p>What LinkOps starts does nothing before it is told more over stdin; so when a kept connection turns out to be
     * dead, or the server takes no more sessions on it, this goes on with another connection.
     */
    synchronized ExecChannel exec(String commandLine) throws SshException {
        for (int attempt = 1; ; attempt++) {
            if (isClosed) {
                throw new IllegalStateException("the connection was given back");
            }
            var channel = new ExecChannel(pooled.client().getConnection());
            try {
                channel.open();
                channel.exec(commandLine);
                return channel;
            } catch (OpenFailException e) {
                swapForRoom(attempt, e);
            } catch (IOException | RuntimeException e) {
                channel.abandon();
                swapForAlive(attempt, e);
            }
        }
    }

    /**
     * A channel with a log-in shell in a terminal, on the very connection the client id was read on: where that has no
     * room or is gone, nobody looked at what another one leads to.
     *
     * @throws SshException EXHAUSTED or CONNECTION_LOST: borrow another connection and look again
     */
    synchronized ExecChannel shell(PooledConnection looked, PtySize size) throws SshException {
        if (isClosed || looked != pooled) {
            throw Failures.lost(hop(), "the connection was changed for another one", new IOException("swapped"));
        }
        var channel = new ExecChannel(new NarrowConnection(pooled.client().getConnection(), SHELL_WINDOW));
        try {
            channel.open();
            channel.shell(size);
            return channel;
        } catch (OpenFailException e) {
            connections.learnCapacity(pooled);
            throw noRoom(e);
        } catch (IOException | RuntimeException e) {
            channel.abandon();
            refuseRequest(e);
            connections.discard(pooled);
            throw Failures.lost(hop(), "the connection ended before the shell was there", e);
        }
    }

    /** What channels are opened on now. */
    synchronized PooledConnection current() {
        return pooled;
    }

    private SshException noRoom(OpenFailException e) {
        return new SshException(
                Reason.EXHAUSTED,
                hop().name(),
                hop() + " refuses to open a session (" + Failures.reason(e)
                        + "). Look at MaxSessions and the limits of the user there.",
                e);
    }

    private void swapForRoom(int attempt, OpenFailException e) throws SshException {
        if (attempt == MAX_TRIES || !isSwappable) {
            throw noRoom(e);
        }
        connections.learnCapacity(pooled);
        swap();
    }

    private void swapForAlive(int attempt, Exception e) throws SshException {
        refuseRequest(e);
        connections.discard(pooled);
        if (!isReused || attempt == MAX_TRIES || !isSwappable) {
            throw Failures.lost(hop(), "the connection ended before anything was started", e);
        }
        swap();
    }

    /** What no other connection would change. */
    private void refuseRequest(Exception e) throws SshException {
        if (Failures.isInterruption(e)) {
            throw Failures.interrupted(hop(), e);
        }
        if (e instanceof ConnectionException && "Request failed".equals(e.getMessage())) {
            throw new SshException(
                    Reason.NO_SHELL,
                    hop().name(),
                    hop() + " refuses to run commands for this user. Look at its sshd_config and the log-in shell.",
                    e);
        }
    }

    private void swap() throws SshException {
        Route route = pooled.route();
        connections.giveBack(pooled, false);
        isClosed = true;
        var next = connections.acquire(route, false);
        pooled = next.connection();
        isReused = next.isReused();
        isClosed = false;
    }

    /** After an answer that never came: nobody else should be given this connection. */
    synchronized void distrust() {
        connections.discard(pooled);
    }

    Deadline deadline(ExecChannel channel, Duration timeout) {
        return connections.deadline(channel, timeout);
    }

    private Hop hop() {
        return pooled.route().destination();
    }

    /** Gives the connection back; channels that were opened on it must be closed before. */
    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            connections.giveBack(pooled, false);
        }
    }
}
