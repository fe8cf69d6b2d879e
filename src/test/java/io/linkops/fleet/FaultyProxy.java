package io.linkops.fleet;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A network that misbehaves as it is told: a TCP proxy on 127.0.0.1 in front of a server on the same machine.
 *
 * <p>A mode holds at once, for the connections that are open as well as for new ones. Any thread may change it.
 */
public final class FaultyProxy implements Closeable {
    private static final long TRICKLE_MILLIS = 1_000;
    private static final int ANY = 0;
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    /** What becomes of connections. */
    public enum Mode {
        /** As if the proxy were not there. */
        PASS,
        /** Ends each connection once the server has sent so many bytes on it ({@link #cutAfter}). */
        CUT,
        /** Takes connections and never answers; nothing gets through in either direction. */
        BLACK_HOLE,
        /** One byte a second from the server. */
        TRICKLE,
        /** The server hears the client, and nothing of what it says comes back: no banner, no answer. */
        BANNER_NEVER_SENT,
        /** Nobody listens on the port; open connections end. */
        REFUSE,
        /** Takes connections and resets them. */
        RESET
    }

    private final InetSocketAddress target;
    private final int port;
    private final Set<Passage> passages = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong cutAfter = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Mode mode = Mode.PASS;
    private volatile boolean isClosed;
    private Closeable door;
    private Thread porter;

    private FaultyProxy(InetSocketAddress target) throws IOException {
        this.target = target;
        var listening = listen(ANY);
        this.port = listening.getLocalPort();
        this.door = listening;
        this.porter = accept(listening);
    }

    /** In front of this port of 127.0.0.1; passes everything until told otherwise. */
    public static FaultyProxy start(int targetPort) throws IOException {
        return new FaultyProxy(new InetSocketAddress(HERE, targetPort));
    }

    /** Where to connect: 127.0.0.1 and this port, the same in every mode. */
    public int port() {
        return port;
    }

    /** How many connections were taken so far. */
    public long accepted() {
        return accepted.get();
    }

    /** How many connections are open now. */
    public int open() {
        return passages.size();
    }

    /** {@link Mode#CUT} after so many bytes of the server, counted for each connection from its begin. */
    public void cutAfter(long bytes) throws IOException {
        cutAfter.set(bytes);
        mode(Mode.CUT);
    }

    public void mode(Mode next) throws IOException {
        lock.lock();
        try {
            if (isClosed) {
                throw new IOException("the proxy is closed");
            }
            var before = mode;
            mode = next;
            if (next == Mode.REFUSE && before != Mode.REFUSE) {
                door.close();
                join(porter);
                door = occupy();
            } else if (next != Mode.REFUSE && before == Mode.REFUSE) {
                door.close();
                var listening = listen(port);
                door = listening;
                porter = accept(listening);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        switch (next) {
            case REFUSE -> passages.forEach(Passage::end);
            case RESET -> passages.forEach(Passage::reset);
            case CUT -> passages.forEach(Passage::endIfSpent);
            default -> {}
        }
    }

    /** Ends every open connection, whatever the mode. */
    public void cut() {
        passages.forEach(Passage::end);
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            isClosed = true;
            door.close();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        cut();
    }

    /** Only then is the port free: until it has left, the porter holds the door. */
    private static void join(Thread porter) throws IOException {
        try {
            porter.join();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        var listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(HERE, port), 512);
        return listening;
    }

    /** Holds the port without listening, so that nobody else takes it. */
    private Socket occupy() throws IOException {
        var holder = new Socket();
        holder.setReuseAddress(true);
        holder.bind(new InetSocketAddress(HERE, port));
        return holder;
    }

    private Thread accept(ServerSocket listening) {
        return Thread.ofVirtual().name("faulty-proxy").start(() -> {
            try {
                while (true) {
                    take(listening.accept());
                }
            } catch (IOException e) {
                return; // closed
            }
        });
    }

    private void take(Socket client) {
        accepted.incrementAndGet();
        var passage = new Passage(client);
        passages.add(passage);
        if (mode == Mode.RESET) {
            passage.reset();
        } else if (mode == Mode.REFUSE || isClosed) {
            passage.end();
        } else {
            Thread.ofVirtual().name("faulty-proxy-out").start(passage::clientToServer);
        }
    }

    /** One connection through the proxy. */
    private final class Passage {
        private final Socket client;
        private final Socket server = new Socket();
        private final AtomicLong sent = new AtomicLong();

        Passage(Socket client) {
            this.client = client;
        }

        void clientToServer() {
            try {
                while (mode == Mode.BLACK_HOLE) {
                    pause(Mode.BLACK_HOLE, 0);
                }
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                server.connect(target);
                Thread.ofVirtual().name("faulty-proxy-back").start(this::serverToClient);
                pump(client.getInputStream(), server.getOutputStream(), false);
            } catch (IOException e) {
                return; // one of both is gone, so the other goes too
            } finally {
                end();
            }
        }

        private void serverToClient() {
            try {
                pump(server.getInputStream(), client.getOutputStream(), true);
            } catch (IOException e) {
                return; // one of both is gone, so the other goes too
            } finally {
                end();
            }
        }

        private void pump(InputStream from, OutputStream to, boolean isFromServer) throws IOException {
            var buffer = new byte[16 * 1024];
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                for (int done = 0; done < read; ) {
                    int some = allowed(read - done, isFromServer);
                    to.write(buffer, done, some);
                    done += some;
                    if (isFromServer) {
                        sent.addAndGet(some);
                        endIfSpent();
                    }
                }
            }
        }

        /** Waits until something may pass; at least 1. */
        private int allowed(int wanted, boolean isFromServer) throws IOException {
            while (true) {
                var now = mode;
                if (client.isClosed()) {
                    throw new IOException("ended");
                }
                if (now == Mode.BLACK_HOLE || (now == Mode.BANNER_NEVER_SENT && isFromServer)) {
                    pause(now, 0);
                } else if (now == Mode.TRICKLE && isFromServer) {
                    pause(now, TRICKLE_MILLIS);
                    if (mode == Mode.TRICKLE) {
                        return 1;
                    }
                } else if (now == Mode.CUT && isFromServer) {
                    return Math.clamp(cutAfter.get() - sent.get(), 1, wanted);
                } else {
                    return wanted;
                }
            }
        }

        /** Until the mode is another or the connection has ended; no longer than so many ms unless 0. */
        private void pause(Mode now, long millis) throws IOException {
            long end = System.nanoTime() + millis * 1_000_000;
            lock.lock();
            try {
                while (mode == now && !isClosed && !client.isClosed()) {
                    long left = end - System.nanoTime();
                    if (millis > 0 && left <= 0) {
                        return;
                    }
                    changed.awaitNanos(millis > 0 ? left : Long.MAX_VALUE);
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            } finally {
                lock.unlock();
            }
            if (isClosed || client.isClosed()) {
                throw new IOException("ended");
            }
        }

        void endIfSpent() {
            if (mode == Mode.CUT && sent.get() >= cutAfter.get()) {
                end();
            }
        }

        void reset() {
            try {
                client.setSoLinger(true, 0);
            } catch (IOException e) {
                return; // ended already
            } finally {
                end();
            }
        }

        void end() {
            passages.remove(this);
            close(client);
            close(server);
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private static void close(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                return; // it is being given up anyway
            }
        }
    }
}
