package io.linkops.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/ERRORS.md against the codes; -Ddocs.apply rewrites it. */
class ErrorDocsTest {
    @Test
    void everyCodeHasItsCauseAndItsRemedyAndNoOtherHas() throws Exception {
        assertThat(ErrorDocs.texts().stringPropertyNames())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ErrorCode.values())
                        .flatMap(code -> Stream.of(code + ".cause", code + ".remedy"))
                        .toList());
        assertThat(ErrorDocs.texts().values())
                .allSatisfy(
                        text -> assertThat((String) text).hasSizeGreaterThan(10).endsWith("."));
    }

    /** In a file of properties the last of two would win in silence. */
    @Test
    void noCodeIsExplainedTwice() throws Exception {
        List<String> keys = Files.readAllLines(Path.of("src/main/resources/error-codes.properties")).stream()
                .filter(line -> line.contains("="))
                .map(line -> line.substring(0, line.indexOf('=')))
                .toList();
        assertThat(keys).doesNotHaveDuplicates();
    }

    @Test
    void thePageSaysWhatTheCodeSays() throws Exception {
        var file = Path.of("docs/ERRORS.md");
        var expected = ErrorDocs.page();
        if (System.getProperty("docs.apply") != null) {
            Files.writeString(file, expected);
        }
        assertThat(file)
                .as("run: mvn test -Dtest=ErrorDocsTest -Ddocs.apply -Dfrontend.skip")
                .content()
                .isEqualTo(expected);
    }
}
