package io.linkops.ssh;

import java.io.IOException;
import net.schmizz.sshj.SSHClient;

/** What the bytes of a connection travel over; closed unless it was told to keep it, and cut by a watchdog. */
abstract class Line implements AutoCloseable {
    private boolean isKept;

    /** A TCP connection from here. */
    static Line direct(Hop hop, QuickSocket socket) {
        return new DirectLine(hop, socket);
    }

    /** A TCP connection from the jump host. */
    static Line through(Hop hop, TunnelChannel tunnel) {
        return new TunnelLine(hop, tunnel);
    }

    abstract void connect(SSHClient client) throws IOException;

    /** Ends every read and write on it, from any thread. */
    abstract void cut();

    void keep() {
        isKept = true;
    }

    @Override
    public void close() {
        if (!isKept) {
            cut();
        }
    }

    private static final class DirectLine extends Line {
        private final Hop hop;
        private final QuickSocket socket;

        DirectLine(Hop hop, QuickSocket socket) {
            this.hop = hop;
            this.socket = socket;
        }

        @Override
        void connect(SSHClient client) throws IOException {
            client.setSocketFactory(socket.asFactory());
            client.connect(hop.host(), hop.port());
        }

        @Override
        void cut() {
            try {
                socket.close();
            } catch (IOException e) {
                return; // it is being given up anyway
            }
        }
    }

    private static final class TunnelLine extends Line {
        private final Hop hop;
        private final TunnelChannel tunnel;

        TunnelLine(Hop hop, TunnelChannel tunnel) {
            this.hop = hop;
            this.tunnel = tunnel;
        }

        @Override
        void connect(SSHClient client) throws IOException {
            client.connectVia(tunnel, hop.host(), hop.port());
        }

        @Override
        void cut() {
            tunnel.abandon();
        }
    }
}
