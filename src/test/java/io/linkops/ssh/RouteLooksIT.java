package io.linkops.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.fleet.RealSshd;
import io.linkops.ssh.RouteCheck.Act;
import io.linkops.ssh.SshException.Reason;
import io.linkops.world.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks beside operations, against a real sshd: they share what is there and leave room. */
class RouteLooksIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private RealSshd sshd;
    private String id;

    @BeforeEach
    void start() throws Exception {
        sshd = RealSshd.start(Files.createDirectories(directory.resolve("sshd")));
        id = Files.writeString(directory.resolve("client_id"), "LINKOPS-1").toString();
    }

    @AfterEach
    void stop() throws Exception {
        sshd.close();
    }

    private SshConnections connections(int most, int channels) {
        return new SshConnections(new SshSettings(
                sshd.keysDirectory(),
                sshd.keyName(),
                null,
                Duration.ofSeconds(2),
                0,
                Duration.ofMillis(50),
                Duration.ZERO,
                Duration.ofMinutes(5),
                most,
                channels));
    }

    private RouteLook look(SshConnections connections, Route route) {
        return connections.looks(TIMEOUT).look(route, id, UUID.randomUUID().toString());
    }

    @Test
    void looksNeverTakeTheLastConnectionsFromOperations() throws Exception {
        try (var connections = connections(4, 8)) {
            var held = new ArrayList<SshConnection>();
            for (int link = 1; link <= 3; link++) {
                held.add(connections.borrow(sshd.route(link)));
            }
            var refused = look(connections, sshd.route(9)).check().failure();
            assertThat(refused).isNotNull();
            assertThat(refused.reason()).isEqualTo(Reason.EXHAUSTED);
            held.add(connections.borrow(sshd.route(4)));
            for (var each : held) {
                each.close();
            }
            // now they are only kept: one of them makes room
            assertThat(look(connections, sshd.route(9)).check().isReachable()).isTrue();
        }
    }

    @Test
    void manyLooksAtOnceLeaveRoomAndNoConnectionBehind() throws Exception {
        try (var connections = connections(12, 8);
                var pool = Executors.newFixedThreadPool(8)) {
            var looks = connections.looks(TIMEOUT);
            List<Callable<RouteLook>> jobs = new ArrayList<>();
            for (int link = 1; link <= 60; link++) {
                var route = sshd.route(link);
                jobs.add(() -> {
                    var seen = looks.look(route, id, UUID.randomUUID().toString());
                    assertThat(connections.openConnections()).isLessThanOrEqualTo(12);
                    return seen;
                });
            }
            for (var done : pool.invokeAll(jobs)) {
                var failure = done.get().check().failure();
                assertThat(failure == null || failure.reason() == Reason.EXHAUSTED)
                        .isTrue();
            }
            Patience.until("all are closed", () -> connections.openConnections() == 0);
        }
    }

    @Test
    void theLastSessionOfAKeptConnectionIsLeftAlone() throws Exception {
        try (var connections = connections(10, 2);
                var first = connections.borrow(sshd.route(1))) {
            var asked = look(connections, sshd.route(1));
            assertThat(asked.isKept()).isTrue();
            assertThat(asked.clientId()).isNull();
            assertThat(asked.roundTrip()).isPositive();
            assertThat(asked.check().isReachable()).isTrue();
            try (var second = connections.borrow(sshd.route(1))) {
                assertThat(second.isReused()).isTrue();
            }
            assertThat(first.isReused()).isFalse();
            assertThat(connections.openConnections()).isEqualTo(1);
        }
    }

    @Test
    void aJumpHostIsConnectedToOnceForAllLooksBehindIt() throws Exception {
        try (var connections = connections(50, 8);
                var pool = Executors.newFixedThreadPool(6)) {
            var looks = connections.looks(TIMEOUT);
            List<Callable<RouteLook>> jobs = new ArrayList<>();
            for (int link = 2; link <= 7; link++) {
                var route = new Route(List.of(sshd.hop(1), sshd.hop(link)));
                jobs.add(() -> looks.look(route, id, UUID.randomUUID().toString()));
            }
            for (var done : pool.invokeAll(jobs)) {
                assertThat(done.get().check().isReachable()).isTrue();
                assertThat(done.get().clientId()).isNotNull();
            }
            Patience.until("only the jump host is kept", () -> connections.openConnections() == 1);
            var log = sshd.log();
            assertThat(log.split("Accepted publickey", -1)).hasSize(1 + 1 + 6);
        }
    }

    @Test
    void aFailingJumpHostIsNamedWithItsStage() throws Exception {
        try (var connections = connections(50, 8)) {
            var jump = sshd.hop(1);
            var dead = new Hop(jump.name(), jump.host(), 1, jump.user(), jump.keyRef(), jump.trustedHostKeys());
            var look = look(connections, new Route(List.of(dead, sshd.hop(2))));
            var failed = look.check().stages().getLast();
            assertThat(failed.hop()).isEqualTo(jump.name());
            assertThat(failed.act()).isEqualTo(Act.TCP);
            assertThat(failed.failure()).isNotNull();
            assertThat(connections.openConnections()).isZero();
        }
    }
}
