package io.linkops.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.vault.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyTest {
    @TempDir
    Path directory;

    private Secret load(@Nullable String configured) throws Exception {
        return SigningKey.load(
                configured == null ? null : new Secret(configured), directory, new Randomness(new SecureRandom()));
    }

    private Path file() {
        return directory.resolve(SigningKey.FILE);
    }

    @Test
    void makesAKeyThatOnlyItsOwnerCanRead() throws Exception {
        var key = load(null);

        assertThat(key.reveal()).hasSize(43);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(load(null)).isEqualTo(key);
        assertThat(directory).isDirectoryNotContaining(path -> !path.equals(file()));
    }

    @Test
    void makesOneKeyHoweverManyStartAtOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            var starts = new ArrayList<Callable<Secret>>();
            for (int i = 0; i < 32; i++) {
                starts.add(() -> load(null));
            }
            var keys = new HashSet<Secret>();
            for (var start : threads.invokeAll(starts)) {
                keys.add(start.get());
            }
            assertThat(keys).hasSize(1);
        }
    }

    @Test
    void prefersTheConfiguredKey() throws Exception {
        assertThat(load(AccountsWorld.KEY).reveal()).isEqualTo(AccountsWorld.KEY);
        assertThat(file()).doesNotExist();
    }

    @Test
    void refusesAFileThatOthersCanRead() throws Exception {
        load(null);
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> load(null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mode rw-r--r--")
                .hasMessageContaining("chmod 600 " + file());
    }

    @Test
    void refusesASymbolicLink() throws Exception {
        var elsewhere = Files.writeString(directory.resolve("elsewhere"), AccountsWorld.KEY);
        Files.createSymbolicLink(file(), elsewhere);

        assertThatThrownBy(() -> load(null)).hasMessageContaining("not a regular file");
    }

    @Test
    void refusesAWeakKey() {
        assertThatThrownBy(() -> load("x".repeat(31))).hasMessageContaining("31 bytes");
        assertThatThrownBy(() -> load("changeme".repeat(8))).hasMessageContaining("too easy to guess");
    }
}
