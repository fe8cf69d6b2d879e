package io.linkops.orchestrator;

import io.linkops.ssh.OutputSink;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where the output of one connection to a durable run goes in, counted, so that the next connection begins where this
 * one ended. A piece goes in whole or not at all, whatever interrupts its reader; after {@link #close} nothing does.
 */
final class DurableTap implements OutputSink {
    private final OutputPump pump;
    private final Side stdout;
    private final Side stderr;

    private static final class Side {
        private final ReentrantLock lock = new ReentrantLock();
        private long position;
        private boolean isClosed;

        Side(long position) {
            this.position = position;
        }
    }

    /**
     * @param stdout bytes of it that went in before
     * @param stderr as stdout
     */
    DurableTap(long stdout, long stderr, OutputPump pump) {
        this.stdout = new Side(stdout);
        this.stderr = new Side(stderr);
        this.pump = pump;
    }

    @Override
    public void accept(Stream stream, byte[] buffer, int offset, int length) {
        var side = stream == Stream.STDERR ? stderr : stdout;
        side.lock.lock();
        try {
            if (!side.isClosed) {
                pump.acceptWhole(stream, buffer, offset, length);
                side.position += length;
            }
        } finally {
            side.lock.unlock();
        }
    }

    /** Waits for pieces that are going in; what comes later is dropped. */
    DurableTap close() {
        close(stdout);
        close(stderr);
        return this;
    }

    private static void close(Side side) {
        side.lock.lock();
        try {
            side.isClosed = true;
        } finally {
            side.lock.unlock();
        }
    }

    /** Bytes that went in; after {@link #close}. */
    long stdout() {
        return stdout.position;
    }

    /** As {@link #stdout}. */
    long stderr() {
        return stderr.position;
    }
}
