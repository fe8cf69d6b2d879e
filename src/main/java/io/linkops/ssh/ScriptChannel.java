package io.linkops.ssh;

import java.time.Duration;

/**
 * One channel for one execution: first the client id is read, then, if the caller goes ahead, the script runs.
 *
 * <p>Closed before {@link #start}, nothing has run: that is a verification. How a script travels and ends is told in
 * decision 3.
 */
public final class ScriptChannel implements AutoCloseable {
    private final LauncherChannel channel;

    private ScriptChannel(LauncherChannel channel) {
        this.channel = channel;
    }

    /**
     * Starts the launcher and reads the client id file.
     *
     * @param tag the execution's id, {@code [0-9a-zA-Z-]{8,64}}: the only value on the command line there
     * @param timeout for all of this, and later for the script's arrival; also covers a file system that hangs
     * @throws SshException NO_SHELL if the log-in does not give a bash, TIMEOUT, CONNECTION_LOST
     */
    public static ScriptChannel open(SshConnection connection, String tag, String clientIdPath, Duration timeout)
            throws SshException {
        return new ScriptChannel(LauncherChannel.open(connection, BashProgram.LAUNCHER, tag, clientIdPath, timeout));
    }

    /** What the client id file showed; the caller compares. */
    public ClientIdReading clientId() {
        return channel.clientId();
    }

    /**
     * Goes ahead: runs the script and waits for its end.
     *
     * <p>When the script's own process has ended, output of processes it left behind is waited for until it pauses for
     * two seconds; they are left alone.
     *
     * @throws SshException CONNECTION_LOST if the end was not heard of (the script may still run), NO_SHELL if the
     *     script could not be put there (it did not run)
     */
    public Exit start(Payload payload, OutputSink sink) throws SshException {
        channel.ask(LauncherCodec.goAhead(payload), "started [0-9]+");
        return channel.deliver(sink);
    }

    /**
     * Gives up the channel, from any thread; a running script is not ended by this, {@link ProcessReaper} does that.
     */
    @Override
    public void close() {
        channel.close();
    }
}
