package io.linkops.terminal;

import io.linkops.bus.Bytes;
import io.linkops.ssh.Exit;
import io.linkops.ssh.PtySize;
import io.linkops.ssh.Shell;
import io.linkops.ssh.SshConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An open shell with its two virtual threads: one carries output into the ring (and stops where the ring is full, so
 * that the program over there stops), one sends what was typed. When both are done, everything is freed.
 */
final class PaneSession {
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final int BUFFER = 32 * 1024;

    /** What a session tells, from its own threads. */
    interface Listener {
        void arrived();

        void inputSent();

        /** @param exit null if the shell did not end by itself */
        void ended(@Nullable Exit exit);
    }

    private final String id;
    private final Shell shell;
    private final SshConnection connection;
    private final PaneRing ring;
    private final PaneInput input = new PaneInput();
    private final @Nullable CastRecording recording;
    private final TypingFirst.Pane typing;
    private final Listener listener;
    private final AtomicLong bytesIn = new AtomicLong();
    private final AtomicLong bytesOut = new AtomicLong();
    private final Object sizing = new Object();
    private volatile @Nullable PtySize wanted;
    private @Nullable PtySize sent;

    PaneSession(
            String id,
            Shell shell,
            SshConnection connection,
            PaneRing ring,
            @Nullable CastRecording recording,
            TypingFirst.Pane typing,
            Listener listener) {
        this.id = id;
        this.shell = shell;
        this.connection = connection;
        this.ring = ring;
        this.recording = recording;
        this.typing = typing;
        this.listener = listener;
    }

    void start() {
        ring.open();
        Thread.ofVirtual().name("terminal-in-" + id).start(this::send);
        Thread.ofVirtual().name("terminal-out-" + id).start(this::receive);
    }

    String id() {
        return id;
    }

    PaneInput input() {
        return input;
    }

    /** Takes all of it, or nothing for want of room. */
    boolean type(Bytes data) {
        typing.typed();
        return input.offer(data);
    }

    @Nullable
    CastRecording recording() {
        return recording;
    }

    long bytesIn() {
        return bytesIn.get();
    }

    long bytesOut() {
        return bytesOut.get();
    }

    /** From any thread; does not wait. */
    void resize(PtySize size) {
        if (recording != null) {
            recording.resize(size.cols(), size.rows());
        }
        wanted = size;
        // a connection that is stuck takes no requests either
        Thread.ofVirtual().name("terminal-resize-" + id).start(this::sendSize);
    }

    private void sendSize() {
        synchronized (sizing) {
            var size = wanted;
            if (size != null && !size.equals(sent)) {
                sent = size;
                shell.resize(size);
            }
        }
    }

    /** Ends it from this side; {@link Listener#ended} tells when all is freed. Does not wait. */
    void close() {
        input.close();
        ring.close();
        Thread.ofVirtual().name("terminal-close-" + id).start(shell::close);
    }

    private void receive() {
        Exit exit = null;
        try {
            var buffer = new byte[BUFFER];
            for (int length = shell.read(buffer); length >= 0; length = shell.read(buffer)) {
                bytesOut.addAndGet(length);
                if (recording != null) {
                    recording.output(buffer, length);
                }
                boolean isTaken = deliver(buffer, length);
                if (!isTaken) {
                    break;
                }
                rest(typing.rest(length));
            }
            exit = shell.exit(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            free();
            listener.ended(exit);
        }
    }

    /** The window over there closes meanwhile, and what runs there waits as well. */
    private static void rest(long nanos) throws InterruptedException {
        if (nanos > 0) {
            Thread.sleep(Duration.ofNanos(nanos));
        }
    }

    /** In parts, so that a reader hears of the first before the ring has room for the last. */
    private boolean deliver(byte[] buffer, int length) throws InterruptedException {
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, ring.room());
            int taken = ring.append(buffer, done, part);
            listener.arrived();
            if (taken < part) {
                return false;
            }
            done += taken;
        }
        return true;
    }

    private void send() {
        try {
            for (var bytes = input.take(); bytes != null; bytes = input.take()) {
                // what is typed after a change of size finds the size changed
                sendSize();
                if (!shell.write(bytes.toArray())) {
                    return; // the reader tells of the end
                }
                bytesIn.addAndGet(bytes.size());
                input.sent(bytes);
                listener.inputSent();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void free() {
        input.close();
        ring.close();
        shell.close();
        connection.close();
    }
}
