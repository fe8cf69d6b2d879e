package io.linkops.ssh;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * A TCP socket that never waits for a full packet: sends at once, and acknowledges at once.
 *
 * <p>sshd does not set TCP_NODELAY before a session starts, so its Nagle algorithm waits for our acknowledgement, which
 * Linux delays by 40 ms. TCP_QUICKACK is not sticky: it is set again before every read.
 */
final class QuickSocket extends Socket {
    private static final int BUFFER = 32 * 1024;

    private @Nullable InputStream in;

    static QuickSocket open() throws IOException {
        var socket = new QuickSocket();
        socket.setTcpNoDelay(true);
        return socket;
    }

    @Override
    public synchronized InputStream getInputStream() throws IOException {
        var stream = in;
        if (stream == null) {
            stream = new BufferedInputStream(new QuickAcknowledging(super.getInputStream(), this), BUFFER);
            in = stream;
        }
        return stream;
    }

    /** Hands out this socket, already connected. */
    SocketFactory asFactory() {
        return new Only(this);
    }

    private static final class QuickAcknowledging extends FilterInputStream {
        private final Socket socket;

        QuickAcknowledging(InputStream in, Socket socket) {
            super(in);
            this.socket = socket;
        }

        @Override
        public int read() throws IOException {
            socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
            return super.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
            return super.read(buffer, offset, length);
        }
    }

    private static final class Only extends SocketFactory {
        private final Socket socket;

        Only(Socket socket) {
            this.socket = socket;
        }

        @Override
        public Socket createSocket() {
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) {
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            return socket;
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            return socket;
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
            return socket;
        }
    }
}
