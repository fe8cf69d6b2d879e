package io.linkops.ssh;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.channel.direct.DirectConnection;

/**
 * A TCP connection made by a jump host, which can be closed without harm to the jump host's other tunnels.
 *
 * <p>The reason is the one told at {@link ExecChannel}: sshj ends the whole connection when data arrives for a stream
 * that was closed on this side, and closing a tunnelled client closes just that stream.
 */
final class TunnelChannel extends DirectConnection {
    private final Object gate = new Object();
    private final InputStream in;
    private boolean isAbandoned;

    TunnelChannel(Connection jump, String host, int port) {
        super(jump, host, port);
        InputStream received = super.getInputStream();
        in = new FilterInputStream(received) {
            @Override
            public void close() {
                abandon();
            }
        };
    }

    @Override
    public InputStream getInputStream() {
        // null while the superclass is being built, which never hands the stream out
        return in;
    }

    /** Ends the stream for its reader and closes the channel without waiting for the jump host. */
    void abandon() {
        synchronized (gate) {
            if (isAbandoned) {
                return;
            }
            isAbandoned = true;
            try {
                super.getInputStream().close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
        Thread.ofVirtual().name("ssh-tunnel-close").start(this::closeQuietly);
    }

    @Override
    public void handle(Message message, SSHPacket packet) throws SSHException {
        synchronized (gate) {
            if (isAbandoned && message == Message.CHANNEL_DATA) {
                return;
            }
            super.handle(message, packet);
        }
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            return; // it is being given up anyway
        }
    }
}
