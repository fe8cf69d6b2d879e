package io.linkops.orchestrator;

import io.linkops.ssh.OutputSink;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where the output of one connection to a durable run goes in, counted, so that the next connection begins where this
 * one ended. A piece goes in whole or not at all, whatever interrupts its reader; after {@link #close} nothing does.
 */
final class DurableTap implements OutputSink {
    private final OutputPump pump;
    /** For both streams: the mark of a cut must not overtake bytes before it. */
    private final ReentrantLock lock = new ReentrantLock();

    private long stdout;
    private long stderr;
    private boolean isClosed;

    /**
     * @param stdout bytes of it that went in before
     * @param stderr as stdout
     */
    DurableTap(long stdout, long stderr, OutputPump pump) {
        this.stdout = stdout;
        this.stderr = stderr;
        this.pump = pump;
    }

    @Override
    public void accept(Stream stream, byte[] buffer, int offset, int length) {
        lock.lock();
        try {
            if (!isClosed) {
                pump.acceptWhole(stream, buffer, offset, length);
                if (stream == Stream.STDERR) {
                    stderr += length;
                } else {
                    stdout += length;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the piece that is going in; what comes later is dropped. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that went in. */
    long stdout() {
        lock.lock();
        try {
            return stdout;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #stdout}. */
    long stderr() {
        lock.lock();
        try {
            return stderr;
        } finally {
            lock.unlock();
        }
    }
}
