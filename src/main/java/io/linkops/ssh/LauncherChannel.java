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
 * A channel on which a program of LinkOps has told what the client id file shows, and waits for what the caller makes
 * of it.
 */
final class LauncherChannel implements AutoCloseable {
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

    private LauncherChannel(
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

    /** As {@link ScriptChannel#open}, for any program that begins like the launcher. */
    static LauncherChannel open(
            SshConnection connection, BashProgram program, String tag, String clientIdPath, Duration timeout)
            throws SshException {
        byte[] hello = LauncherCodec.hello(program, tag, clientIdPath);
        var channel = connection.exec(program.commandLine(tag));
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
                        return new LauncherChannel(connection, tag, timeout, channel, stdout, stderr, reading);
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

    ClientIdReading clientId() {
        return clientId;
    }

    Hop hop() {
        return hop;
    }

    /**
     * Says something and reads the answer, without its mark.
     *
     * @throws SshException NO_SHELL if the program refused (nothing was done), TIMEOUT, CONNECTION_LOST (what was done
     *     is not known)
     */
    String ask(byte[] bytes, String expected) throws SshException {
        return ask(bytes, expected, timeout);
    }

    String ask(byte[] bytes, String expected, Duration patience) throws SshException {
        try (var deadline = connection.deadline(channel, patience)) {
            try {
                send(bytes);
                String line = LauncherCodec.readMarkedLine(stdout, tag);
                if (line == null || !line.matches(expected)) {
                    throw notStarted(deadline, line, null);
                }
                return line;
            } catch (IOException e) {
                throw notStarted(deadline, null, e);
            }
        }
    }

    /** From now on the two streams are the script's. */
    Exit deliver(OutputSink sink) throws SshException {
        return new ScriptRun(hop, channel, new OutputPump(stdout, OutputSink.Stream.STDOUT), stderr).await(sink);
    }

    void send(byte[] bytes) throws IOException {
        send(channel, bytes);
    }

    /** From any thread. */
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
