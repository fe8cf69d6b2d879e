package io.linkops.ssh;

import io.linkops.ssh.OutputSink.Stream;
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
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Carries one stream of a script to the sink, on a virtual thread of its own. */
final class OutputPump {
    private static final int BUFFER = 32 * 1024;

    private final InputStream in;
    private final Stream stream;
    private final CompletableFuture<OutputSink> sink = new CompletableFuture<>();
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private final CompletableFuture<String> noise = new CompletableFuture<>();
    private volatile boolean isAbandoned;
    private volatile boolean isDelivering;
    private volatile long lastArrival = System.nanoTime();
    private final AtomicLong bytes = new AtomicLong();
    private volatile @Nullable Thread thread;

    OutputPump(InputStream in, Stream stream) {
        this.in = in;
        this.stream = stream;
    }

    /** Begins at once, since start-up files may write there; what comes before the mark is noise. */
    static OutputPump stderr(ExecChannel channel, String tag) {
        var pump = new OutputPump(new BufferedInputStream(channel.getErrorStream(), BUFFER), Stream.STDERR);
        pump.begin(() -> pump.skipNoise(LauncherCodec.stderrMark(tag)));
        return pump;
    }

    /** Carries the stream's bytes to the sink from now on. */
    void deliverTo(OutputSink target) {
        sink.complete(target);
        if (thread == null) {
            begin(() -> true);
        }
    }

    /** Completes at the end of the stream, or with what the sink threw. */
    CompletableFuture<Boolean> done() {
        return done;
    }

    /** What was written before the mark. */
    String noise(Duration patience) {
        try {
            return noise.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            return "";
        }
        return "";
    }

    /** How long nothing has come; zero while the sink holds the last piece. */
    Duration quiet() {
        return isDelivering ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastArrival);
    }

    long bytes() {
        return bytes.get();
    }

    /** Delivers nothing more. */
    void abandon() {
        isAbandoned = true;
        sink.completeExceptionally(new InterruptedException("abandoned"));
        var current = thread;
        if (current != null) {
            current.interrupt();
        }
    }

    private interface Beginning {
        boolean reachesOutput() throws IOException;
    }

    private void begin(Beginning beginning) {
        thread = Thread.ofVirtual().name("ssh-" + stream).start(() -> run(beginning));
    }

    private boolean skipNoise(byte[] mark) throws IOException {
        var skipped = new ByteArrayOutputStream();
        try {
            return LauncherCodec.skipTo(in, mark, false, skipped);
        } finally {
            noise.complete(skipped.toString(StandardCharsets.UTF_8));
        }
    }

    private void run(Beginning beginning) {
        try {
            if (beginning.reachesOutput()) {
                carry(sink.get());
            }
            done.complete(true);
        } catch (IOException e) {
            done.complete(false); // the channel tells why it ended
        } catch (InterruptedException | ExecutionException e) {
            if (isAbandoned) {
                done.complete(false);
            } else {
                done.completeExceptionally(e);
            }
        } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
        }
    }

    private void carry(OutputSink target) throws IOException, InterruptedException {
        var buffer = new byte[BUFFER];
        for (int length = in.read(buffer); length >= 0 && !isAbandoned; length = in.read(buffer)) {
            isDelivering = true;
            target.accept(stream, buffer, 0, length);
            bytes.addAndGet(length);
            lastArrival = System.nanoTime();
            isDelivering = false;
        }
    }
}
