package io.linkops.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HarmlessShellTest {
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    @Test
    void rootsDemoRunsNothingAsRoot() {
        assertThat(HarmlessShell.of(true, Optional.of(SETPRIV)).words("id"))
                .containsExactly(
                        SETPRIV.toString(),
                        "--no-new-privs",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        "--",
                        "bash",
                        "-c",
                        "id");
        assertThatThrownBy(() -> HarmlessShell.of(true, Optional.empty())).hasMessageContaining("not as root");
    }

    @Test
    void anotherUsersDemoGainsNoPrivileges() {
        assertThat(HarmlessShell.of(false, Optional.of(SETPRIV)).words("id"))
                .containsExactly(SETPRIV.toString(), "--no-new-privs", "--", "bash", "-c", "id");
        assertThat(HarmlessShell.of(false, Optional.empty()).words("id")).containsExactly("bash", "-c", "id");
    }

    @Test
    void itsBashCannotChangeThisMachine() throws Exception {
        var shell = new ProcessBuilder(HarmlessShell.here()
                        .words("id -u; grep NoNewPrivs /proc/self/status; test -w /etc && echo may"))
                .redirectErrorStream(true)
                .start();
        var said = new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(said).doesNotStartWith("0\n").doesNotContain("may");
        assertThat(said).containsPattern("NoNewPrivs:\\s+1");
    }
}
