package io.linkops.ssh;

import io.linkops.ssh.RouteCheck.Act;
import io.linkops.ssh.SshException.Reason;
import io.linkops.vault.KeyFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.channel.OpenFailException;
import org.jspecify.annotations.Nullable;

/** Connects to one hop, straight or through a jump host: TCP, key exchange, host key, log-in; once, without retries. */
final class HopDialer {
    private static final int MAX_ADDRESSES = 4;
    private static final long ATTENTION_MILLIS = 100;

    private final SshSettings settings;
    private final KnownHosts knownHosts;
    private final HopLogin login;
    private final ScheduledExecutorService timer;
    private final Config config = Algorithms.config();

    HopDialer(SshSettings settings, ScheduledExecutorService timer) {
        this.settings = settings;
        this.timer = timer;
        this.knownHosts = new KnownHosts(settings.knownHosts());
        this.login = new HopLogin(new KeyFiles(settings.keysDirectory()), settings.defaultKey());
    }

    /**
     * A client that is logged in.
     *
     * @param jump logged in to the hop before; null for a direct connection
     */
    SSHClient dial(Hop hop, @Nullable SSHClient jump, StageClock clock) throws SshException {
        clock.begin(hop.name());
        try {
            var client = exchangeKeys(hop, jump, clock);
            try {
                clock.begin(Act.LOGIN);
                login.logIn(client, hop);
                clock.end(null);
                return client;
            } catch (SshException | RuntimeException e) {
                closeQuietly(client);
                throw e;
            }
        } catch (SshException e) {
            clock.end(e);
            throw e;
        }
    }

    /**
     * When only fingerprints are trusted, nobody knows of which kind of key they are, and the server may have several:
     * each kind is asked for before the hop is refused. Whatever is asked for, only a trusted fingerprint is accepted.
     */
    private SSHClient exchangeKeys(Hop hop, @Nullable SSHClient jump, StageClock clock) throws SshException {
        List<String> shown = new ArrayList<>();
        var policy = policy(hop, List.of(), clock);
        var refused = tryKeys(hop, jump, policy, clock);
        if (refused.client() != null) {
            return refused.client();
        }
        var first = refused.failure();
        if (!hop.trustedHostKeys().isEmpty()) {
            shown.add(typeOf(policy));
            for (List<String> family : Algorithms.HOST_KEY_FAMILIES) {
                if (family.stream().noneMatch(name -> isShown(name, shown))) {
                    clock.beginAgain();
                    var next = policy(hop, family, clock);
                    var attempt = tryKeys(hop, jump, next, clock);
                    if (attempt.client() != null) {
                        return attempt.client();
                    }
                    shown.add(typeOf(next));
                }
            }
        }
        throw first;
    }

    private HostKeyPolicy policy(Hop hop, List<String> algorithms, StageClock clock) {
        return new HostKeyPolicy(hop, knownHosts, algorithms, () -> clock.begin(Act.HOST_KEY));
    }

    private static String typeOf(HostKeyPolicy policy) {
        var offered = policy.offered();
        return offered == null ? "" : offered.type();
    }

    private static boolean isShown(String algorithm, List<String> types) {
        return types.stream()
                .anyMatch(type -> type.equals(algorithm) || (type.equals("ssh-rsa") && algorithm.startsWith("rsa-")));
    }

    /** Either a client whose host key was accepted, or the refusal of its host key; other failures are thrown. */
    private record KeyAttempt(@Nullable SSHClient client, SshException failure) {}

    private KeyAttempt tryKeys(Hop hop, @Nullable SSHClient jump, HostKeyPolicy policy, StageClock clock)
            throws SshException {
        var client = new SSHClient(config);
        client.addHostKeyVerifier(policy);
        setLimits(client);
        try (var line = jump == null ? direct(hop, clock) : tunnel(hop, jump, clock)) {
            clock.begin(Act.KEY_EXCHANGE);
            var watchdog = timer.schedule(line::cut, timeout().toMillis(), TimeUnit.MILLISECONDS);
            var attention = whenInterrupted(line::cut);
            try {
                line.connect(client);
            } finally {
                attention.cancel(false);
                watchdog.cancel(false);
            }
            line.keep();
            return new KeyAttempt(client, noRefusal(hop));
        } catch (IOException | RuntimeException e) {
            // sshj says some things, such as a connection that is gone already, with unchecked exceptions
            var refusal = policy.refusal();
            closeQuietly(client);
            if (refusal != null) {
                return new KeyAttempt(null, refusal);
            }
            throw handshakeFailed(hop, e);
        }
    }

    private static SshException noRefusal(Hop hop) {
        return new SshException(Reason.HANDSHAKE_FAILED, hop.name(), "accepted", null);
    }

    private void setLimits(SSHClient client) {
        int millis = Math.toIntExact(Math.min(Integer.MAX_VALUE, timeout().toMillis()));
        client.getTransport().setTimeoutMs(millis);
        client.getConnection().setTimeoutMs(millis);
    }

    private Line direct(Hop hop, StageClock clock) throws SshException {
        clock.begin(Act.DNS);
        InetAddress[] addresses;
        try {
            if (hop.host().isBlank()) {
                throw new UnknownHostException("an empty name would mean this machine");
            }
            addresses = InetAddress.getAllByName(hop.host());
        } catch (UnknownHostException e) {
            throw new SshException(
                    Reason.UNRESOLVED,
                    hop.name(),
                    hop + ": the name '" + hop.host()
                            + "' does not resolve. Correct the host in links.yaml, or check the"
                            + " DNS of the machine LinkOps runs on.",
                    e);
        }
        clock.begin(Act.TCP);
        IOException failure = new IOException("no address");
        for (int i = 0; i < Math.min(MAX_ADDRESSES, addresses.length); i++) {
            try {
                return Line.direct(hop, connected(new InetSocketAddress(addresses[i], hop.port())));
            } catch (IOException e) {
                failure = e;
            }
        }
        throw unreachable(hop, "from here", failure);
    }

    private QuickSocket connected(InetSocketAddress address) throws IOException {
        var socket = QuickSocket.open();
        var attention = whenInterrupted(() -> closeQuietly(socket));
        try {
            socket.connect(
                    address,
                    Math.toIntExact(Math.min(Integer.MAX_VALUE, timeout().toMillis())));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        } finally {
            attention.cancel(false);
        }
    }

    /** Waiting on a socket, a thread does not notice an interruption: somebody else has to cut the line for it. */
    private Future<?> whenInterrupted(Runnable cut) {
        var dialing = Thread.currentThread();
        return timer.scheduleWithFixedDelay(
                () -> {
                    if (dialing.isInterrupted()) {
                        cut.run();
                    }
                },
                ATTENTION_MILLIS,
                ATTENTION_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private Line tunnel(Hop hop, SSHClient jump, StageClock clock) throws SshException {
        clock.begin(Act.TCP);
        var tunnel = new TunnelChannel(jump.getConnection(), hop.host(), hop.port());
        try {
            tunnel.open();
            return Line.through(hop, tunnel);
        } catch (OpenFailException e) {
            throw unreachable(hop, "from the jump host", e);
        } catch (IOException e) {
            tunnel.abandon();
            if (jump.isConnected()) {
                throw unreachable(hop, "from the jump host", e);
            }
            throw Failures.lost(hop, "the connection to the jump host before it ended", e);
        }
    }

    private static SshException unreachable(Hop hop, String whence, IOException e) {
        if (Failures.isInterruption(e)) {
            return Failures.interrupted(hop, e);
        }
        return new SshException(
                Reason.UNREACHABLE,
                hop.name(),
                hop + " cannot be reached " + whence + " (" + Failures.reason(e)
                        + "). Check that the machine is up, its" + " sshd listens on port " + hop.port()
                        + ", and no firewall stands between.",
                e);
    }

    private SshException handshakeFailed(Hop hop, Exception e) {
        if (Failures.isInterruption(e)) {
            return Failures.interrupted(hop, e);
        }
        return new SshException(
                Reason.HANDSHAKE_FAILED,
                hop.name(),
                hop + " took the TCP connection, but no SSH session came of it within "
                        + timeout().toSeconds() + " s ("
                        + Failures.reason(e) + "). Check that it is an SSH server of this decade, and not at its limit"
                        + " (MaxStartups).",
                e);
    }

    private Duration timeout() {
        return settings.connectionTimeout();
    }

    static void closeQuietly(SSHClient client) {
        try {
            client.disconnect();
        } catch (IOException e) {
            return; // it is being given up anyway
        }
    }

    private static void closeQuietly(QuickSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            return; // it is being given up anyway
        }
    }
}
