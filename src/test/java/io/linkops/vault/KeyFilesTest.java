package io.linkops.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFilesTest {
    @TempDir
    private Path outside;

    private Path keys = Path.of("");

    @BeforeEach
    void makeKeysDirectory() throws Exception {
        keys = Files.createDirectory(outside.resolve("keys"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", ".hidden", "../keys/id", "a/b", "/etc/shadow", "a\\b", "a\nb", "a\0b"})
    void refusesANameThatIsNotAFileName(String name) {
        assertThatThrownBy(() -> new KeyFiles(keys).read(name))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("is not the name of a key");
    }

    @Test
    void refusesALinkThatLeavesTheDirectory() throws Exception {
        Path secret = key(outside.resolve("secret"));
        Files.createSymbolicLink(keys.resolve("id"), secret);
        assertThatThrownBy(() -> new KeyFiles(keys).read("id"))
                .isInstanceOf(KeyFileException.class)
                .hasMessageContaining("outside of the keys directory");
    }

    @Test
    void followsALinkWithinTheDirectory() throws Exception {
        key(keys.resolve("id_2026"));
        Files.createSymbolicLink(keys.resolve("id"), Path.of("id_2026"));
        assertThat(new KeyFiles(keys).read("id").reveal()).isEqualTo("KEY");
    }

    @Test
    void refusesWhatIsNotThereAndWhatIsNotAFile() throws Exception {
        Files.createDirectory(keys.resolve("folder"));
        assertThatThrownBy(() -> new KeyFiles(keys).read("folder")).hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> new KeyFiles(keys).read("absent")).hasMessageContaining("does not exist");
    }

    @Test
    void refusesAFileTooLargeForAKey() throws Exception {
        Path file = key(keys.resolve("id"));
        Files.write(file, new byte[65 * 1024]);
        assertThatThrownBy(() -> new KeyFiles(keys).read("id")).hasMessageContaining("larger than");
    }

    @Test
    void takesTheOnlyKeyWhenNoneIsNamed() throws Exception {
        key(keys.resolve("id_ed25519"));
        Files.writeString(keys.resolve("id_ed25519.pub"), "public");
        assertThat(new KeyFiles(keys).read(null).reveal()).isEqualTo("KEY");
    }

    @Test
    void refusesToChooseBetweenTwoKeys() throws Exception {
        key(keys.resolve("one"));
        key(keys.resolve("two"));
        assertThatThrownBy(() -> new KeyFiles(keys).read(null)).hasMessageContaining("[one, two]");
    }

    @Test
    void neverPrintsTheKey() throws Exception {
        key(keys.resolve("id"));
        assertThat(new KeyFiles(keys).read("id")).hasToString("***");
    }

    private static Path key(Path file) throws Exception {
        Files.writeString(file, "KEY");
        Files.setAttribute(file, "unix:mode", 0600);
        return file;
    }
}
