package io.linkops.ssh;

import io.linkops.ssh.SshException.Reason;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One channel for one execution: first the client id is read, then, if the caller goes ahead, the script runs.
 *
 * <p>Closed before {@link #start}, nothing has run: that is a verification. How a script travels and ends is told in
 * decision 3.
 */
public final class ScriptChannel implements AutoCloseable {
    private static final int BUFFER = 32 * 1024;
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private final SshConnection connection;
    private final Hop hop;
    private final String tag;
    private final Duration timeout;
    private final ExecChannel channel;
    private final InputStream stdout;
    private final OutputPump stderr;
    private final ClientIdReading clientId;

    private ScriptChannel(
            SshConnection connection,
            String tag,
            Duration timeout,
            ExecChannel channel,
            InputStream stdout,
            OutputPump stderr,
            ClientIdReading clientId) {
        this.connection = connection;
        this.hop = connection.route().destination();
        this.tag = tag;
        this.timeout = timeout;
        this.channel = channel;
        this.stdout = stdout;
        this.stderr = stderr;
        this.clientId = clientId;
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
        byte[] hello = LauncherCodec.hello(tag, clientIdPath);
        var channel = connection.exec(BashProgram.LAUNCHER.commandLine(tag));
        var stdout = new BufferedInputStream(channel.getInputStream(), BUFFER);
        var stderr = OutputPump.stderr(channel, tag);
        var hop = connection.route().destination();
        boolean isOpen = false;
        try (var deadline = connection.deadline(channel, timeout)) {
            var noise = new ByteArrayOutputStream();
            try {
                send(channel, hello);
                if (LauncherCodec.skipTo(stdout, LauncherCodec.mark(tag), true, noise)) {
                    var reading = LauncherCodec.readClientId(stdout, clientIdPath);
                    if (reading != null && deadline.isMet()) {
                        isOpen = true;
                        return new ScriptChannel(connection, tag, timeout, channel, stdout, stderr, reading);
                    }
                }
                throw noAnswer(channel, hop, deadline, timeout, noise, stderr, null);
            } catch (IOException e) {
                throw noAnswer(channel, hop, deadline, timeout, noise, stderr, e);
            }
        } catch (SshException e) {
            if (e.reason() == Reason.TIMEOUT) {
                connection.distrust();
            }
            throw e;
        } finally {
            if (!isOpen) {
                stderr.abandon();
                channel.abandon();
            }
        }
    }

    /** What the client id file showed; the caller compares. */
    public ClientIdReading clientId() {
        return clientId;
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
        byte[] goAhead = LauncherCodec.goAhead(payload);
        try (var deadline = connection.deadline(channel, timeout)) {
            try {
                send(channel, goAhead);
                String line = LauncherCodec.readMarkedLine(stdout, tag);
                if (line == null || !line.matches("started [0-9]+")) {
                    throw notStarted(deadline, line, null);
                }
            } catch (IOException e) {
                throw notStarted(deadline, null, e);
            }
        }
        return new ScriptRun(hop, channel, new OutputPump(stdout, OutputSink.Stream.STDOUT), stderr).await(sink);
    }

    /**
     * Gives up the channel, from any thread; a running script is not ended by this, {@link ProcessReaper} does that.
     */
    @Override
    public void close() {
        channel.abandon();
        stderr.abandon();
    }

    private static void send(ExecChannel channel, byte[] bytes) throws IOException {
        var out = channel.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    private static SshException noAnswer(
            ExecChannel channel,
            Hop hop,
            Deadline deadline,
            Duration timeout,
            ByteArrayOutputStream noise,
            OutputPump stderr,
            @Nullable IOException cause) {
        if (!deadline.isMet()) {
            return new SshException(
                    Reason.TIMEOUT,
                    hop.name(),
                    hop + " did not answer within " + timeout.toSeconds()
                            + " s after the log-in. Either the file system of the client id hangs, or a start-up file"
                            + " of the shell waits for input: try ssh by hand.",
                    cause);
        }
        if (cause != null && Failures.isInterruption(cause)) {
            return Failures.interrupted(hop, cause);
        }
        if (channel.isAbandoned()) {
            return new SshException(Reason.CONNECTION_LOST, hop.name(), hop + ": given up from this side.", cause);
        }
        if (cause != null && !awaitExit(channel)) {
            return Failures.lost(hop, "the connection ended before the script was started", cause);
        }
        return new SshException(
                Reason.NO_SHELL,
                hop.name(),
                hop + ": the log-in did not start bash as asked (" + said(channel, stderr, noise)
                        + "). LinkOps needs bash"
                        + " 4.1 or newer in the PATH, no forced command, and start-up files that neither read input nor"
                        + " print without end.",
                cause);
    }

    private SshException notStarted(Deadline deadline, @Nullable String line, @Nullable IOException cause) {
        if (line != null && line.startsWith("refused ")) {
            awaitExit(channel);
            return new SshException(
                    Reason.NO_SHELL,
                    hop.name(),
                    hop + ": the script could not be put there and did not run: " + line.substring("refused ".length())
                            + " (" + said(channel, stderr, new ByteArrayOutputStream())
                            + "). Look at the free space and"
                            + " rights of /tmp (or TMPDIR) there.",
                    null);
        }
        if (!deadline.isMet()) {
            return new SshException(
                    Reason.TIMEOUT,
                    hop.name(),
                    hop + " did not take the script within " + timeout.toSeconds() + " s; whether it runs is not known."
                            + " Look at the load and the file system of /tmp there.",
                    cause);
        }
        if (cause != null && Failures.isInterruption(cause)) {
            return Failures.interrupted(hop, cause);
        }
        return Failures.lost(
                hop,
                channel.isAbandoned() ? "given up from this side" : "the connection ended while the script was sent",
                cause == null ? new IOException(said(channel, stderr, new ByteArrayOutputStream())) : cause);
    }

    /** The last words of a command that did not do what was asked: exit and what it printed. */
    private static String said(ExecChannel channel, OutputPump stderr, ByteArrayOutputStream noise) {
        awaitExit(channel);
        var exit = channel.exit().getNow(null);
        String words = (stderr.noise(GOODBYE) + " " + noise.toString(StandardCharsets.UTF_8))
                .replaceAll("[\\p{Cntrl}\\s]+", " ")
                .strip();
        String shown = words.length() > 300 ? words.substring(0, 300) + "…" : words;
        return (exit == null ? "no exit status" : "exit status " + exit.code()) + ", it said: "
                + (shown.isEmpty() ? "nothing" : shown);
    }

    private static boolean awaitExit(ExecChannel channel) {
        try {
            CompletableFuture.anyOf(channel.exit(), channel.ended()).get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
        return channel.exit().isDone();
    }
}
