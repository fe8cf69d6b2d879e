package io.linkops.terminal;

import io.linkops.bus.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recording of one shell, while it runs. Nobody waits for the disk: what comes faster than it is written is left
 * out, with a mark, and so is what comes after the limit or after a fault of the disk. Each event is written as a whole
 * line, so that a process that is killed leaves a recording that plays.
 */
final class CastRecording {
    private static final Logger LOG = LoggerFactory.getLogger(CastRecording.class);
    private static final int MAX_WAITING = 4 * 1024 * 1024;
    /** Written in one go; then others have their turn. */
    private static final int TURN = 512 * 1024;

    private sealed interface Event {
        record Output(Instant at, Bytes bytes) implements Event {}

        record Resize(Instant at, int cols, int rows) implements Event {}

        record Missing(Instant at, long bytes) implements Event {}
    }

    private final String id;
    private final FileChannel file;
    private final CastLines lines;
    private final long limit;
    private final InstantSource clock;
    private final Executor writer;
    private final CompletableFuture<Long> closed = new CompletableFuture<>();

    private final ArrayDeque<Event> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private long missing;
    private boolean isScheduled;
    private boolean isClosing;

    private long size;
    /** As {@link #size}, for other threads. */
    private volatile long written;

    private boolean isOver;

    /**
     * @param file empty, opened for writing; closed at the end
     * @param limit in bytes
     * @param writer one thread for many recordings
     */
    CastRecording(
            String id,
            FileChannel file,
            CastLines lines,
            byte[] header,
            long limit,
            InstantSource clock,
            Executor writer)
            throws IOException {
        this.id = id;
        this.file = file;
        this.lines = lines;
        this.limit = limit;
        this.clock = clock;
        this.writer = writer;
        writeLine(header);
    }

    String id() {
        return id;
    }

    /** Bytes that are in the file: whole lines. */
    long written() {
        return written;
    }

    synchronized void output(byte[] bytes, int length) {
        if (waitingBytes + length > MAX_WAITING) {
            missing += length;
        } else {
            tellMissing();
            add(new Event.Output(clock.instant(), Bytes.of(bytes, 0, length)), length);
        }
    }

    synchronized void resize(int cols, int rows) {
        if (waitingBytes <= MAX_WAITING) {
            add(new Event.Resize(clock.instant(), cols, rows), 16);
        }
    }

    /** Nothing more comes. @return the size of the file, when all is in it */
    synchronized CompletableFuture<Long> close() {
        if (!isClosing) {
            tellMissing();
            isClosing = true;
            schedule();
        }
        return closed;
    }

    private void tellMissing() {
        if (missing > 0) {
            add(new Event.Missing(clock.instant(), missing), 64);
            missing = 0;
        }
    }

    private void add(Event event, int bytes) {
        if (!isClosing) {
            waiting.add(event);
            waitingBytes += bytes;
            schedule();
        }
    }

    private void schedule() {
        if (!isScheduled) {
            isScheduled = true;
            writer.execute(this::drain);
        }
    }

    private void drain() {
        int done = 0;
        while (done < TURN) {
            var event = next();
            if (event == null) {
                return;
            }
            int bytes = event instanceof Event.Output output ? output.bytes().size() : 16;
            write(event);
            done += bytes;
        }
        writer.execute(this::drain);
    }

    private @Nullable Event next() {
        synchronized (this) {
            var event = waiting.poll();
            if (event != null) {
                waitingBytes -= switch (event) {
                    case Event.Output output -> output.bytes().size();
                    case Event.Resize _ -> 16;
                    case Event.Missing _ -> 64;
                };
                return event;
            }
            isScheduled = false;
            if (!isClosing || closed.isDone()) {
                return null;
            }
        }
        finish();
        return null;
    }

    private void write(Event event) {
        writeQuietly(
                switch (event) {
                    case Event.Output output ->
                        lines.output(output.at(), output.bytes().toArray());
                    case Event.Resize resize -> lines.resize(resize.at(), resize.cols(), resize.rows());
                    case Event.Missing gap ->
                        lines.mark(gap.at(), gap.bytes() + " bytes are missing: the disk was too slow");
                });
    }

    private void writeQuietly(byte[] line) {
        if (isOver || line.length == 0) {
            return;
        }
        try {
            if (size + line.length > limit) {
                isOver = true;
                writeLine(lines.mark(clock.instant(), "the recording ends here: it has reached its limit"));
            } else {
                writeLine(line);
            }
        } catch (IOException e) {
            isOver = true;
            LOG.warn("The recording {} ends early: {}", id, e.toString());
        }
    }

    private void writeLine(byte[] line) throws IOException {
        var buffer = ByteBuffer.wrap(line);
        try {
            while (buffer.hasRemaining()) {
                var _ = file.write(buffer);
            }
            size += line.length;
            written = size;
        } catch (IOException e) {
            file.truncate(size);
            throw e;
        }
    }

    private void finish() {
        writeQuietly(lines.end(clock.instant()));
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("The recording {} could not be closed: {}", id, e.toString());
        }
        closed.complete(size);
    }
}
