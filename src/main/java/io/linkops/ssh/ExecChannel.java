package io.linkops.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.direct.SessionChannel;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;

/**
 * A session channel that tells at once how the command ended, and that can be given up without harm to its neighbours.
 *
 * <p>sshj takes data for a stream that was closed on this side as a breach of protocol and ends the whole connection;
 * so after {@link #abandon} data is dropped here until the server has closed its side. And sshj answers an exit-signal
 * by closing the channel, which would cut off the output that is still on its way.
 */
final class ExecChannel extends SessionChannel {
    private static final String TERM = "xterm-256color";
    /** IUTF8 (RFC 8160) is on, so that erasing takes a whole character; the rest is the server's choice. */
    private static final byte[] PTY_MODES = {42, 0, 0, 0, 1, 0};

    private final Object gate = new Object();
    private final Object room = new Object();
    private boolean isAbandoned;
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final CompletableFuture<Boolean> gone = new CompletableFuture<>();
    /** Of the connection: it brings what is received. */
    private volatile @Nullable Thread receiver;

    private final AtomicLong unread = new AtomicLong();
    private final InputStream output = new Counted(super.getInputStream());
    private final InputStream errors = new Counted(super.getErrorStream());

    /** Counts what is read, in pieces that are small beside the window: at the last of them it must open. */
    private final class Counted extends InputStream {
        private static final int PIECE = 16 * 1024;
        private final InputStream in;

        Counted(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            if (next >= 0) {
                unread.decrementAndGet();
            }
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, Math.min(length, PIECE));
            if (count > 0) {
                unread.addAndGet(-count);
            }
            return count;
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    ExecChannel(Connection connection) {
        super(connection, StandardCharsets.UTF_8);
    }

    /** Asks for a terminal and a log-in shell in it; fails as {@link #exec} does. */
    void shell(PtySize size) throws ConnectionException, TransportException {
        // OpenSSH takes what its AcceptEnv lists, and says nothing of the rest.
        sendChannelRequest(
                "env", false, new Buffer.PlainBuffer().putString("LANG").putString("C.UTF-8"));
        sendChannelRequest(
                        "pty-req",
                        true,
                        new Buffer.PlainBuffer()
                                .putString(TERM)
                                .putUInt32(size.cols())
                                .putUInt32(size.rows())
                                .putUInt32(0)
                                .putUInt32(0)
                                .putString(PTY_MODES))
                .await(conn.getTimeoutMs(), TimeUnit.MILLISECONDS);
        startShell();
    }

    /**
     * Waits until the server takes more input.
     *
     * @return how many bytes it takes now; 0 if the channel is over
     */
    long awaitRoom() throws InterruptedException {
        synchronized (room) {
            while (getRemoteWinSize() <= 0 && !ended.isDone()) {
                room.wait();
            }
        }
        return ended.isDone() ? 0 : getRemoteWinSize();
    }

    /** Completes when the server says how the command ended; the output may not be all there yet. */
    CompletableFuture<Exit> exit() {
        return exit;
    }

    /** Completes when the channel is closed, the connection is lost, or the channel was abandoned. */
    CompletableFuture<Boolean> ended() {
        return ended;
    }

    /** Completes when the server has closed its side too, or the connection is lost. */
    CompletableFuture<Boolean> gone() {
        return gone;
    }

    boolean isAbandoned() {
        synchronized (gate) {
            return isAbandoned;
        }
    }

    /** Wakes all readers with the end of their stream, and closes the channel without waiting for the server. */
    void abandon() {
        synchronized (gate) {
            if (isAbandoned) {
                return;
            }
            isAbandoned = true;
            closeQuietly(getInputStream());
            closeQuietly(getErrorStream());
        }
        end();
        Thread.ofVirtual().name("ssh-close").start(() -> closeQuietly(this));
    }

    /**
     * sshj opens the whole window again at every read, however much of it is still unread; with a reader that is slower
     * than the server, what is kept here would grow without end. It asks this before: saying that the window opens when
     * something is received keeps it shut, until less than half of it is unread.
     */
    @Override
    public boolean getAutoExpand() {
        return !Thread.currentThread().equals(receiver) && unread.get() > conn.getWindowSize() / 2;
    }

    /** Bytes that have come and were not read. */
    long unread() {
        return unread.get();
    }

    @Override
    public InputStream getInputStream() {
        return output;
    }

    @Override
    public InputStream getErrorStream() {
        return errors;
    }

    @Override
    public void handle(Message message, SSHPacket packet) throws SSHException {
        receiver = Thread.currentThread();
        synchronized (gate) {
            if (isAbandoned && (message == Message.CHANNEL_DATA || message == Message.CHANNEL_EXTENDED_DATA)) {
                return;
            }
            count(message, packet);
            super.handle(message, packet);
        }
        if (message == Message.CHANNEL_WINDOW_ADJUST) {
            synchronized (room) {
                room.notifyAll();
            }
        }
    }

    /** Looks ahead: how much output a packet brings. */
    private void count(Message message, SSHPacket packet) throws SSHException {
        if (message != Message.CHANNEL_DATA && message != Message.CHANNEL_EXTENDED_DATA) {
            return;
        }
        int at = packet.rpos();
        try {
            if (message == Message.CHANNEL_EXTENDED_DATA) {
                packet.readUInt32();
            }
            unread.addAndGet(packet.readUInt32());
        } catch (Buffer.BufferException e) {
            throw new ConnectionException(e);
        } finally {
            packet.rpos(at);
        }
    }

    @Override
    public void handleRequest(String request, SSHPacket packet) throws ConnectionException, TransportException {
        try {
            switch (request) {
                case "exit-status" -> exit.complete(new Exit(packet.readUInt32AsInt(), null));
                case "exit-signal" -> exit.complete(Signals.exitOf(packet.readString()));
                default -> super.handleRequest(request, packet);
            }
        } catch (Buffer.BufferException e) {
            throw new ConnectionException(e);
        }
    }

    @Override
    @SuppressWarnings("UnnecessaryNullCheck") // a dying connection may tell a channel that is still being built
    protected void finishOff() {
        super.finishOff();
        if (ended != null && gone != null) {
            end();
            gone.complete(true);
        }
    }

    private void end() {
        ended.complete(true);
        synchronized (room) {
            room.notifyAll();
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            return; // it is being given up anyway
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
