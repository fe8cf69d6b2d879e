package io.linkops.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BashProgramTest {
    @ParameterizedTest
    @EnumSource
    void showsNothingButTheTagInTheProcessList(BashProgram program) {
        String first = program.commandLine("11111111-aaaa");
        String second = program.commandLine("22222222-bbbb");
        assertThat(first.replace("11111111-aaaa", "")).isEqualTo(second.replace("22222222-bbbb", ""));
        assertThat(first).hasSizeLessThan(400);
    }

    @ParameterizedTest
    @EnumSource
    void sendsALineThatEveryLogInShellReadsAlike(BashProgram program) {
        String line = program.commandLine("11111111");
        assertThat(line).doesNotContain("\n").doesNotContain("\\").doesNotContain("!");
        assertThat(line.chars().filter(c -> c == '\'').count()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void sendsPlainAsciiWithoutComments(BashProgram program) {
        String sent = new String(program.prologue("11111111"), StandardCharsets.UTF_8);
        assertThat(sent).isASCII();
        assertThat(sent.lines()).noneMatch(line -> line.startsWith("#"));
        int end = sent.indexOf('\n');
        assertThat(sent.substring(0, end).split(" ", -1)[1]).isEqualTo(String.valueOf(sent.length() - end - 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "with space1", "semi;colon1", "ünicode-1", "$(id)-aaaaa", "a\nbbbbbbbbb"})
    void refusesATagThatIsNone(String tag) {
        assertThatThrownBy(() -> BashProgram.LAUNCHER.commandLine(tag)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"common.bash", "launcher.bash", "durable.bash", "keeper.bash", "reaper.bash"})
    void isCleanForShellcheck(String resource) throws Exception {
        if (!"true".equals(System.getenv("CI"))) {
            Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/shellcheck")), "no shellcheck here");
        }
        var process = new ProcessBuilder("shellcheck", "src/main/resources/io/linkops/ssh/" + resource)
                .redirectErrorStream(true)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
    }
}
