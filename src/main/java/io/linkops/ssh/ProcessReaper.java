package io.linkops.ssh;

import io.linkops.ssh.SshException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Ends an execution on its link: TERM, then KILL, then looks whether it is gone. What it finds: decision 3. */
public final class ProcessReaper {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ProcessReaper() {}

    /**
     * What was seen at last.
     *
     * @param isGone true only if a look at the process table found nothing of the execution
     * @param survivors process ids that are still there
     * @param text for people
     */
    public record Ended(boolean isGone, List<Long> survivors, String text) {
        public Ended {
            survivors = List.copyOf(survivors);
        }
    }

    /**
     * Ends whatever belongs to the execution, over a channel of its own.
     *
     * @param tag the execution's id as given to {@link ScriptChannel#open}
     * @param grace between TERM and KILL
     * @throws SshException if the link could not be asked: then nothing is known
     */
    public static Ended end(SshConnections connections, Route route, String tag, Duration grace) throws SshException {
        byte[] program = BashProgram.REAPER.prologue(tag);
        byte[] line = (Math.max(0, grace.toMillis() / 100) + "\n").getBytes(StandardCharsets.US_ASCII);
        var hop = route.destination();
        try (var connection = connections.borrow(route)) {
            var channel = connection.exec(BashProgram.REAPER.commandLine(tag));
            var stderr = OutputPump.stderr(channel, tag);
            try (var deadline = connection.deadline(channel, grace.plus(PATIENCE))) {
                var out = channel.getOutputStream();
                out.write(program);
                out.write(line);
                out.flush();
                var noise = new ByteArrayOutputStream();
                var in = channel.getInputStream();
                String answer = LauncherCodec.skipTo(in, LauncherCodec.mark(tag), true, noise)
                        ? LauncherCodec.readLine(in)
                        : null;
                return ended(hop, answer, deadline, stderr);
            } catch (IOException e) {
                throw Failures.isInterruption(e)
                        ? Failures.interrupted(hop, e)
                        : Failures.lost(hop, "the connection ended while the script was being ended", e);
            } finally {
                stderr.abandon();
                channel.abandon();
            }
        }
    }

    private static Ended ended(Hop hop, @Nullable String answer, Deadline deadline, OutputPump stderr)
            throws SshException {
        if (answer != null && answer.startsWith("gone")) {
            return new Ended(true, List.of(), "Nothing of the execution is left on " + hop.name() + ".");
        }
        if (answer != null && answer.matches("left( [0-9]+)+")) {
            var survivors = Stream.of(answer.substring("left ".length()).split(" ", -1))
                    .map(Long::valueOf)
                    .toList();
            return new Ended(
                    false,
                    survivors,
                    "Still there on " + hop.name() + " after KILL: process " + survivors + ". Look there (ps -o"
                            + " pid,user,stat,args -p …):"
                            + " another user's process,"
                            + " or one that waits for a"
                            + " device, cannot be ended"
                            + " by " + hop.user() + ".");
        }
        if (!deadline.isMet()) {
            throw new SshException(
                    Reason.TIMEOUT, hop.name(), hop + " did not say in time whether the execution is gone.", null);
        }
        throw new SshException(
                Reason.NO_SHELL,
                hop.name(),
                hop + ": the processes of the execution could not be looked for ("
                        + stderr.noise(Duration.ofSeconds(2)).strip() + ").",
                null);
    }
}
