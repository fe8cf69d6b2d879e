package io.linkops.ssh;

/**
 * Takes what a script writes, in order per stream, byte for byte.
 *
 * <p>Called by two threads, one for each stream. A call that blocks slows the script, through SSH's window; nothing is
 * buffered without limit. The buffer is reused after the call.
 */
@FunctionalInterface
public interface OutputSink {

    /** The two streams of a script. */
    enum Stream {
        STDOUT,
        STDERR
    }

    void accept(Stream stream, byte[] buffer, int offset, int length) throws InterruptedException;
}
