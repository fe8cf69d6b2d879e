package io.linkops.ssh;

import java.time.Duration;

/**
 * The way to a shell on one borrowed connection: first the client id is read, then, if the caller goes ahead, the shell
 * opens on that very connection or not at all.
 */
public final class ShellLogin {
    private final SshConnection connection;
    private final PooledConnection looked;
    private final ClientIdReading clientId;

    private ShellLogin(SshConnection connection, PooledConnection looked, ClientIdReading clientId) {
        this.connection = connection;
        this.looked = looked;
        this.clientId = clientId;
    }

    /**
     * Reads the client id file; nothing of a shell is there yet.
     *
     * @param tag as for {@link ScriptChannel#open}
     * @throws SshException NO_SHELL, TIMEOUT, CONNECTION_LOST
     */
    public static ShellLogin look(SshConnection connection, String tag, String clientIdPath, Duration timeout)
            throws SshException {
        try (var channel = ScriptChannel.open(connection, tag, clientIdPath, timeout)) {
            // ScriptChannel may have gone on with another connection; it is the one that was looked at.
            return new ShellLogin(connection, connection.current(), channel.clientId());
        }
    }

    /** What the client id file showed; the caller compares. */
    public ClientIdReading clientId() {
        return clientId;
    }

    /**
     * Goes ahead: opens the log-in shell of the user in a terminal of this size.
     *
     * @throws SshException EXHAUSTED or CONNECTION_LOST (borrow another connection and look again), NO_SHELL
     */
    public Shell start(PtySize size) throws SshException {
        return new Shell(connection, connection.shell(looked, size));
    }
}
