package io.linkops.ssh;

import java.time.Duration;

/**
 * One channel for one execution: first the client id is read, then, if the caller goes ahead, the script runs.
 *
 * <p>Closed before {@link #start}, nothing has run: that is a verification.
 */
public final class ScriptChannel implements AutoCloseable {
    private ScriptChannel() {}

    /**
     * Starts the launcher and reads the client id file.
     *
     * @param tag the execution's id, {@code [0-9a-zA-Z-]{8,64}}: the only value on the command line there
     * @param timeout for all of this; also covers a file system that hangs
     * @throws SshException NO_SHELL if the log-in does not give a bash, TIMEOUT, CONNECTION_LOST
     */
    public static ScriptChannel open(SshConnection connection, String tag, String clientIdPath, Duration timeout)
            throws SshException {
        return new ScriptChannel();
    }

    public ClientIdReading clientId() {
        return new ClientIdReading(ClientIdReading.Status.MISSING, "", "");
    }

    /**
     * Goes ahead: runs the script and waits for its end.
     *
     * @throws SshException CONNECTION_LOST if the end was not heard of (the script may still run), NO_SHELL if the
     *     script could not be put there (it did not run)
     * @throws IllegalArgumentException if anything has a NUL; nothing was sent then
     */
    public Exit start(Payload payload, OutputSink sink) throws SshException {
        return new Exit(0, null);
    }

    /**
     * Gives up the channel, from any thread; a running script is not ended by this, {@link ProcessReaper} does that.
     */
    @Override
    public void close() {}
}
