package io.linkops.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.fleet.RealSshd;
import io.linkops.ssh.DurableState.Kind;
import io.linkops.ssh.DurableState.Way;
import io.linkops.world.Patience;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on a real sshd that outlives its connection, in a session of its own. */
class DurableChannelIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private static RealSshd sshd;
    private static SshConnections connections;
    private final String tag = UUID.randomUUID().toString();
    private final Kept kept = new Kept();

    /** What came of both streams. */
    private static final class Kept implements OutputSink {
        private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

        @Override
        public synchronized void accept(Stream stream, byte[] buffer, int offset, int length) {
            (stream == Stream.STDOUT ? stdout : stderr).write(buffer, offset, length);
        }

        synchronized String out() {
            return stdout.toString(StandardCharsets.UTF_8);
        }

        synchronized String err() {
            return stderr.toString(StandardCharsets.UTF_8);
        }

        synchronized int outSize() {
            return stdout.size();
        }

        synchronized int errSize() {
            return stderr.size();
        }
    }

    @BeforeAll
    static void begin() throws Exception {
        sshd = RealSshd.start(Files.createDirectory(directory.resolve("sshd")));
        connections = new SshConnections(SshSettings.of(sshd.keysDirectory()));
    }

    @AfterAll
    static void end() throws Exception {
        connections.close();
        sshd.close();
    }

    @Test
    void keepsTheStreamsApartAndTellsTheExit() throws Exception {
        var state = run("echo out; echo err >&2; exit 7", limits());
        assertThat(kept.out()).isEqualTo("out\n");
        assertThat(kept.err()).isEqualTo("err\n");
        assertThat(state.kind()).isEqualTo(Kind.ENDED);
        assertThat(state.way()).isEqualTo(Way.SESSION);
        assertThat(state.exit()).isEqualTo(new Exit(7, null));
        assertThat(state.isWhole()).isTrue();
    }

    @Test
    void tellsASignalFromAnExitWithItsNumber() throws Exception {
        assertThat(run("kill -KILL $$; sleep 5", limits()).exit()).isEqualTo(new Exit(137, "KILL"));
        assertThat(tag("other", "exit 137").exit()).isEqualTo(new Exit(137, null));
    }

    private DurableState tag(String end, String script) throws Exception {
        var other = tag.substring(0, 20) + end;
        try (var connection = connections.borrow(sshd.route(1));
                var channel = DurableChannel.open(connection, other, "/nowhere", TIMEOUT)) {
            channel.start(payload(script), limits());
            channel.follow(0, 0, kept);
        }
        try (var connection = connections.borrow(sshd.route(1));
                var channel = DurableChannel.open(connection, other, "/nowhere", TIMEOUT)) {
            return channel.attach();
        }
    }

    @Test
    void goesOnWhereTheConnectionWasCut() throws Exception {
        var release = directory.resolve("release-" + tag);
        var script = "echo $$ >>" + directory.resolve("pid-" + tag)
                + "; for i in 1 2 3; do echo $i; echo e$i >&2; done;" + " until [ -e " + release
                + " ]; do sleep 0.05; done; for i in 4 5 6; do echo $i; echo e$i >&2; done";
        var cut = new Thread(() -> {
            try {
                Patience.until(
                        "some came",
                        () -> kept.out().endsWith("3\n") && kept.err().endsWith("e3\n"));
                sshd.cutConnections();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        cut.start();
        assertThatThrownBy(() -> start(script, limits())).isInstanceOf(SshException.class);
        cut.join();
        Files.createFile(release);
        var state = settle();
        assertThat(kept.out()).isEqualTo("1\n2\n3\n4\n5\n6\n");
        assertThat(kept.err()).isEqualTo("e1\ne2\ne3\ne4\ne5\ne6\n");
        assertThat(state.exit()).isEqualTo(new Exit(0, null));
        assertThat(Files.readAllLines(directory.resolve("pid-" + tag))).hasSize(1);
    }

    @Test
    void aSecondStartAttaches() throws Exception {
        var count = directory.resolve("count-" + tag);
        start("echo ran >>" + count + "; echo once", limits());
        start("echo ran >>" + count + "; echo twice", limits());
        assertThat(settle().exit()).isEqualTo(new Exit(0, null));
        assertThat(Files.readAllLines(count)).hasSize(1);
        assertThat(kept.out()).isEqualTo("once\n");
    }

    @Test
    void whatWasNotStartedBeforeSomebodyCameBackNeverIs() throws Exception {
        var proof = directory.resolve("proof-" + tag);
        assertThat(attach().kind()).isEqualTo(Kind.NEVER);
        try (var connection = connections.borrow(sshd.route(1));
                var channel = DurableChannel.open(connection, tag, "/nowhere", TIMEOUT)) {
            assertThat(channel.start(payload("touch " + proof), limits()).kind())
                    .isEqualTo(Kind.NEVER);
        }
        assertThat(proof).doesNotExist();
    }

    @Test
    void givesTheScriptTheSameSurroundingsAsTheLauncher() throws Exception {
        var script = "#!/bin/bash\n"
                + "env | grep -v -e ^SSH_ -e ^SHLVL= | sort; pwd; umask; ulimit -a; trap; shopt -o; ls"
                + " /proc/self/fd; readlink /proc/self/fd/0; ps -o sid= -p $$ | tr -d ' ' | sed s/^$$$/leader/;"
                + " basename \"$0\"; printf '[%s]' \"$@\"; stat -c %a \"$(dirname \"$0\")\" \"$0\"";
        var payload = new Payload(
                Map.of(
                        "name",
                        "a name",
                        "script",
                        "x",
                        "tag",
                        "y",
                        "LINKOPS_ENTRY2",
                        "z",
                        "directory",
                        "/",
                        "place",
                        "/"),
                List.of("-u"),
                "test.sh",
                List.of("", "a b", "-n", "\n", "'\"", "ü"),
                script.getBytes(StandardCharsets.UTF_8));
        var ordinary = new Kept();
        try (var connection = connections.borrow(sshd.route(1));
                var channel = ScriptChannel.open(connection, tag, "/nowhere", TIMEOUT)) {
            assertThat(channel.start(payload, ordinary).code()).isZero();
        }
        try (var connection = connections.borrow(sshd.route(1));
                var channel = DurableChannel.open(connection, tag, "/nowhere", TIMEOUT)) {
            channel.start(payload, limits());
            channel.follow(0, 0, kept);
        }
        assertThat(kept.err()).isEqualTo(ordinary.err());
        assertThat(kept.out()).isEqualTo(ordinary.out());
        assertThat(kept.out()).contains("name=a name", "\nleader\n", "LINKOPS_EXECUTION=" + tag);
    }

    @Test
    void keepsTheLinksDiskFromFillingAndLetsTheScriptGoOn() throws Exception {
        var limits = new DurableLimits(Duration.ofMinutes(1), Duration.ofSeconds(1), 100_000, Duration.ofDays(7));
        start("head -c 30000000 /dev/zero | tr '\\0' x; echo end >&2; exit 3", limits);
        var state = settle();
        assertThat(state.exit()).isEqualTo(new Exit(3, null));
        assertThat(state.stdout()).isBetween(100_000L, 200_000L);
        assertThat(state.isWhole()).isTrue();
        assertThat(kept.out()).hasSize((int) state.stdout()).containsOnlyOnce("x".repeat((int) state.stdout()));
        assertThat(kept.err()).isEqualTo("end\n");
    }

    @Test
    void endsAScriptWhoseTimeIsUpWhileNobodyIsThere() throws Exception {
        var limits = new DurableLimits(Duration.ofSeconds(1), Duration.ofSeconds(1), 1000, Duration.ofDays(7));
        DurableState state;
        try (var connection = connections.borrow(sshd.route(1));
                var channel = DurableChannel.open(connection, tag, "/nowhere", TIMEOUT)) {
            state = channel.start(payload("echo $$ >" + directory.resolve("p-" + tag) + "; sleep 600"), limits);
            assertThat(state.kind()).isEqualTo(Kind.RUNNING);
        }
        Patience.until("it is over", () -> attach().kind() != Kind.RUNNING);
        state = attach();
        assertThat(state.isTimeout()).isTrue();
        assertThat(state.exit()).isEqualTo(new Exit(143, "TERM"));
        assertThat(ProcessHandle.of(Long.parseLong(
                        Files.readString(directory.resolve("p-" + tag)).strip())))
                .isEmpty();
    }

    @Test
    void tellsThatNobodyKnowsWhenTheKeeperWasKilled() throws Exception {
        start0("sleep 600");
        long keeper = Long.parseLong(
                Files.readString(runs().resolve(tag).resolve("begun")).split(" ", -1)[0]);
        ProcessHandle.of(keeper).orElseThrow().destroyForcibly();
        Patience.until("it is seen", () -> attach().kind() != Kind.RUNNING);
        assertThat(attach().kind()).isEqualTo(Kind.DEAD);
        assertThat(ProcessReaper.end(connections, sshd.route(1), tag, Duration.ofSeconds(1))
                        .isGone())
                .isTrue();
    }

    @Test
    void tellsThatTheFilesAreGone() throws Exception {
        start0("sleep 600");
        Files.delete(runs().resolve(tag).resolve("stdout"));
        assertThat(attach().kind()).isEqualTo(Kind.GONE);
        assertThat(ProcessReaper.end(connections, sshd.route(1), tag, Duration.ofSeconds(1))
                        .isGone())
                .isTrue();
    }

    @Test
    void tellsThatTheLinkWasStartedAnew() throws Exception {
        start0("sleep 600");
        var begun = runs().resolve(tag).resolve("begun");
        var words = Files.readString(begun).strip().split(" ", -1);
        words[3] = "another-boot:1";
        Files.writeString(begun, String.join(" ", words) + "\n");
        assertThat(attach().kind()).isEqualTo(Kind.RESTARTED);
        assertThat(ProcessReaper.end(connections, sshd.route(1), tag, Duration.ofSeconds(1))
                        .isGone())
                .isTrue();
    }

    @Test
    void refusesWhatIsThereAndNotOurs() throws Exception {
        var proof = directory.resolve("proof-" + tag);
        Files.createDirectories(runs());
        var elsewhere = Files.createDirectory(directory.resolve("elsewhere-" + tag));
        Files.setAttribute(elsewhere, "unix:mode", 0700);
        var link = Files.createSymbolicLink(runs().resolve(tag), elsewhere);
        assertThatThrownBy(() -> start("touch " + proof, limits())).hasMessageContaining("ours alone");
        assertThatThrownBy(this::attach).hasMessageContaining("ours alone");
        Files.delete(link);
        Files.createDirectory(link);
        Files.setAttribute(link, "unix:mode", 0755);
        assertThatThrownBy(() -> start("touch " + proof, limits())).hasMessageContaining("ours alone");
        Files.delete(link);
        Files.setAttribute(runs(), "unix:mode", 0777);
        assertThatThrownBy(() -> start("touch " + proof, limits())).hasMessageContaining("may be changed by others");
        assertThatThrownBy(this::attach).hasMessageContaining("may be changed by others");
        Files.setAttribute(runs(), "unix:mode", 0700);
        Files.writeString(link, "a file");
        assertThatThrownBy(() -> start("touch " + proof, limits())).hasMessageContaining("ours alone");
        assertThat(proof).doesNotExist();
        try (var files = Files.list(elsewhere)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void forgetsAndSweeps() throws Exception {
        run("true", limits());
        try (var connection = connections.borrow(sshd.route(1));
                var channel = DurableChannel.open(connection, tag, "/nowhere", TIMEOUT)) {
            channel.forget();
        }
        assertThat(runs().resolve(tag)).doesNotExist();
        tag("-old0", "true");
        tag("-new0", "true");
        var old = runs().resolve(tag.substring(0, 20) + "-old0");
        var fresh = runs().resolve(tag.substring(0, 20) + "-new0");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
        var target = Files.createDirectory(directory.resolve("target-" + tag));
        var link = Files.createSymbolicLink(runs().resolve("linkedlink"), target);
        var foreign = Files.createDirectory(runs().resolve("not+ours"));
        Files.setLastModifiedTime(foreign, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
        tag("-last", "true");
        Patience.until("the old one is swept", () -> !Files.exists(old));
        assertThat(fresh).exists();
        assertThat(target).exists();
        assertThat(link).isSymbolicLink();
        assertThat(foreign).exists();
    }

    private static Path runs() {
        return directory.resolve("sshd").resolve("runs");
    }

    private void start0(String script) throws Exception {
        try (var connection = connections.borrow(sshd.route(1));
                var channel = DurableChannel.open(connection, tag, "/nowhere", TIMEOUT)) {
            assertThat(channel.start(payload(script), limits()).kind()).isEqualTo(Kind.RUNNING);
        }
    }

    private void start(String script, DurableLimits limits) throws Exception {
        try (var connection = connections.borrow(sshd.route(1));
                var channel = DurableChannel.open(connection, tag, "/nowhere", TIMEOUT)) {
            channel.start(payload(script), limits);
            channel.follow(kept.outSize(), kept.errSize(), kept);
        }
    }

    private DurableState run(String script, DurableLimits limits) throws Exception {
        start(script, limits);
        return attach();
    }

    private DurableState attach() throws Exception {
        try (var connection = connections.borrow(sshd.route(1));
                var channel = DurableChannel.open(connection, tag, "/nowhere", TIMEOUT)) {
            return channel.attach();
        }
    }

    private DurableState settle() throws Exception {
        for (var state = attach(); state.kind() == Kind.RUNNING || kept.outSize() < state.stdout(); state = attach()) {
            try (var connection = connections.borrow(sshd.route(1));
                    var channel = DurableChannel.open(connection, tag, "/nowhere", TIMEOUT)) {
                channel.attach();
                channel.follow(kept.outSize(), kept.errSize(), kept);
            }
        }
        return attach();
    }

    private static DurableLimits limits() {
        return new DurableLimits(Duration.ofMinutes(5), Duration.ofSeconds(1), 10_000_000, Duration.ofDays(7));
    }

    private static Payload payload(String script) {
        return new Payload(Map.of(), List.of(), "test.sh", List.of(), script.getBytes(StandardCharsets.UTF_8));
    }
}
