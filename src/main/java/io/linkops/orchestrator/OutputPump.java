package io.linkops.orchestrator;

import io.linkops.bus.Bytes;
import io.linkops.bus.Utf8;
import io.linkops.orchestrator.Runners.Piece;
import io.linkops.ssh.OutputSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a script's output from the two threads that read it, cuts it at the limit, and hands it on in pieces, one
 * delivery at a time: while one is on its way, the next grows. A full buffer blocks the readers and so, through SSH's
 * window, the script. A character is never cut in two between pieces.
 */
final class OutputPump implements OutputSink {
    private static final Logger LOG = LoggerFactory.getLogger(OutputPump.class);
    private static final int BUFFER_LIMIT = 256 * 1024;
    private static final int PIECE_LIMIT = 64 * 1024;
    /** What is added at once: keeps buffer and pieces within their limits, however much is read at once. */
    private static final int SLICE = 16 * 1024;

    /** Most bytes of one piece: a full one grows by at most one slice and the begun character before it. */
    static final int MAX_PIECE = PIECE_LIMIT + SLICE + 3;

    /** Most bytes that wait, the delivery under way aside. */
    static final int MAX_BUFFERED = BUFFER_LIMIT + SLICE + 3;

    /** Where pieces go; blocks until they are kept. */
    interface Delivery {
        void deliver(List<Piece> pieces) throws InterruptedException;
    }

    private static final class Part {
        private final boolean isError;
        private final byte[] data;

        Part(boolean isError, byte[] data) {
            this.isError = isError;
            this.data = data;
        }
    }

    private final Delivery delivery;
    private final long limit;
    private final Thread pump;
    private final List<Part> buffer = new ArrayList<>();
    private final Map<Stream, byte[]> carried = new EnumMap<>(Stream.class);
    private int buffered;
    private long accepted;
    private boolean isTruncated;
    private boolean isClosed;
    private boolean isAborted;

    OutputPump(String executionId, long limit, Delivery delivery) {
        this(executionId, limit, delivery, 0);
    }

    /** @param kept bytes that an earlier LinkOps has kept, the mark of a cut among them */
    OutputPump(String executionId, long limit, Delivery delivery, long kept) {
        this.delivery = delivery;
        this.limit = limit;
        this.accepted = Math.min(kept, limit);
        this.isTruncated = kept > limit;
        this.pump = Thread.ofVirtual().name("output-" + executionId).start(this::pump);
    }

    @Override
    public synchronized void accept(Stream stream, byte[] bytes, int offset, int length) throws InterruptedException {
        accept(stream, bytes, offset, length, false);
    }

    /** Takes all of it, whatever interrupts this thread meanwhile; the interruption is not forgotten. */
    synchronized void acceptWhole(Stream stream, byte[] bytes, int offset, int length) {
        try {
            accept(stream, bytes, offset, length, true);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void accept(Stream stream, byte[] bytes, int offset, int length, boolean isPatient)
            throws InterruptedException {
        int taken = (int) Math.min(length, limit - accepted);
        if (taken > 0) {
            accepted += taken;
            for (int done = 0; done < taken; done += SLICE) {
                add(stream, bytes, offset + done, Math.min(SLICE, taken - done), isPatient);
            }
        }
        if (taken < length && !isTruncated) {
            isTruncated = true;
            awaitRoom(isPatient);
            mark("output is limited to " + limit + " bytes; the rest was cut, the script goes on", stream);
        }
    }

    /** After a remark nothing of the script comes any more: what waits for the rest of a character goes with it. */
    private void mark(String text, Stream stream) {
        if (!isAborted) {
            putCarried();
            put(stream == Stream.STDERR, ("\n[linkops: " + text + "]\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private void putCarried() {
        carried.forEach((stream, data) -> put(stream == Stream.STDERR, data));
        carried.clear();
    }

    /** A remark of LinkOps itself at the end of what could be had. */
    synchronized void remark(String text) throws InterruptedException {
        if (!isTruncated) {
            isTruncated = true;
            awaitRoom(false);
            mark(text, Stream.STDERR);
        }
    }

    private void awaitRoom(boolean isPatient) throws InterruptedException {
        boolean isInterrupted = false;
        while (buffered >= BUFFER_LIMIT && !isAborted) {
            try {
                wait();
            } catch (InterruptedException e) {
                if (!isPatient) {
                    throw e;
                }
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void add(Stream stream, byte[] bytes, int offset, int length, boolean isPatient)
            throws InterruptedException {
        awaitRoom(isPatient);
        // Nobody takes it any more: it would only pile up.
        if (isAborted) {
            return;
        }
        var data = join(carried.remove(stream), bytes, offset, length);
        int whole = Utf8.wholeLength(data);
        if (whole < data.length) {
            carried.put(stream, java.util.Arrays.copyOfRange(data, whole, data.length));
        }
        if (whole > 0) {
            put(stream == Stream.STDERR, whole == data.length ? data : java.util.Arrays.copyOf(data, whole));
        }
    }

    private void put(boolean isError, byte[] data) {
        buffer.add(new Part(isError, data));
        buffered += data.length;
        notifyAll();
    }

    private static byte[] join(byte @org.jspecify.annotations.Nullable [] head, byte[] bytes, int offset, int length) {
        int kept = head == null ? 0 : head.length;
        var joined = new byte[kept + length];
        if (head != null) {
            System.arraycopy(head, 0, joined, 0, kept);
        }
        System.arraycopy(bytes, offset, joined, kept, length);
        return joined;
    }

    private void pump() {
        try {
            for (var parts = take(); !parts.isEmpty(); parts = take()) {
                delivery.deliver(pieces(parts));
            }
        } catch (InterruptedException e) {
            LOG.warn("Output is no longer taken: LinkOps is ending");
        } finally {
            // However this thread ends, the readers must not wait for it.
            synchronized (this) {
                isAborted = true;
                notifyAll();
            }
        }
    }

    /** Waits for something; empty only after the close, when all has been taken. */
    private synchronized List<Part> take() throws InterruptedException {
        while (buffer.isEmpty() && !isClosed) {
            wait();
        }
        var parts = List.copyOf(buffer);
        buffer.clear();
        buffered = 0;
        notifyAll();
        return parts;
    }

    /** Neighbours of one stream become one piece, up to a limit. */
    private static List<Piece> pieces(List<Part> parts) {
        List<Piece> pieces = new ArrayList<>();
        var open = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            open.writeBytes(part.data);
            boolean isEnd = i + 1 == parts.size() || parts.get(i + 1).isError != part.isError;
            if (isEnd || open.size() >= PIECE_LIMIT) {
                pieces.add(new Piece(part.isError, Bytes.of(open.toByteArray())));
                open.reset();
            }
        }
        return pieces;
    }

    /** Bytes that were kept, the mark of a cut not counted. */
    synchronized long accepted() {
        return accepted;
    }

    synchronized boolean isTruncated() {
        return isTruncated;
    }

    /** Hands on nothing more and waits for nothing: LinkOps is ending, and what was not kept can be had again. */
    void abort() {
        synchronized (this) {
            isAborted = true;
            isClosed = true;
            buffer.clear();
            buffered = 0;
            notifyAll();
        }
        pump.interrupt();
    }

    /** Hands on what is left, also the beginning of a character that never ended, and waits until all is kept. */
    void close() throws InterruptedException {
        synchronized (this) {
            putCarried();
            isClosed = true;
            notifyAll();
        }
        pump.join();
    }
}
