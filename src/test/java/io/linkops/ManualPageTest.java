package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.client.Seat;
import io.linkops.config.LoadOptions;
import io.linkops.vault.Masking;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The manual page and the shells' completion tell of every command and every option there is. */
class ManualPageTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();

    @Test
    void theManualHasEveryCommandAndEveryOption() {
        var linkops = linkops();
        assertThat(linkops.execute("man")).isZero();
        var text = out.toString().replace("\\-", "-");
        requireAll(linkops, text);
        assertThat(text)
                .contains(".TH LINKOPS 1", "LINKOPS_TOKEN", ".SH EXIT STATUS")
                .doesNotContain("%n", "${");
    }

    @Test
    void theManualIsRoffWithoutFault() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "no groff here");
        linkops().execute("man");
        var page = Files.writeString(directory.resolve("linkops.1"), out.toString());
        assertThat(run("groff", "-man", "-Tutf8", "-ww", "-P-c", page.toString()))
                .contains("A self-hosted control plane")
                .doesNotContain("warning:", "error:");
    }

    @Test
    void everyCommandHasHelpWithADescription() {
        requireHelp(linkops());
    }

    @Test
    void bashCompletesCommandsAndTheirOptions() throws Exception {
        assertThat(linkops().execute("completion", "bash")).isZero();
        var script = Files.writeString(directory.resolve("completion.bash"), out.toString());
        assertThat(complete(script, "linkops", "ru")).containsExactly("run");
        assertThat(complete(script, "linkops", "run", "--dry")).containsExactly("--dry-run");
        assertThat(complete(script, "linkops", "import", "ansi")).containsExactly("ansible");
    }

    @Test
    void zshGetsTheSameWithWhatItNeedsForIt() {
        assertThat(linkops().execute("completion", "zsh")).isZero();
        assertThat(out.toString()).startsWith("autoload -Uz +X compinit").contains("complete -F _complete_linkops");
        assertThat(linkops().execute("completion", "fish")).isEqualTo(2);
    }

    private static void requireAll(CommandLine command, String text) {
        for (var below : command.getSubcommands().values()) {
            var spec = below.getCommandSpec();
            assertThat(text).contains(".SS " + spec.qualifiedName() + "\n");
            spec.options().stream()
                    .filter(option -> !option.usageHelp())
                    .forEach(option -> assertThat(text).contains("\\fB" + String.join(", ", option.names())));
            requireAll(below, text);
        }
    }

    private static void requireHelp(CommandLine command) {
        for (var below : command.getSubcommands().values()) {
            var spec = below.getCommandSpec();
            assertThat(spec.usageMessage().description())
                    .as(spec.qualifiedName())
                    .isNotEmpty();
            spec.options()
                    .forEach(option -> assertThat(option.description())
                            .as(spec.qualifiedName() + " " + option.longestName())
                            .isNotEmpty());
            requireHelp(below);
        }
    }

    private static Iterable<String> complete(Path script, String... words) throws Exception {
        var line = String.join(" ", words);
        var told = run(
                "bash",
                "--norc",
                "-c",
                "source " + script + "; compopt() { :; }; COMP_LINE='" + line + "'; COMP_POINT=" + line.length()
                        + "; COMP_WORDS=(" + line
                        + "); COMP_CWORD=" + (words.length - 1)
                        + "; _complete_linkops; printf '%s\\n' \"${COMPREPLY[@]}\"");
        return told.lines().map(String::strip).filter(word -> !word.isEmpty()).toList();
    }

    private static String run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return told;
    }

    private CommandLine linkops() {
        return Main.commandLine(
                        new Surroundings(new LoadOptions(null, directory, Map.of(), Map.of()), new Masking()),
                        (settings, masking, role) -> 0,
                        (port, links, data, masking) -> 0,
                        new Seat(Map.of(), false, () -> null))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(new StringWriter(), true));
    }
}
