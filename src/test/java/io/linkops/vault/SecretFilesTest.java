package io.linkops.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFilesTest {
    @TempDir
    Path directory;

    private Path put(String name, String text, String mode) throws IOException {
        var file = Files.writeString(directory.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private SecretFiles files() {
        return new SecretFiles(directory, Map.of("LINKOPS_SECRET_A_B_C", "from the environment\n"));
    }

    @Test
    void readsAFileWithoutTheLineEndThatEditorsAdd() throws Exception {
        put("one", "  two words \n", "rw-------");
        put("two", "line one\nline two\r\n", "r--------");
        assertThat(files().read("one").reveal()).isEqualTo("  two words ");
        assertThat(files().read("two").reveal()).isEqualTo("line one\nline two");
    }

    @Test
    void looksIntoTheEnvironmentIfThereIsNoFile() throws Exception {
        assertThat(files().read("a.b-c").reveal()).isEqualTo("from the environment");
        put("a.b-c", "from the file", "rw-------");
        assertThat(files().read("a.b-c").reveal()).isEqualTo("from the file");
    }

    @Test
    void refusesWhatOthersCouldReadOrWrite() throws Exception {
        for (var mode : List.of("rw-r-----", "rw----r--", "rw--w----", "rwx------")) {
            put("open", "correct horse", mode);
            assertThatThrownBy(() -> files().read("open"))
                    .as(mode)
                    .isInstanceOf(SecretFileException.class)
                    .hasMessageContaining("chmod 600")
                    .hasMessageNotContaining("horse");
        }
    }

    @Test
    void neverLeavesItsDirectory() throws Exception {
        put("real", "correct horse", "rw-------");
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("real"));
        Files.createDirectory(directory.resolve("directory"));
        for (var name :
                List.of("link", "directory", "../" + directory.getFileName() + "/real", "/etc/shadow", ".hidden", "")) {
            assertThatThrownBy(() -> files().read(name)).as(name).isInstanceOf(SecretFileException.class);
        }
    }

    @Test
    void refusesWhatCannotBeMaskedOrIsNoText() throws Exception {
        put("short", "12345\n", "rw-------");
        put("nul", "correct\0horse", "rw-------");
        put("large", "x".repeat(20_000), "rw-------");
        Files.write(put("binary", "", "rw-------"), new byte[] {(byte) 0xff, (byte) 0xfe, 1, 2, 3, 4, 5, 6});
        for (var name : List.of("short", "nul", "large", "binary")) {
            assertThatThrownBy(() -> files().read(name))
                    .as(name)
                    .isInstanceOf(SecretFileException.class)
                    .hasMessageContaining(name);
        }
        assertThatThrownBy(() -> files().read("none")).hasMessageContaining("LINKOPS_SECRET_NONE");
    }
}
