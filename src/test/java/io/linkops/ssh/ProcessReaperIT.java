package io.linkops.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.fleet.RealSshd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends executions on a real OpenSSH server and looks at the process table. */
class ProcessReaperIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofMillis(300);

    @TempDir
    private Path directory;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String tag = UUID.randomUUID().toString();
    private RealSshd sshd = never();
    private SshConnections connections = new SshConnections(SshSettings.of(Path.of("/nowhere")));

    @BeforeEach
    void startServer() throws Exception {
        sshd = RealSshd.start(directory);
        connections = new SshConnections(SshSettings.of(sshd.keysDirectory()));
    }

    @AfterEach
    void stopServer() throws Exception {
        connections.close();
        threads.shutdownNow();
        sshd.close();
    }

    @Test
    void endsAScriptThatResistsWithAllItLeftBehind() throws Exception {
        var run = start(tag, """
            note() { echo "$1" >>pids; }
            trap '' TERM HUP INT
            note $$
            # a double-forked daemon in a session of its own
            ( setsid bash -c 'echo $$ >>pids; trap "" TERM HUP; while :; do sleep 60; done' & )
            # one that dropped its environment and holds stdout
            env -i /usr/bin/setsid /usr/bin/sleep 1001 & note $!
            # one that dropped its environment and its output, but stayed in the session
            ( env -i /usr/bin/sleep 1002 >/dev/null 2>&1 </dev/null & echo $! >>pids )
            # children that ignore HUP
            nohup bash -c 'echo $$ >>pids; sleep 1003; :' >/dev/null 2>&1 &
            ( trap '' HUP TERM; sleep 1004 & note $!; wait ) &
            while :; do sleep 1; done
            """, 6);
        var ended = ProcessReaper.end(connections, sshd.route(1), tag, GRACE);
        assertThat(ended.text()).contains("Nothing");
        assertThat(ended.isGone()).isTrue();
        assertThat(ended.survivors()).isEmpty();
        assertThat(alive(pids())).isEmpty();
        assertThat(run.get()).isEqualTo(new Exit(137, "KILL"));
        assertThat(Path.of("/tmp/linkops-" + tag)).doesNotExist();
    }

    @Test
    void letsAPoliteScriptCleanUpWithinTheGrace() throws Exception {
        var run = start(tag, """
            trap 'echo clean >cleaned; exit 5' TERM
            echo $$ >>pids
            while :; do sleep 0.05; done
            """, 1);
        var ended = ProcessReaper.end(connections, sshd.route(1), tag, Duration.ofSeconds(10));
        assertThat(ended.isGone()).isTrue();
        assertThat(directory.resolve("cleaned")).exists();
        assertThat(run.get()).isEqualTo(new Exit(5, null));
    }

    @Test
    void endsWhatRunsOnAfterTheConnectionWasCut() throws Exception {
        var run = start(tag, "echo $$ >>pids; trap '' PIPE; while :; do sleep 0.1; done", 1);
        sshd.cutConnections();
        assertThat(reasonOf(run)).isEqualTo(SshException.Reason.CONNECTION_LOST);
        assertThat(alive(pids())).hasSize(1);
        assertThat(ProcessReaper.end(connections, sshd.route(1), tag, GRACE).isGone())
                .isTrue();
        assertThat(alive(pids())).isEmpty();
    }

    @Test
    void endsADaemonOfAnExecutionThatEndedLongAgo() throws Exception {
        start(tag, "setsid bash -c 'echo $$ >>pids; exec sleep 1005' >/dev/null 2>&1 &", 1)
                .get();
        assertThat(alive(pids())).hasSize(1);
        assertThat(ProcessReaper.end(connections, sshd.route(1), tag, GRACE).isGone())
                .isTrue();
        assertThat(alive(pids())).isEmpty();
    }

    @Test
    void saysGoneWhenThereIsNothing() throws Exception {
        assertThat(ProcessReaper.end(connections, sshd.route(1), tag, GRACE).isGone())
                .isTrue();
    }

    @Test
    void leavesTheNeighboursAlone() throws Exception {
        String neighbour = tag.substring(0, 35);
        var other = start(neighbour, "echo $$ >>pids; while :; do sleep 0.1; done", 1);
        var run = start(tag, "echo $$ >>pids; while :; do sleep 0.1; done", 2);
        assertThat(ProcessReaper.end(connections, sshd.route(1), tag, GRACE).isGone())
                .isTrue();
        assertThat(run.get().signal()).isEqualTo("TERM");
        assertThat(alive(pids())).hasSize(1);
        assertThat(other.isDone()).isFalse();
        assertThat(ProcessReaper.end(connections, sshd.route(1), neighbour, GRACE)
                        .isGone())
                .isTrue();
        assertThat(alive(pids())).isEmpty();
    }

    @Test
    void endsALauncherThatWaitsForTheGoAhead() throws Exception {
        try (var connection = connections.borrow(sshd.route(1));
                var channel = ScriptChannel.open(connection, tag, "/nowhere", TIMEOUT)) {
            assertThat(ProcessReaper.end(connections, sshd.route(1), tag, Duration.ZERO)
                            .isGone())
                    .isTrue();
            assertThat(channel.clientId().status()).isEqualTo(ClientIdReading.Status.MISSING);
        }
    }

    private Future<Exit> start(String execution, String script, int pids) throws Exception {
        var run = threads.submit(() -> {
            byte[] bytes = ("cd " + directory + "\n" + script).getBytes(StandardCharsets.UTF_8);
            try (var connection = connections.borrow(sshd.route(1));
                    var channel = ScriptChannel.open(connection, execution, "/nowhere", TIMEOUT)) {
                return channel.start(
                        new Payload(Map.of(), List.of(), "test.sh", List.of(), bytes),
                        (stream, buffer, offset, length) -> {});
            }
        });
        until(() -> pids().size() == pids);
        return run;
    }

    private static SshException.@Nullable Reason reasonOf(Future<Exit> run) throws Exception {
        try {
            throw new AssertionError("ended with " + run.get());
        } catch (ExecutionException e) {
            return e.getCause() instanceof SshException failure ? failure.reason() : null;
        }
    }

    private List<Long> pids() {
        try {
            var file = directory.resolve("pids");
            return Files.exists(file)
                    ? Files.readAllLines(file).stream().map(Long::valueOf).toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Long> alive(List<Long> pids) {
        return pids.stream().filter(ProcessReaperIT::isAlive).toList();
    }

    /** A zombie is dead; in a container without an init it may stay in the table. */
    private static boolean isAlive(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @SuppressWarnings("NullAway") // set before each test
    private static RealSshd never() {
        return null;
    }
}
