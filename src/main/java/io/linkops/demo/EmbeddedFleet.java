package io.linkops.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;

/**
 * Many links in one process: one SSH server that answers on a port for each, on loopback only, and runs real bash. Each
 * link has a home directory of its own.
 */
public final class EmbeddedFleet implements AutoCloseable {
    private final Server server;
    private final KeyPair hostKey;
    private final Map<Integer, String> linkOfPort = new ConcurrentHashMap<>();

    /** The server with the door to bind further ports. */
    private static final class Server extends SshServer {
        int bindAnother() throws IOException {
            SocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            var before = List.copyOf(acceptor.getBoundAddresses());
            acceptor.bind(any);
            return acceptor.getBoundAddresses().stream()
                    .filter(address -> !before.contains(address))
                    .map(InetSocketAddress.class::cast)
                    .mapToInt(InetSocketAddress::getPort)
                    .findFirst()
                    .orElseThrow(() -> new IOException("no port was bound"));
        }
    }

    private EmbeddedFleet(Server server, KeyPair hostKey) {
        this.server = server;
        this.hostKey = hostKey;
    }

    /**
     * @param shell runs what is asked for
     * @param homes directory under which each link has its home
     * @param key the one public key that may log in
     */
    static EmbeddedFleet start(HarmlessShell shell, Path homes, PublicKey key) throws IOException {
        var server = (Server) ServerBuilder.builder().factory(Server::new).build();
        var fleet = new EmbeddedFleet(server, DemoKeys.generate());
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(fleet.hostKey));
        server.setPublickeyAuthenticator((user, offered, session) -> KeyUtils.compareKeys(key, offered));
        server.setPasswordAuthenticator(null);
        server.setKeyboardInteractiveAuthenticator(null);
        server.setCommandFactory((channel, command) -> fleet.command(shell, homes, channel, command));
        server.setShellFactory(channel -> new DemoShell(fleet.link(channel), InstantSource.system()));
        server.setForwardingFilter(fleet.new JumpsWithinFleet());
        CoreModuleProperties.IDLE_TIMEOUT.set(server, java.time.Duration.ZERO);
        CoreModuleProperties.NIO2_READ_TIMEOUT.set(server, java.time.Duration.ZERO);
        CoreModuleProperties.TCP_NODELAY.set(server, true);
        CoreModuleProperties.MAX_CONCURRENT_SESSIONS.set(server, 20_000);
        server.start();
        return fleet;
    }

    /** Opens a port for one more link. */
    public int add(String linkId) throws IOException {
        int port = server.bindAnother();
        linkOfPort.put(port, linkId);
        return port;
    }

    /** {@code SHA256:…} of the host key all of them show. */
    public String fingerprint() {
        return KeyUtils.getFingerPrint(BuiltinDigests.sha256, hostKey.getPublic());
    }

    private Command command(HarmlessShell shell, Path homes, ChannelSession channel, String command) {
        var link = link(channel);
        var home = homes.resolve(link).toString();
        return new BashCommand(shell.words(command), Map.of("HOME", home, "LINKOPS_DEMO_LINK", link, "PWD", home));
    }

    /** Which link is spoken to: each has a port of its own. */
    private String link(ChannelSession channel) {
        var local = (InetSocketAddress) channel.getSession().getIoSession().getLocalAddress();
        return linkOfPort.getOrDefault(local.getPort(), "link");
    }

    /** A link may be the jump host of another link, and of nothing else. */
    private final class JumpsWithinFleet extends RejectAllForwardingFilter {
        @Override
        public boolean canConnect(Type type, SshdSocketAddress address, Session session) {
            return type == Type.Direct
                    && address.getHostName().equals("127.0.0.1")
                    && linkOfPort.containsKey(address.getPort());
        }
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
