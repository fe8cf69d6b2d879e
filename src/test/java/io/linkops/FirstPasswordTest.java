package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.vault.Masking;
import io.linkops.vault.Secret;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstPasswordTest {
    private static final Secret MADE = new Secret("made-for-the-first");

    @TempDir
    private Path directory;

    @Test
    void isShownOnATerminal() throws Exception {
        assertThat(printed(Map.of())).contains("made-for-the-first");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void staysOutOfTheJournal() throws Exception {
        Files.writeString(directory.resolve("first-password"), "an older one");
        var said = printed(Map.of("JOURNAL_STREAM", "8:12345"));
        var file = directory.resolve("first-password");
        assertThat(said).doesNotContain("made-for-the-first").contains(file.toString());
        assertThat(file).hasContent("made-for-the-first\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    private String printed(Map<String, String> environment) {
        var bytes = new ByteArrayOutputStream();
        var out = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            FirstPassword.show(MADE, new Masking(), directory.resolve("linkops.db"), environment);
        } finally {
            System.setOut(out);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
