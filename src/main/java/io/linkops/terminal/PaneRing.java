package io.linkops.terminal;

import io.linkops.bus.Bytes;

/**
 * The output of one pane: a bounded ring of bytes with absolute offsets. Whoever appends waits while it is full of what
 * the reader it follows has not confirmed; older bytes stay as scroll-back until their room is needed.
 *
 * <p>Offsets: {@code start ≤ held ≤ end}, {@code end - start ≤ capacity}. One thread appends, any reads.
 */
final class PaneRing {
    private static final int FIRST_SIZE = 8 * 1024;

    private final int capacity;
    private byte[] bytes = new byte[0];
    private long start;
    private long end;
    /** What was confirmed; what comes after it is not thrown away. */
    private long held;

    private boolean isOpen;

    PaneRing(int capacity) {
        this.capacity = capacity;
    }

    /** From now on bytes are appended. */
    synchronized void open() {
        isOpen = true;
    }

    /** Nothing more is appended: whoever waits for room gives up. */
    synchronized void close() {
        isOpen = false;
        notifyAll();
    }

    /** As {@link #close}, and forgets what is there. */
    synchronized void clear() {
        close();
        bytes = new byte[0];
        start = end;
        held = end;
    }

    /** How much can be appended without waiting; 1 when that is nothing. */
    synchronized int room() {
        return (int) Math.max(1, capacity - (end - held));
    }

    /**
     * Takes bytes, waiting for room.
     *
     * @return how many; fewer than given only if the ring was closed
     */
    synchronized int append(byte[] from, int offset, int length) throws InterruptedException {
        int done = 0;
        while (done < length) {
            while (isOpen && end - held >= capacity) {
                wait();
            }
            if (!isOpen) {
                return done;
            }
            int count = (int) Math.min(length - done, capacity - (end - held));
            put(from, offset + done, count);
            done += count;
        }
        return done;
    }

    private void put(byte[] from, int offset, int count) {
        grow((int) Math.min(capacity, end - start + count));
        start = Math.max(start, end + count - bytes.length);
        int at = (int) (end % bytes.length);
        int first = Math.min(count, bytes.length - at);
        System.arraycopy(from, offset, bytes, at, first);
        System.arraycopy(from, offset + first, bytes, 0, count - first);
        end += count;
    }

    private void grow(int needed) {
        if (needed <= bytes.length) {
            return;
        }
        int size = Math.max(FIRST_SIZE, bytes.length);
        while (size < needed) {
            size = Math.min(capacity, size * 2);
        }
        var larger = new byte[size];
        for (long at = start; at < end; ) {
            int from = (int) (at % bytes.length);
            int to = (int) (at % size);
            int count = (int) Math.min(end - at, Math.min(bytes.length - from, size - to));
            System.arraycopy(bytes, from, larger, to, count);
            at += count;
        }
        bytes = larger;
    }

    /** What is there from the offset on, or from the oldest byte that is left. */
    synchronized Terminals.Piece read(long after, int max) {
        long from = Math.clamp(after, start, end);
        int count = (int) Math.min(max, end - from);
        if (count == 0) {
            return new Terminals.Piece(from, Bytes.EMPTY);
        }
        var copy = new byte[count];
        int at = (int) (from % bytes.length);
        int first = Math.min(count, bytes.length - at);
        System.arraycopy(bytes, at, copy, 0, first);
        System.arraycopy(bytes, 0, copy, first, count - first);
        return new Terminals.Piece(from, Bytes.of(copy));
    }

    /** Everything before this offset has arrived; it may be thrown away when room is needed. */
    synchronized void confirm(long offset) {
        if (offset > held) {
            held = Math.min(offset, end);
            notifyAll();
        }
    }

    synchronized long start() {
        return start;
    }

    synchronized long end() {
        return end;
    }

    /** Bytes of memory. */
    synchronized int size() {
        return bytes.length;
    }
}
