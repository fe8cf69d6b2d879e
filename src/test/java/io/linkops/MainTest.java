package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.LoadOptions;
import io.linkops.config.Settings;
import io.linkops.vault.Masking;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> demos = new ArrayList<>();
    private DemoCommand.Launch demo = (port, links, data, masking) -> {
        demos.add(port + " " + links + " " + data);
        return 0;
    };

    @Test
    void printsItsVersion() {
        assertThat(run("version")).isZero();
        assertThat(out.toString()).matches("LinkOps \\d+\\.\\d+\\.\\d+\\S*( \\(\\w+\\))?, Java 2[5-9]\\S*\\R");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve",
                "demo",
                "version",
                "doctor",
                "import",
                "import csv",
                "audit",
                "audit verify",
                "audit export"
            })
    void everyCommandExplainsItself(String command) {
        assertThat(run((command + " --help").split(" ", -1))).isZero();
        assertThat(out.toString()).startsWith("Usage: linkops " + command).contains("-h, --help");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void misuseIsOneMessageAndExitCodeTwo() {
        assertThat(run("serve", "--rol")).isEqualTo(2);
        assertThat(err.toString()).contains("Unknown option: '--rol'").contains("Try 'linkops serve --help'.");
        assertThat(run()).isEqualTo(2);
        assertThat(run("sevre")).isEqualTo(2);
        assertThat(run("serve", "--role", "captain")).isEqualTo(2);
        assertThat(run("demo", "--links", "0")).isEqualTo(2);
        assertThat(run("demo", "--port", "70000")).isEqualTo(2);
        assertThat(err.toString())
                .contains("--port is 70000, expected 0 to 65535.")
                .doesNotContain("\tat ");
    }

    @Test
    void anImportPrintsLinksYamlAndWarnsOnStandardError() throws Exception {
        var file = Files.writeString(directory.resolve("config"), "Host web\n  HostName 10.0.0.1\nMatch all\n");
        assertThat(run("import", "ssh-config", "--user", "ops", file.toString()))
                .isZero();
        assertThat(out.toString())
                .startsWith("links:\n  web:\n    type: VM\n    host: 10.0.0.1\n")
                .contains("user: ops");
        assertThat(err.toString()).contains("warning: Match all");
        assertThat(run("import", "ssh-config", directory.resolve("none").toString()))
                .isEqualTo(1);
        assertThat(run("import", "csv", file.toString())).isEqualTo(1);
        assertThat(err.toString())
                .contains("The first line must name the columns")
                .doesNotContain("\tat ");
        assertThat(run("import")).isEqualTo(2);
        assertThat(run("import", "csv")).isEqualTo(2);
        assertThat(run("import", "toml", file.toString())).isEqualTo(2);
    }

    @Test
    void theDemoGetsItsOptions() {
        assertThat(run("demo")).isZero();
        assertThat(run("demo", "--port", "0", "--links=50", "--data", "/tmp/x")).isZero();
        assertThat(demos).containsExactly("8080 40 null", "0 50 /tmp/x");
    }

    @Test
    void aBadConfigurationIsListedWholeAndFails() throws Exception {
        var file = Files.writeString(directory.resolve("bad.yaml"), "api: {prot: 1, port: x}\ngit: {branch: a..b}\n");
        assertThat(run("serve", "--config", file.toString())).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("linkops: The configuration has 3 problems:")
                .contains("api.prot is not a key", "api.port is 'x'", "git.branch is 'a..b'")
                .doesNotContain("\tat ");
    }

    @Test
    void aFailureIsOneMessageWithoutItsStack() {
        demo = (port, links, data, masking) -> {
            throw new Failure(ErrorCode.STORAGE_FULL, "The disk is full: https://me:hunter22@git.example/x");
        };
        assertThat(run("demo")).isEqualTo(1);
        assertThat(err.toString()).isEqualToIgnoringNewLines("linkops: The disk is full: https://***@git.example/x");
    }

    private int run(String... arguments) {
        var defaults = new LoadOptions(null, directory, Map.of(), Map.of());
        ServeCommand.Launch serve = (Settings settings, Masking masking, ServerRole role) -> 0;
        return Main.commandLine(
                        new Surroundings(defaults, new Masking()),
                        serve,
                        (port, links, data, masking) -> demo.run(port, links, data, masking))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
