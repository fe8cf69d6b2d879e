package io.linkops.ssh;

import net.schmizz.concurrent.Promise;
import net.schmizz.keepalive.KeepAlive;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.ConnectionException;
import net.schmizz.sshj.connection.channel.Channel;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.connection.channel.forwarded.ForwardedChannelOpener;
import net.schmizz.sshj.transport.Transport;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;

/**
 * The same connection with another receive window for the channels that are made with it.
 *
 * <p>sshj asks the connection for the window when a channel is made, and knows one size for all channels of it.
 */
final class NarrowConnection implements Connection {
    private final Connection connection;
    private final long windowSize;

    NarrowConnection(Connection connection, long windowSize) {
        this.connection = connection;
        this.windowSize = windowSize;
    }

    @Override
    public long getWindowSize() {
        return windowSize;
    }

    @Override
    public void attach(Channel channel) {
        connection.attach(channel);
    }

    @Override
    public void attach(ForwardedChannelOpener opener) {
        connection.attach(opener);
    }

    @Override
    public void forget(Channel channel) {
        connection.forget(channel);
    }

    @Override
    public void forget(ForwardedChannelOpener opener) {
        connection.forget(opener);
    }

    @Override
    public @Nullable Channel get(int id) {
        return connection.get(id);
    }

    @Override
    public void join() throws InterruptedException {
        connection.join();
    }

    @Override
    public @Nullable ForwardedChannelOpener get(String channelType) {
        return connection.get(channelType);
    }

    @Override
    public int nextID() {
        return connection.nextID();
    }

    @Override
    public Promise<SSHPacket, ConnectionException> sendGlobalRequest(String name, boolean wantsReply, byte[] specifics)
            throws TransportException {
        return connection.sendGlobalRequest(name, wantsReply, specifics);
    }

    @Override
    public void sendOpenFailure(int recipient, OpenFailException.Reason reason, String message)
            throws TransportException {
        connection.sendOpenFailure(recipient, reason, message);
    }

    @Override
    public int getMaxPacketSize() {
        return connection.getMaxPacketSize();
    }

    @Override
    public void setMaxPacketSize(int maxPacketSize) {
        throw new UnsupportedOperationException("set it on the connection itself");
    }

    @Override
    public void setWindowSize(long size) {
        throw new UnsupportedOperationException("set it on the connection itself");
    }

    @Override
    public Transport getTransport() {
        return connection.getTransport();
    }

    @Override
    public int getTimeoutMs() {
        return connection.getTimeoutMs();
    }

    @Override
    public void setTimeoutMs(int timeout) {
        throw new UnsupportedOperationException("set it on the connection itself");
    }

    @Override
    public KeepAlive getKeepAlive() {
        return connection.getKeepAlive();
    }
}
