package io.linkops.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One channel to a run that outlives it: first the client id is read, then the run is started, attached to, ended or
 * forgotten. How it is kept on the link is told in decision 10.
 *
 * <p>After a lost connection another channel for the same tag goes on where this one ended; starting twice attaches.
 */
public final class DurableChannel implements AutoCloseable {
    /** durable.bash gives up a listener that says nothing for five minutes. */
    private static final Duration SIGN_OF_LIFE = Duration.ofMinutes(1);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LauncherChannel channel;

    private DurableChannel(LauncherChannel channel) {
        this.channel = channel;
    }

    /** As {@link ScriptChannel#open}. */
    public static DurableChannel open(SshConnection connection, String tag, String clientIdPath, Duration timeout)
            throws SshException {
        return new DurableChannel(LauncherChannel.open(connection, BashProgram.DURABLE, tag, clientIdPath, timeout));
    }

    /** What the client id file showed; the caller compares before anything else. */
    public ClientIdReading clientId() {
        return channel.clientId();
    }

    /**
     * Starts the script, unless that was done before.
     *
     * @throws SshException NO_SHELL if it was refused and did not run; after any other one it may run: attach and see
     */
    public DurableState start(Payload payload, DurableLimits limits) throws SshException {
        return state(DurableCodec.start(payload, limits));
    }

    /** How it stands. If it was not begun yet, it never will be. */
    public DurableState attach() throws SshException {
        return state(DurableCodec.word("attach"));
    }

    private DurableState state(byte[] words) throws SshException {
        return DurableCodec.state(channel.ask(words, DurableCodec.STATE.pattern()));
    }

    /**
     * After {@link #start} or {@link #attach}: what there is from these offsets on, then what comes. Returns when there
     * is no more, because the run has ended or its files are gone: attach again to see which.
     *
     * @throws SshException CONNECTION_LOST
     */
    public void follow(long stdout, long stderr, OutputSink sink) throws SshException {
        try {
            channel.send(DurableCodec.follow(stdout, stderr));
        } catch (IOException e) {
            throw Failures.lost(channel.hop(), "the connection ended; the script goes on", e);
        }
        var signs = Thread.ofVirtual().name("ssh-signs").start(this::giveSigns);
        try {
            channel.deliver(sink);
        } finally {
            signs.interrupt();
        }
    }

    private void giveSigns() {
        try {
            while (true) {
                Thread.sleep(SIGN_OF_LIFE);
                channel.send(DurableCodec.word(""));
            }
        } catch (InterruptedException | IOException e) {
            return; // it is over, and its reader knows why
        }
    }

    /**
     * Ends the run's unit with all that is in it and looks whether it is gone.
     *
     * @return null if it has no unit: then it is for {@link ProcessReaper}
     */
    public ProcessReaper.@Nullable Ended end(Duration grace) throws SshException {
        String line = channel.ask(DurableCodec.word("end"), "reap|gone 0|left( [0-9]+)+", grace.plus(PATIENCE));
        if (line.equals("reap")) {
            return null;
        }
        if (line.equals("gone 0")) {
            return new ProcessReaper.Ended(
                    true,
                    java.util.List.of(),
                    "Nothing of its unit is left on " + channel.hop().name() + ".");
        }
        var survivors = Stream.of(line.substring("left ".length()).split(" ", -1))
                .map(Long::valueOf)
                .toList();
        return new ProcessReaper.Ended(
                false,
                survivors,
                "Still there on " + channel.hop().name() + " after KILL: process " + survivors
                        + " of its unit. Look there (systemctl status).");
    }

    /** Removes what is kept of an ended run; only when everything is on LinkOps' disk. */
    public void forget() throws SshException {
        channel.ask(DurableCodec.word("forget"), "forgotten");
    }

    /** Gives up the channel, from any thread; the run goes on. */
    @Override
    public void close() {
        channel.close();
    }
}
