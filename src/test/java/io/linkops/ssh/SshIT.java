package io.linkops.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.linkops.fleet.RealSshd;
import io.linkops.ssh.ClientIdReading.Status;
import io.linkops.ssh.OutputSink.Stream;
import io.linkops.ssh.RouteCheck.Act;
import io.linkops.ssh.SshException.Reason;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections, scripts and their end against a real OpenSSH server. */
class SshIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final OutputSink NOWHERE = (stream, buffer, offset, length) -> {};

    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    private static RealSshd sshd = never();

    @BeforeAll
    static void startServer() throws Exception {
        sshd = RealSshd.start(shared, List.of("ed25519", "ecdsa", "rsa"), List.of());
    }

    @AfterAll
    static void stopServer() throws Exception {
        sshd.close();
    }

    @Test
    void runsAScriptAndReadsTheClientIdOnTheSameConnection() throws Exception {
        var id = Files.writeString(directory.resolve("client_id"), "LINKOPS-1\n");
        try (var connections = connections(sshd);
                var connection = connections.borrow(sshd.route(1));
                var channel = ScriptChannel.open(connection, tag(), id.toString(), TIMEOUT)) {
            assertThat(channel.clientId()).isEqualTo(new ClientIdReading(Status.OK, "LINKOPS-1\n", ""));
            var sink = new Collecting();
            var exit = channel.start(payload("echo \"$1\"; echo warn >&2; exit 3", "it's"), sink);
            assertThat(exit).isEqualTo(new Exit(3, null));
            assertThat(sink.text(Stream.STDOUT)).isEqualTo("it's\n");
            assertThat(sink.text(Stream.STDERR)).isEqualTo("warn\n");
        }
    }

    @Test
    void tellsASignalFromAnExitStatusThatLooksLikeOne() throws Exception {
        try (var connections = connections(sshd)) {
            assertThat(run(connections, "exit 137", NOWHERE)).isEqualTo(new Exit(137, null));
            assertThat(run(connections, "kill -KILL $$; sleep 5", NOWHERE)).isEqualTo(new Exit(137, "KILL"));
            assertThat(run(connections, "kill -TERM $$; sleep 5", NOWHERE)).isEqualTo(new Exit(143, "TERM"));
            assertThat(run(connections, "kill -STKFLT $$; sleep 5", NOWHERE).signal())
                    .isNotNull();
        }
    }

    @Test
    void keepsNoMoreThanItsWindowForAReaderThatIsSlow() throws Exception {
        try (var connections = connections(sshd);
                var connection = connections.borrow(sshd.route(1))) {
            var channel = connection.shell(connection.current(), new PtySize(80, 24));
            channel.getOutputStream().write("exec yes\n".getBytes(StandardCharsets.UTF_8));
            channel.getOutputStream().flush();
            var buffer = new byte[4096];
            long most = 0;
            for (int i = 0; i < 1000; i++) {
                assertThat(channel.getInputStream().read(buffer)).isPositive();
                LockSupport.parkNanos(1_000_000);
                most = Math.max(most, channel.unread());
            }
            channel.abandon();
            assertThat(most).isPositive().isLessThanOrEqualTo(SshConnection.SHELL_WINDOW * 3L / 2);
        }
    }

    /** Two readers, each looking at what the other has not read yet, must not wait for each other. */
    @Test
    void bothStreamsFlowAtOnceAsMuchAsEverComes() throws Exception {
        try (var connections = connections(sshd)) {
            for (int i = 0; i < 5; i++) {
                var bytes = new LongAdder();
                var exit = run(
                        connections,
                        "head -c 8000000 /dev/zero & head -c 8000000 /dev/zero >&2; wait",
                        (stream, buffer, offset, length) -> bytes.add(length));
                assertThat(exit.isSuccess()).isTrue();
                assertThat(bytes.sum()).isEqualTo(16_000_000);
            }
        }
    }

    @Test
    void keepsOneConnectionForManyRuns() throws Exception {
        try (var connections = connections(sshd)) {
            for (int i = 0; i < 3; i++) {
                assertThat(run(connections, "exit 0", NOWHERE).isSuccess()).isTrue();
            }
            assertThat(connections.openConnections()).isEqualTo(1);
        }
    }

    @Test
    void opensOneConnectionForSimultaneousFirstBorrows() throws Exception {
        try (var connections = connections(sshd);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var route = sshd.route(2);
            var start = new CountDownLatch(1);
            List<Future<SshConnection>> borrowed = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                borrowed.add(threads.submit(() -> {
                    start.await();
                    return connections.borrow(route);
                }));
            }
            start.countDown();
            List<SshConnection> all = new ArrayList<>();
            for (var future : borrowed) {
                all.add(future.get());
            }
            assertThat(connections.openConnections()).isEqualTo(1);
            try (var ninth = connections.borrow(route)) {
                assertThat(ninth.route()).isEqualTo(route);
                assertThat(connections.openConnections()).isEqualTo(2);
            }
            all.forEach(SshConnection::close);
        }
    }

    @Test
    void opensAnotherConnectionWhenTheServerTakesNoMoreSessions() throws Exception {
        try (var strict = RealSshd.start(directory, List.of("ed25519"), List.of("MaxSessions 1"));
                var connections = connections(strict);
                var first = connections.borrow(strict.route(1));
                var second = connections.borrow(strict.route(1));
                var one = ScriptChannel.open(first, tag(), "/nowhere", TIMEOUT);
                var two = ScriptChannel.open(second, tag(), "/nowhere", TIMEOUT)) {
            assertThat(connections.openConnections()).isEqualTo(2);
            assertThat(one.start(payload("exit 1"), NOWHERE).code()).isEqualTo(1);
            assertThat(two.start(payload("exit 2"), NOWHERE).code()).isEqualTo(2);
        }
    }

    @Test
    void refusesAHostKeyNobodyHasConfirmed() throws Exception {
        try (var connections = connections(sshd)) {
            var failure = failure(() -> connections.borrow(new Route(List.of(hop(List.of())))));
            assertThat(failure.reason()).isEqualTo(Reason.HOST_KEY_UNKNOWN);
            assertThat(failure.offeredHostKey()).isEqualTo(sshd.fingerprint("ed25519"));
            assertThat(failure.text())
                    .contains(sshd.fingerprint("ed25519"))
                    .contains("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")
                    .contains("ssh.hostKey");
        }
    }

    @Test
    void refusesAHostKeyThatIsNotTheTrustedOneAndShowsBoth() throws Exception {
        try (var connections = connections(sshd)) {
            String other = "SHA256:" + "A".repeat(43);
            var failure = failure(() -> connections.borrow(new Route(List.of(hop(List.of(other))))));
            assertThat(failure.reason()).isEqualTo(Reason.HOST_KEY_CHANGED);
            assertThat(failure.text()).contains(other).contains(sshd.fingerprint("ed25519"));
            assertThat(connections.openConnections()).isZero();
        }
    }

    @Test
    void acceptsAPinnedKeyOfAnyKindTheServerHas() throws Exception {
        try (var connections = connections(sshd)) {
            for (String type : List.of("ed25519", "ecdsa", "rsa")) {
                try (var connection = connections.borrow(new Route(List.of(hop(List.of(sshd.fingerprint(type))))))) {
                    assertThat(connection.route()).isNotNull();
                }
            }
        }
    }

    @Test
    void asksTheKnownHostsFileWhenNothingIsPinned() throws Exception {
        var file = directory.resolve("known_hosts");
        var route = new Route(List.of(hop(List.of())));
        var settings = settings(sshd, file);
        try (var connections = new SshConnections(settings)) {
            for (String type : List.of("rsa", "ecdsa", "ed25519")) {
                Files.writeString(file, sshd.knownHostsLine(sshd.host(1), type));
                assertThat(connections.check(route).failure()).isNull();
            }
            Files.writeString(file, sshd.knownHostsLine(sshd.host(2), "ed25519"));
            assertThat(reason(connections.check(route))).isEqualTo(Reason.HOST_KEY_UNKNOWN);
            String known = sshd.knownHostsLine(sshd.host(1), "ed25519");
            Files.writeString(file, known + "@revoked " + known);
            assertThat(reason(connections.check(route))).isEqualTo(Reason.HOST_KEY_CHANGED);
        }
    }

    @Test
    void refusesAServerWhoseKeyHasChanged() throws Exception {
        try (var server = RealSshd.start(directory);
                var connections = connections(server)) {
            var route = server.route(1);
            connections.borrow(route).close();
            String before = server.fingerprint();
            server.changeHostKeys();
            var failure = failure(() -> connections.borrow(route));
            assertThat(failure.reason()).isEqualTo(Reason.HOST_KEY_CHANGED);
            assertThat(failure.text()).contains(before).contains(server.fingerprint());
        }
    }

    @Test
    void logsInWithRsaAndEcdsaKeys() throws Exception {
        try (var server = RealSshd.start(directory);
                var connections = connections(server)) {
            for (String type : List.of("rsa", "ecdsa")) {
                server.makeClientKey("id_" + type, type);
                assertThat(reason(connections.check(route(server, "id_" + type))))
                        .isEqualTo(Reason.LOGIN_REFUSED);
                server.letIn("id_" + type);
                assertThat(connections.check(route(server, "id_" + type)).failure())
                        .isNull();
            }
        }
    }

    @Test
    void refusesKeyFilesThatOthersMayReadOrThatAreNone() throws Exception {
        try (var server = RealSshd.start(directory);
                var connections = connections(server)) {
            var key = server.keysDirectory().resolve(server.keyName());
            Files.setAttribute(key, "unix:mode", 0644);
            var failure = failure(() -> connections.borrow(server.route(1)));
            assertThat(failure.reason()).isEqualTo(Reason.KEY_FILE_REFUSED);
            assertThat(failure.text()).contains("chmod 600 " + key).contains("link-1");
            Files.setAttribute(key, "unix:mode", 0600);
            Files.writeString(key, "no key");
            assertThat(failure(() -> connections.borrow(server.route(1))).reason())
                    .isEqualTo(Reason.KEY_FILE_REFUSED);
        }
    }

    @Test
    void refusesAKeyThatNeedsAPassphrase() throws Exception {
        try (var server = RealSshd.start(directory);
                var connections = connections(server)) {
            var key = server.keysDirectory().resolve(server.keyName());
            new ProcessBuilder("ssh-keygen", "-q", "-p", "-N", "secret", "-f", key.toString())
                    .start()
                    .waitFor();
            var failure = failure(() -> connections.borrow(server.route(1)));
            assertThat(failure.reason()).isEqualTo(Reason.KEY_FILE_REFUSED);
            assertThat(failure.text()).contains("without a passphrase");
        }
    }

    @Test
    void goesThroughJumpHostsAndSharesThem() throws Exception {
        try (var connections = connections(sshd)) {
            var deep = new Route(List.of(sshd.hop(1), sshd.hop(2), sshd.hop(3)));
            var other = new Route(List.of(sshd.hop(1), sshd.hop(4)));
            try (var connection = connections.borrow(deep);
                    var channel = ScriptChannel.open(connection, tag(), "/nowhere", TIMEOUT)) {
                var sink = new Collecting();
                channel.start(payload("echo $SSH_CONNECTION"), sink);
                assertThat(sink.text(Stream.STDOUT)).contains(sshd.host(3));
            }
            assertThat(connections.openConnections()).isEqualTo(3);
            connections.borrow(other).close();
            assertThat(connections.openConnections()).isEqualTo(4);
        }
    }

    @Test
    void checksTheHostKeyOfEachJumpHost() throws Exception {
        try (var connections = connections(sshd)) {
            var wrong = new Hop("jump", sshd.host(1), sshd.port(), sshd.user(), null, List.of("SHA256:wrong"));
            var failure = failure(() -> connections.borrow(new Route(List.of(wrong, sshd.hop(2)))));
            assertThat(failure.reason()).isEqualTo(Reason.HOST_KEY_CHANGED);
            assertThat(failure.hop()).isEqualTo("jump");
            var behind = new Hop("behind", sshd.host(2), sshd.port(), sshd.user(), null, List.of("SHA256:wrong"));
            assertThat(failure(() -> connections.borrow(new Route(List.of(sshd.hop(1), behind))))
                            .hop())
                    .isEqualTo("behind");
        }
    }

    @Test
    void closingATunnelledConnectionLeavesItsNeighboursAlone() throws Exception {
        var settings = settings(sshd, null);
        try (var connections = new SshConnections(withIdle(settings, Duration.ofMillis(1)))) {
            var busy = new Route(List.of(sshd.hop(1), sshd.hop(2)));
            var short1 = new Route(List.of(sshd.hop(1), sshd.hop(3)));
            try (var connection = connections.borrow(busy);
                    var channel = ScriptChannel.open(connection, tag(), "/nowhere", TIMEOUT)) {
                var sink = new Collecting();
                var flood = new Thread(() -> {
                    for (int i = 0; i < 3; i++) {
                        try (var abandoned = connections.borrow(short1);
                                var other = ScriptChannel.open(abandoned, tag(), "/nowhere", TIMEOUT)) {
                            other.start(payload("head -c 3000000 /dev/zero"), (stream, buffer, offset, length) -> {
                                throw new IllegalStateException("enough");
                            });
                        } catch (SshException | IllegalStateException e) {
                            assertThat(e).isNotNull();
                        }
                    }
                });
                flood.start();
                var exit = channel.start(payload("for i in {1..20}; do echo $i; sleep 0.05; done"), sink);
                flood.join();
                assertThat(exit.isSuccess()).isTrue();
                assertThat(sink.text(Stream.STDOUT)).endsWith("19\n20\n");
            }
        }
    }

    @Test
    void saysThatAJumpHostCannotReachTheLink() throws Exception {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        try (var connections = connections(sshd)) {
            var behind = new Hop("behind", "127.0.0.1", port, sshd.user(), null, List.of("SHA256:any"));
            var failure = failure(() -> connections.borrow(new Route(List.of(sshd.hop(1), behind))));
            assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(failure.text()).contains("from the jump host");
        }
    }

    @Test
    void replacesAConnectionThatDied() throws Exception {
        try (var server = RealSshd.start(directory);
                var connections = connections(server)) {
            run(connections, server.route(1), "exit 0", NOWHERE);
            server.cutConnections();
            assertThat(run(connections, server.route(1), "exit 4", NOWHERE).code())
                    .isEqualTo(4);
            try (var borrowed = connections.borrow(server.route(1))) {
                server.cutConnections();
                try (var channel = ScriptChannel.open(borrowed, tag(), "/nowhere", TIMEOUT)) {
                    assertThat(channel.start(payload("exit 5"), NOWHERE).code()).isEqualTo(5);
                }
            }
        }
    }

    @Test
    void closesIdleConnections() throws Exception {
        try (var connections = new SshConnections(withIdle(settings(sshd, null), Duration.ofMillis(100)))) {
            try (var held = connections.borrow(new Route(List.of(sshd.hop(1), sshd.hop(2))))) {
                assertThat(held).isNotNull();
                assertThat(connections.openConnections()).isEqualTo(2);
            }
            until(() -> connections.openConnections() == 0);
        }
    }

    @Test
    void waitsForAFreeConnectionAndThenGivesUp() throws Exception {
        var settings = settings(sshd, null);
        var one = new SshSettings(
                settings.keysDirectory(),
                null,
                null,
                Duration.ofSeconds(1),
                0,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofMinutes(1),
                1,
                8);
        try (var connections = new SshConnections(one)) {
            var first = connections.borrow(sshd.route(1));
            assertThat(failure(() -> connections.borrow(sshd.route(2))).reason())
                    .isEqualTo(Reason.EXHAUSTED);
            first.close();
            try (var second = connections.borrow(sshd.route(2))) {
                assertThat(second.route()).isEqualTo(sshd.route(2));
                assertThat(connections.openConnections()).isEqualTo(1);
            }
        }
    }

    @Test
    void carriesLargeOutputByteForByte() throws Exception {
        var hashes = Map.of(Stream.STDOUT, sha256(), Stream.STDERR, sha256());
        OutputSink sink = (stream, buffer, offset, length) -> {
            var hash = hashes.get(stream);
            if (hash != null) {
                hash.update(buffer, offset, length);
            }
        };
        try (var connections = connections(sshd)) {
            // a keyed stream of pseudo-random bytes that both sides can make
            String made = "openssl enc -aes-128-ctr -K 00 -iv 00 -in /dev/zero 2>/dev/null | head -c ";
            var sink2 = new Collecting();
            run(connections, made + "67108864 | sha256sum; " + made + "8388608 | sha256sum", sink2);
            run(connections, made + "67108864 & " + made + "8388608 >&2; wait", sink);
            String expected = sink2.text(Stream.STDOUT);
            assertThat(expected.lines().map(line -> line.substring(0, 64)))
                    .containsExactly(hex(hashes.get(Stream.STDOUT)), hex(hashes.get(Stream.STDERR)));
        }
    }

    @Test
    void carriesBytesThatAreNoTextAndLongLines() throws Exception {
        var sink = new Collecting();
        try (var connections = connections(sshd)) {
            run(
                    connections,
                    "printf '\\xff\\xfe\\x00\\xc3'; sleep 0.1; printf '\\xa4'; head -c 1000000 /dev/zero",
                    sink);
        }
        byte[] bytes = sink.bytes(Stream.STDOUT);
        assertThat(bytes).hasSize(1000005).startsWith(0xff, 0xfe, 0, 0xc3, 0xa4);
    }

    @Test
    void aSlowReaderSlowsTheScriptAndLosesNothing() throws Exception {
        var gate = new CountDownLatch(1);
        var sink = new Collecting();
        var marker = directory.resolve("written");
        var writer = directory.resolve("writer");
        try (var connections = connections(sshd);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var exit = threads.submit(() -> run(
                    connections,
                    "head -c 30000000 /dev/zero & echo $! >" + writer + "; wait; touch " + marker,
                    (stream, buffer, offset, length) -> {
                        gate.await();
                        sink.accept(stream, buffer, offset, length);
                    }));
            until(() -> written(writer) > 1_000_000);
            assertThat(marker).doesNotExist();
            gate.countDown();
            assertThat(exit.get().isSuccess()).isTrue();
            assertThat(sink.bytes(Stream.STDOUT)).hasSize(30000000);
            assertThat(marker).exists();
        }
    }

    @Test
    void saysThatTheConnectionWasLostWhenItIsCutMidRun() throws Exception {
        try (var server = RealSshd.start(directory);
                var connections = connections(server)) {
            OutputSink cutting = (stream, buffer, offset, length) -> server.cutConnections();
            String tag = tag();
            try (var connection = connections.borrow(server.route(1));
                    var channel = ScriptChannel.open(connection, tag, "/nowhere", TIMEOUT)) {
                var failure = failure(() -> channel.start(payload("echo go; sleep 5"), cutting));
                assertThat(failure.reason()).isEqualTo(Reason.CONNECTION_LOST);
            }
            assertThat(ProcessReaper.end(connections, server.route(1), tag, TIMEOUT)
                            .isGone())
                    .isTrue();
        }
    }

    @Test
    void closingFromAnotherThreadAbortsTheWait() throws Exception {
        String tag = tag();
        try (var connections = connections(sshd);
                var connection = connections.borrow(sshd.route(1));
                var channel = ScriptChannel.open(connection, tag, "/nowhere", TIMEOUT)) {
            OutputSink closing =
                    (stream, buffer, offset, length) -> Thread.ofVirtual().start(channel::close);
            var failure = failure(() -> channel.start(payload("echo go; sleep 5"), closing));
            assertThat(failure.reason()).isEqualTo(Reason.CONNECTION_LOST);
            assertThat(failure.text()).contains("given up from this side");
            assertThat(run(connections, "exit 6", NOWHERE).code()).isEqualTo(6);
            assertThat(ProcessReaper.end(connections, sshd.route(1), tag, TIMEOUT)
                            .isGone())
                    .isTrue();
        }
    }

    @Test
    void reportsTheExitThoughADaemonHoldsTheOutputOpen() throws Exception {
        var daemon = directory.resolve("daemon");
        try (var connections = connections(sshd)) {
            var sink = new Collecting();
            var exit = run(connections, "setsid sleep 30 & echo $! >" + daemon + "; echo done", sink);
            assertThat(exit.isSuccess()).isTrue();
            assertThat(sink.text(Stream.STDOUT)).isEqualTo("done\n");
            var left = ProcessHandle.of(Long.parseLong(Files.readString(daemon).strip()));
            assertThat(left).isPresent();
            left.ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void givesUpOnAFileSystemThatHangs() throws Exception {
        // a start-up file that never ends looks the same from here
        try (var server = RealSshd.start(directory, List.of("ed25519"), List.of("ForceCommand sleep 20"));
                var connections = connections(server);
                var connection = connections.borrow(server.route(1))) {
            var failure = failure(() -> ScriptChannel.open(connection, tag(), "/nowhere", Duration.ofMillis(300)));
            assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
        }
    }

    @Test
    void saysWhatAForcedCommandOrAStrangeShellAnswered() throws Exception {
        for (String command : List.of("echo only backups here >&2; exit 9", "cat", "yes noise", "read -n 20 x; bash")) {
            var place = Files.createTempDirectory(directory, "sshd");
            try (var server = RealSshd.start(place, List.of("ed25519"), List.of("ForceCommand " + command));
                    var connections = connections(server);
                    var connection = connections.borrow(server.route(1))) {
                var failure = failure(() -> ScriptChannel.open(connection, tag(), "/nowhere", Duration.ofSeconds(2)));
                assertThat(failure.reason()).as(command + failure.text()).isIn(Reason.NO_SHELL, Reason.TIMEOUT);
                if (command.startsWith("echo")) {
                    assertThat(failure.text()).contains("exit status 9").contains("only backups here");
                }
            }
        }
    }

    @Test
    void readsPastWhatStartUpFilesPrint() throws Exception {
        String noisy = "ForceCommand echo welcome; printf linkops:; echo oops >&2; eval \"$SSH_ORIGINAL_COMMAND\"";
        try (var server = RealSshd.start(directory, List.of("ed25519"), List.of(noisy));
                var connections = connections(server)) {
            var sink = new Collecting();
            run(connections, server.route(1), "echo clean; echo tidy >&2", sink);
            assertThat(sink.text(Stream.STDOUT)).isEqualTo("clean\n");
            assertThat(sink.text(Stream.STDERR)).isEqualTo("tidy\n");
        }
    }

    @Test
    void saysWhyAScriptCouldNotBePutThere() throws Exception {
        try (var server = RealSshd.start(directory, List.of("ed25519"), List.of("SetEnv TMPDIR=/proc"));
                var connections = connections(server)) {
            var failure = failure(() -> run(connections, server.route(1), "echo never", NOWHERE));
            assertThat(failure.reason()).isEqualTo(Reason.NO_SHELL);
            assertThat(failure.text())
                    .contains("private directory /proc/linkops-")
                    .contains("mkdir");
        }
    }

    @Test
    void checksARouteInStages() throws Exception {
        try (var connections = connections(sshd)) {
            var check = connections.check(new Route(List.of(sshd.hop(1), sshd.hop(2))));
            assertThat(check.isReachable()).isTrue();
            assertThat(check.stages().stream().map(RouteCheck.Stage::act))
                    .containsExactly(
                            Act.DNS,
                            Act.TCP,
                            Act.KEY_EXCHANGE,
                            Act.HOST_KEY,
                            Act.LOGIN,
                            Act.TCP,
                            Act.KEY_EXCHANGE,
                            Act.HOST_KEY,
                            Act.LOGIN);
            var unresolved = new Hop("x", "no-such-host.invalid", 22, "x", null, List.of());
            assertThat(reason(connections.check(new Route(List.of(unresolved)))))
                    .isEqualTo(Reason.UNRESOLVED);
            var failed = connections.check(new Route(List.of(hop(List.of()))));
            assertThat(failed.stages().getLast().act()).isEqualTo(Act.HOST_KEY);
            until(() -> connections.openConnections() == 0);
        }
    }

    @Test
    void saysThatAServerIsNotSsh() throws Exception {
        try (var mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var connections = new SshConnections(withTimeout(settings(sshd, null), Duration.ofMillis(300)))) {
            var hop = new Hop("mute", "127.0.0.1", mute.getLocalPort(), "x", null, List.of("SHA256:any"));
            var failure = failure(() -> connections.borrow(new Route(List.of(hop))));
            assertThat(failure.reason()).isEqualTo(Reason.HANDSHAKE_FAILED);
        }
    }

    @Test
    void triesAgainUntilTheServerIsThere() throws Exception {
        try (var server = RealSshd.start(directory);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var settings = settings(server, null);
            var patient = new SshSettings(
                    settings.keysDirectory(),
                    null,
                    null,
                    TIMEOUT,
                    100,
                    Duration.ofMillis(20),
                    Duration.ZERO,
                    TIMEOUT,
                    10,
                    8);
            server.stop();
            try (var connections = new SshConnections(patient)) {
                var exit = threads.submit(() -> run(connections, server.route(1), "exit 8", NOWHERE));
                server.restart();
                assertThat(exit.get().code()).isEqualTo(8);
            }
        }
    }

    private static Exit run(SshConnections connections, String script, OutputSink sink) throws Exception {
        return run(connections, sshd.route(1), script, sink);
    }

    private static Exit run(SshConnections connections, Route route, String script, OutputSink sink) throws Exception {
        try (var connection = connections.borrow(route);
                var channel = ScriptChannel.open(connection, tag(), "/nowhere", TIMEOUT)) {
            return channel.start(payload(script), sink);
        }
    }

    private static Payload payload(String script, String... arguments) {
        return new Payload(Map.of(), List.of(), "test.sh", List.of(arguments), script.getBytes(StandardCharsets.UTF_8));
    }

    private static Hop hop(List<String> trusted) {
        return new Hop("link-1", sshd.host(1), sshd.port(), sshd.user(), sshd.keyName(), trusted);
    }

    private static Route route(RealSshd server, String key) throws Exception {
        var hop = server.hop(1);
        return new Route(List.of(new Hop(hop.name(), hop.host(), hop.port(), hop.user(), key, hop.trustedHostKeys())));
    }

    private static SshConnections connections(RealSshd server) {
        return new SshConnections(settings(server, null));
    }

    private static SshSettings settings(RealSshd server, @Nullable Path knownHosts) {
        return new SshSettings(
                server.keysDirectory(),
                server.keyName(),
                knownHosts,
                TIMEOUT,
                1,
                Duration.ofMillis(10),
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                20,
                8);
    }

    private static SshSettings withIdle(SshSettings s, Duration idle) {
        return new SshSettings(
                s.keysDirectory(),
                s.defaultKey(),
                s.knownHosts(),
                s.connectionTimeout(),
                s.maxRetries(),
                s.retryDelay(),
                s.keepaliveInterval(),
                idle,
                s.maxConnections(),
                s.channelsPerConnection());
    }

    private static SshSettings withTimeout(SshSettings s, Duration timeout) {
        return new SshSettings(
                s.keysDirectory(),
                s.defaultKey(),
                s.knownHosts(),
                timeout,
                0,
                s.retryDelay(),
                s.keepaliveInterval(),
                s.idleTimeout(),
                s.maxConnections(),
                s.channelsPerConnection());
    }

    private static SshException failure(Callable<?> act) {
        return catchThrowableOfType(SshException.class, act::call);
    }

    private static @Nullable Reason reason(RouteCheck check) {
        var failure = check.failure();
        return failure == null ? null : failure.reason();
    }

    private static String tag() {
        return UUID.randomUUID().toString();
    }

    /** How many bytes the process has written whose id is in the file. */
    private static long written(Path file) {
        try {
            return Files.readAllLines(Path.of("/proc", Files.readString(file).strip(), "io")).stream()
                    .filter(line -> line.startsWith("wchar: "))
                    .mapToLong(line -> Long.parseLong(line.substring("wchar: ".length())))
                    .sum();
        } catch (java.io.IOException e) {
            return 0;
        }
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static MessageDigest sha256() throws Exception {
        return MessageDigest.getInstance("SHA-256");
    }

    private static String hex(@Nullable MessageDigest hash) {
        return hash == null ? "" : HexFormat.of().formatHex(hash.digest());
    }

    @SuppressWarnings("NullAway") // set before the first test
    private static RealSshd never() {
        return null;
    }

    /** Keeps all output in memory. */
    private static final class Collecting implements OutputSink {
        private final Map<Stream, ByteArrayOutputStream> streams =
                Map.of(Stream.STDOUT, new ByteArrayOutputStream(), Stream.STDERR, new ByteArrayOutputStream());

        @Override
        public void accept(Stream stream, byte[] buffer, int offset, int length) {
            var collected = streams.get(stream);
            if (collected != null) {
                collected.write(buffer, offset, length);
            }
        }

        byte[] bytes(Stream stream) {
            var collected = streams.get(stream);
            return collected == null ? new byte[0] : collected.toByteArray();
        }

        String text(Stream stream) {
            return new String(bytes(stream), StandardCharsets.UTF_8);
        }
    }
}
