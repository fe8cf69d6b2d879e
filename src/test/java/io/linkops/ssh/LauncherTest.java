package io.linkops.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.ssh.ClientIdReading.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher in a local bash. */
class LauncherTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"sh", "dash", "bash"})
    void worksFromAnyLogInShell(String shell) throws Exception {
        try (var launcher = new LocalLauncher(shell)) {
            launcher.clientId("/nowhere");
            assertThat(launcher.run(payload("echo here")).stdout()).asString().isEqualTo("here\n");
        }
    }

    @Test
    void keepsTheTwoStreamsApartAndReportsTheExit() throws Exception {
        var result = run("echo out; echo err >&2; exit 7");
        assertThat(result.stdout()).asString().isEqualTo("out\n");
        assertThat(result.stderr()).asString().isEqualTo("err\n");
        assertThat(result.exit().code()).isEqualTo(7);
        assertThat(result.head()).matches("started [0-9]+");
    }

    @ParameterizedTest
    @CsvSource({"TERM,143", "KILL,137", "INT,130", "SEGV,139", "PIPE,141", "HUP,129"})
    void diesOfTheSignalThatEndedTheScript(String signal, int code) throws Exception {
        var result = run("kill -" + signal + " $$; sleep 5");
        assertThat(result.exit().code()).isEqualTo(code);
        assertThat(result.stderr()).isEmpty();
    }

    @Test
    void givesTheScriptCleanSurroundings() throws Exception {
        var result =
                run("ls /proc/self/fd; readlink /proc/self/fd/0; umask; echo \"${LC_ALL-none}\"; echo \"$0\" \"$#\";"
                        + " echo \"$LINKOPS_EXECUTION\"; ps -o sid= -p $$ | tr -d ' '; echo $$; trap; shopt -o noglob");
        String[] lines = new String(result.stdout(), StandardCharsets.UTF_8).split("\n", -1);
        assertThat(lines).startsWith("0", "1", "2", "3", "/dev/null"); // 3 is the directory that ls reads
        assertThat(lines[5]).isEqualTo("0022");
        assertThat(lines[6]).isEqualTo(System.getenv().getOrDefault("LC_ALL", "none"));
        assertThat(lines[7]).endsWith("/test.sh 0");
        assertThat(lines[8]).hasSize(36);
        assertThat(lines[9]).isEqualTo(lines[10]);
        assertThat(lines[11]).startsWith("noglob").endsWith("off");
    }

    @Test
    void letsTheScriptHandleInterrupts() throws Exception {
        assertThat(run("trap 'echo caught; exit 3' INT; kill -INT $$; sleep 5").stdout())
                .asString()
                .isEqualTo("caught\n");
    }

    @Test
    void passesOptionsOfTheShebang() throws Exception {
        try (var launcher = new LocalLauncher()) {
            launcher.clientId("/nowhere");
            var result = launcher.run(new Payload(
                    Map.of(), List.of("-eu"), "test.sh", List.of(), "false\necho no".getBytes(StandardCharsets.UTF_8)));
            assertThat(result.stdout()).isEmpty();
            assertThat(result.exit().code()).isEqualTo(1);
        }
    }

    @Test
    void leavesNothingBehind() throws Exception {
        var result = run("dirname \"$0\"; stat -c %a \"$(dirname \"$0\")\" \"$0\"");
        String[] lines = new String(result.stdout(), StandardCharsets.UTF_8).split("\n", -1);
        assertThat(lines).containsSequence("700", "600");
        assertThat(Path.of(lines[0])).doesNotExist();
    }

    @Test
    void survivesAScriptThatRemovesItself() throws Exception {
        assertThat(run("rm -rf \"$(dirname \"$0\")\"; echo still").exit().code())
                .isZero();
    }

    @Test
    void refusesADamagedScript() throws Exception {
        byte[] whole = LauncherCodec.goAhead(payload("touch " + directory.resolve("proof")));
        whole[whole.length - 1] ^= 1;
        try (var launcher = new LocalLauncher()) {
            launcher.clientId("/nowhere");
            assertThat(launcher.run(whole).head()).isEqualTo("refused the script arrived damaged or cut");
        }
        assertThat(directory.resolve("proof")).doesNotExist();
    }

    @Test
    void refusesADirectoryThatIsThereAlready() throws Exception {
        try (var launcher = new LocalLauncher()) {
            var squatted = Files.createDirectory(Path.of("/tmp/linkops-" + launcher.tag()));
            try {
                launcher.clientId("/nowhere");
                assertThat(launcher.run(payload("echo no")).head())
                        .startsWith("refused cannot make the private directory");
                assertThat(squatted).exists();
            } finally {
                Files.delete(squatted);
            }
        }
    }

    @Test
    void runsNothingWhenTheOtherSideGoesAway() throws Exception {
        try (var launcher = new LocalLauncher()) {
            launcher.clientId("/nowhere");
            var result = launcher.run(new byte[0]);
            assertThat(result.exit().code()).isZero();
            assertThat(result.head()).isEmpty();
        }
    }

    @Test
    void readsAClientIdWithItsWhiteSpace() throws Exception {
        Files.writeString(directory.resolve("id"), "LINKOPS-1 \n\n");
        assertThat(read("id")).isEqualTo(new ClientIdReading(Status.OK, "LINKOPS-1 \n\n", ""));
        Files.writeString(directory.resolve("empty"), "");
        assertThat(read("empty")).isEqualTo(new ClientIdReading(Status.OK, "", ""));
    }

    @Test
    void tellsWhatIsMissing() throws Exception {
        assertThat(status("absent")).isEqualTo(Status.MISSING);
        assertThat(status("absent/too")).isEqualTo(Status.MISSING);
        Files.writeString(directory.resolve("file"), "x");
        assertThat(status("file/below")).isEqualTo(Status.MISSING);
    }

    @Test
    void neverOpensWhatIsNoRegularFile() throws Exception {
        new ProcessBuilder("mkfifo", directory.resolve("fifo").toString())
                .start()
                .waitFor();
        Files.createDirectory(directory.resolve("folder"));
        Files.createSymbolicLink(directory.resolve("dangling"), Path.of("nowhere"));
        assertThat(status("fifo")).isEqualTo(Status.IRREGULAR);
        assertThat(status("folder")).isEqualTo(Status.IRREGULAR);
        assertThat(status("dangling")).isEqualTo(Status.IRREGULAR);
        try (var launcher = new LocalLauncher()) {
            assertThat(launcher.clientId("/dev/zero"))
                    .extracting(ClientIdReading::status)
                    .isEqualTo(Status.IRREGULAR);
        }
    }

    @Test
    void refusesWhatIsTooLargeOrNoText() throws Exception {
        Files.writeString(directory.resolve("exact"), "x".repeat(256));
        Files.writeString(directory.resolve("large"), "x".repeat(257));
        Files.write(directory.resolve("huge"), new byte[1 << 20]);
        Files.write(directory.resolve("nul"), new byte[] {'a', 0});
        Files.write(directory.resolve("latin"), new byte[] {'a', (byte) 0xe4});
        assertThat(status("exact")).isEqualTo(Status.OK);
        assertThat(status("large")).isEqualTo(Status.TOO_LARGE);
        assertThat(status("huge")).isEqualTo(Status.IRREGULAR);
        assertThat(status("nul")).isEqualTo(Status.IRREGULAR);
        assertThat(status("latin")).isEqualTo(Status.IRREGULAR);
    }

    @Test
    void tellsWhatMayNotBeRead() throws Exception {
        Files.setAttribute(directory, "unix:mode", 0755);
        var file = Files.writeString(directory.resolve("secret"), "x");
        Files.setAttribute(file, "unix:mode", 0);
        var closed = Files.createDirectory(directory.resolve("closed"));
        Files.writeString(closed.resolve("id"), "x");
        Files.setAttribute(closed, "unix:mode", 0);
        for (Path path : List.of(file, closed.resolve("id"))) {
            try (var launcher = new LocalLauncher(shellWithoutPrivileges())) {
                assertThat(launcher.clientId(path.toString()))
                        .extracting(ClientIdReading::status)
                        .isEqualTo(Status.DENIED);
            }
        }
        Files.setAttribute(closed, "unix:mode", 0700);
    }

    private static String[] shellWithoutPrivileges() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return new String[] {"sh"};
        }
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "root may read everything");
        return new String[] {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh"};
    }

    @Test
    void refusesNulsBeforeAnythingIsSent() {
        assertThatThrownBy(() -> payload("echo a\0b")).hasMessageContaining("position 6");
        assertThatThrownBy(() -> new Payload(Map.of("A", "\0"), List.of(), "a", List.of(), new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Payload(Map.of(), List.of(), "a", List.of("x", "\0"), new byte[0]))
                .hasMessageContaining("argument 2");
        assertThatThrownBy(() -> new Payload(Map.of("A=B", ""), List.of(), "a", List.of(), new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Payload(Map.of(), List.of(), "../a", List.of(), new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static LocalLauncher.Result run(String script) throws Exception {
        try (var launcher = new LocalLauncher()) {
            launcher.clientId("/nowhere");
            return launcher.run(payload(script));
        }
    }

    private @Nullable ClientIdReading read(String name) throws Exception {
        try (var launcher = new LocalLauncher()) {
            return launcher.clientId(directory.resolve(name).toString());
        }
    }

    private Status status(String name) throws Exception {
        var reading = read(name);
        if (reading == null) {
            throw new AssertionError("no answer for " + name);
        }
        return reading.status();
    }

    private static Payload payload(String script) {
        return new Payload(Map.of(), List.of(), "test.sh", List.of(), script.getBytes(StandardCharsets.UTF_8));
    }
}
