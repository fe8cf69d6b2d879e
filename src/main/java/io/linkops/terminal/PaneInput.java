package io.linkops.terminal;

import io.linkops.bus.Bytes;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What was typed into a pane and is not sent yet: bounded, for one thread that sends. */
final class PaneInput {
    static final int CAPACITY = 256 * 1024;

    private final ArrayDeque<Bytes> waiting = new ArrayDeque<>();
    private int size;
    private boolean isClosed;

    /** Takes all of it, or nothing for want of room. */
    synchronized boolean offer(Bytes bytes) {
        if (isClosed || size + bytes.size() > CAPACITY) {
            return false;
        }
        waiting.add(bytes);
        size += bytes.size();
        notifyAll();
        return true;
    }

    /** Waits for input; null when there is none to come. */
    synchronized @Nullable Bytes take() throws InterruptedException {
        while (waiting.isEmpty() && !isClosed) {
            wait();
        }
        return isClosed ? null : waiting.poll();
    }

    /** It was sent: there is room again. */
    synchronized void sent(Bytes bytes) {
        size -= bytes.size();
    }

    synchronized boolean isHalfEmpty() {
        return size <= CAPACITY / 2;
    }

    synchronized void close() {
        isClosed = true;
        waiting.clear();
        notifyAll();
    }
}
