package io.linkops.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a started script: its output to the sink, its exit, and then for what is still on the way. */
final class ScriptRun {
    /** After the exit, output that pauses this long is over, even if a process left behind holds the pipe open. */
    private static final Duration QUIET = Duration.ofSeconds(2);
    /** After the exit, no more than this can still be on the way: windows of both sides and a pipe. */
    private static final long MAX_BYTES_AFTER_EXIT = 8L * 1024 * 1024;

    private static final Duration LONGEST_AFTER_EXIT = Duration.ofSeconds(60);
    private static final Duration SINK_PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 100;

    private final Hop hop;
    private final ExecChannel channel;
    private final OutputPump stdout;
    private final OutputPump stderr;

    ScriptRun(Hop hop, ExecChannel channel, OutputPump stdout, OutputPump stderr) {
        this.hop = hop;
        this.channel = channel;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    Exit await(OutputSink sink) throws SshException {
        stdout.deliverTo(sink);
        stderr.deliverTo(sink);
        try {
            CompletableFuture.anyOf(channel.exit(), channel.ended(), failure(stdout.done()), failure(stderr.done()))
                    .get();
            var exit = channel.exit().getNow(null);
            if (exit == null) {
                throw lost("the connection ended before the script did; it may still run");
            }
            drain();
            return exit;
        } catch (InterruptedException e) {
            throw Failures.interrupted(hop, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw Failures.lost(hop, "the output could not be taken; the script may still run", e);
        } finally {
            abandon();
        }
    }

    private void drain() throws InterruptedException, ExecutionException, SshException {
        var both = CompletableFuture.allOf(stdout.done(), stderr.done());
        long exited = System.nanoTime();
        long before = stdout.bytes() + stderr.bytes();
        while (true) {
            try {
                both.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (!stdout.done().get() || !stderr.done().get()) {
                    throw lost("the script ended with " + channel.exit().getNow(null)
                            + ", but the connection ended before all of its output was here");
                }
                return;
            } catch (TimeoutException e) {
                boolean isQuiet = isQuiet(stdout) && isQuiet(stderr);
                boolean isTooMuch = stdout.bytes() + stderr.bytes() - before > MAX_BYTES_AFTER_EXIT;
                boolean isTooLong = System.nanoTime() - exited > LONGEST_AFTER_EXIT.toNanos();
                if (isQuiet
                        || isTooMuch
                        || (isTooLong
                                && !stdout.quiet().isZero()
                                && !stderr.quiet().isZero())) {
                    return;
                }
            }
        }
    }

    private static boolean isQuiet(OutputPump pump) {
        return pump.done().isDone() || pump.quiet().compareTo(QUIET) > 0;
    }

    /** After this no piece is delivered any more. */
    private void abandon() {
        channel.abandon();
        stdout.abandon();
        stderr.abandon();
        try {
            CompletableFuture.allOf(stdout.done(), stderr.done()).get(SINK_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            return; // told already
        }
    }

    private SshException lost(String what) {
        String why = channel.isAbandoned() ? "given up from this side" : "cut";
        return Failures.lost(hop, what, new IOException(why));
    }

    /** Completes only if the other completes exceptionally. */
    private static CompletableFuture<Boolean> failure(CompletableFuture<Boolean> done) {
        return done.thenCompose(ignored -> new CompletableFuture<>());
    }
}
