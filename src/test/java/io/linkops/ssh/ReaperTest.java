package io.linkops.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reaper where the server is this very JVM, as it is with embedded servers. */
class ReaperTest {
    @TempDir
    private Path directory;

    @Test
    void sparesTheServerItsChildrenAndItsSession() throws Exception {
        var bystander = new ProcessBuilder("sleep", "100").start();
        try (var launcher = new LocalLauncher()) {
            launcher.clientId("/nowhere");
            var pid = directory.resolve("pid");
            byte[] script = ("trap '' TERM; env -i /usr/bin/setsid /usr/bin/sleep 1006 & echo $! >" + pid
                            + "; while :; do sleep 0.1; done")
                    .getBytes(StandardCharsets.UTF_8);
            var run = CompletableFuture.supplyAsync(() -> {
                try {
                    return launcher.run(new Payload(Map.of(), List.of(), "a.sh", List.of(), script));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            for (int i = 0; i < 1000 && (!Files.exists(pid) || Files.size(pid) == 0); i++) {
                Thread.sleep(10);
            }
            assertThat(reap(launcher.tag())).startsWith("linkops:" + launcher.tag() + " gone ");
            assertThat(run.get().exit().code()).isEqualTo(137);
            assertThat(runs(Files.readString(pid).strip())).isFalse();
            assertThat(bystander.isAlive()).isTrue();
        } finally {
            bystander.destroyForcibly();
        }
    }

    /** A process that has ended is still listed until its parent has taken notice. */
    private static boolean runs(String pid) throws Exception {
        var stat = Path.of("/proc", pid, "stat");
        return Files.exists(stat) && !Files.readString(stat).matches("(?s).*\\) [ZX] .*");
    }

    private static String reap(String tag) throws Exception {
        var process = new ProcessBuilder("sh", "-c", BashProgram.REAPER.commandLine(tag)).start();
        process.getOutputStream().write(BashProgram.REAPER.prologue(tag));
        process.getOutputStream().write("2\n".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(errors).isEmpty();
        return answer;
    }
}
