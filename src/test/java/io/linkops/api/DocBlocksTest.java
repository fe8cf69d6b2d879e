package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.api.DocBlocks.Block;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No command, request or configuration stands in README.md or docs/*.md that no test runs (see {@link DocBlocks}). */
class DocBlocksTest {
    private static final Set<String> SHELL = Set.of("bash", "sh");
    private static final Set<String> LANGUAGES = Set.of("bash", "sh", "yaml", "json", "ini", "python");
    private static final Pattern TRIED = Pattern.compile(" by ([A-Za-z]+(?:IT|Test))");
    private static final Pattern COMMAND =
            Pattern.compile("(?m)^\\s*(?:[$#] )?(?:[A-Z_]+=|(?:age|apt|apt-get|bash|cat|cd"
                + "|cp|curl|docker|echo|export|find|git|grep|install|java|journalctl|kill|linkops|mkdir|mvn|node|npm|printf"
                + "|python3?|rm|runuser|sh|ssh|sudo|systemctl|systemd-\\S+)\\s)");
    private static final Map<String, Set<String>> CHECKS = Map.of(
            "config", Set.of("yaml", "ini"),
            "yaml", Set.of("yaml"),
            "json", Set.of("json"));

    private static Stream<Block> blocks() throws IOException {
        return DocBlocks.documents().stream().flatMap(file -> DocBlocks.of(file).stream());
    }

    @Test
    void everyBlockHasALanguageThatSaysHowItIsTried() throws Exception {
        assertThat(blocks().filter(block -> !block.language().isEmpty()))
                .isNotEmpty()
                .allSatisfy(block ->
                        assertThat(block.language()).as(block.toString()).isIn(LANGUAGES));
    }

    @Test
    void everyBlockIsMarkedWithTheTestThatTriesIt() throws Exception {
        assertThat(blocks().filter(block -> !block.language().isEmpty()))
                .allSatisfy(
                        block -> assertThat(problem(block)).as(block.toString()).isEmpty());
    }

    @Test
    void whatHasNoLanguageIsNoCommand() throws Exception {
        assertThat(blocks().filter(block -> block.language().isEmpty()))
                .allSatisfy(
                        block -> assertThat(block.text()).as(block.toString()).doesNotContainPattern(COMMAND));
    }

    @Test
    void commandsAreTakenForCommands() {
        for (var line : List.of("linkops audit verify", "$ curl -i http://x", "  mvn verify", "TOKEN=$(cat x)")) {
            assertThat(line).containsPattern(COMMAND);
        }
        assertThat("   store    logging    the database's two doors").doesNotContainPattern(COMMAND);
    }

    private static String problem(Block block) {
        return switch (block.act()) {
            case "run" -> SHELL.contains(block.language()) ? "" : "only a shell's commands are run";
            case "check" -> checked(block);
            case "tried" -> tried(block);
            case "build" ->
                block.text().lines().allMatch(line -> line.startsWith("mvn "))
                        ? ""
                        : "only mvn's commands are the build's";
            default -> "it has no mark on the line before it";
        };
    }

    private static String checked(Block block) {
        var kind = block.what().strip().split(" ", -1)[0];
        return CHECKS.getOrDefault(kind, Set.of()).contains(block.language())
                ? ""
                : "check config, yaml or json, of a block in that language";
    }

    private static String tried(Block block) {
        var by = TRIED.matcher(block.what());
        if (!by.matches()) {
            return "tried by which test class?";
        }
        return source(by.group(1)).contains(block.file().getFileName().toString())
                ? ""
                : "the tree has no " + by.group(1) + " that reads " + block.file();
    }

    private static String source(String test) {
        try (var files = Files.walk(Path.of("src/test/java"))) {
            for (var file : files.filter(each -> each.endsWith(test + ".java")).toList()) {
                return Files.readString(file);
            }
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
