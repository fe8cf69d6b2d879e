package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Holds every source file against the one formatter (palantir-java-format).
 *
 * <p>It runs here and not as a Maven plugin because the formatter reads Java with the compiler of the JVM it runs in,
 * and Maven itself may run on a JDK that does not know the language we write. {@code mvn test -Dtest=FormatTest
 * -Dformat.apply} rewrites the files.
 */
class FormatTest {
    private static final boolean APPLY = System.getProperty("format.apply") != null;

    @Test
    void everySourceFileIsFormatted() throws Exception {
        var formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .formatJavadoc(true)
                .build());
        List<Path> unformatted = new ArrayList<>();
        for (Path file : sources()) {
            String source = Files.readString(file);
            String formatted = formatter.formatSourceAndFixImports(source);
            if (!formatted.equals(source)) {
                unformatted.add(file);
                if (APPLY) {
                    Files.writeString(file, formatted);
                }
            }
        }
        if (!APPLY) {
            assertThat(unformatted)
                    .as("run: mvn test -Dtest=FormatTest -Dformat.apply -Dfrontend.skip")
                    .isEmpty();
        }
    }

    private static List<Path> sources() throws Exception {
        try (var files = Files.walk(Path.of("src"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("node_modules"))
                    .sorted()
                    .toList();
        }
    }
}
