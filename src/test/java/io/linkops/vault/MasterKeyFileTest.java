package io.linkops.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterKeyFileTest {
    private static final Secret CONFIGURED = MasterKey.make().text();

    @TempDir
    private Path directory;

    private MasterKeyFile file() {
        return new MasterKeyFile(directory, null, null);
    }

    private Path key() {
        return directory.resolve("master.key");
    }

    @Test
    void isMadeOnFirstNeedForItsOwnerAloneAndStaysTheSame() throws Exception {
        var made = file().load(true);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key())))
                .isEqualTo("rw-------");
        assertThat(file().load(true).current().id()).isEqualTo(made.current().id());
        assertThat(file().load(false).current().id()).isEqualTo(made.current().id());
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(key());
        }
    }

    @Test
    void isNotMadeAnewWhereSomethingIsSealedAlready() {
        assertThatThrownBy(() -> file().load(false))
                .isInstanceOf(SealException.class)
                .hasMessageContaining(key().toString())
                .hasMessageContaining("backup");
        assertThat(key()).doesNotExist();
    }

    @Test
    void isRefusedIfOthersMayReadItOrItIsNoKeyWithoutBeingQuoted() throws Exception {
        file().load(true);
        Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> file().load(false)).hasMessageContaining("chmod 600 " + key());
        Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-------"));
        Files.writeString(key(), "correct horse battery staple");
        assertThatThrownBy(() -> file().load(false))
                .isInstanceOf(SealException.class)
                .hasMessageContaining(key().toString())
                .hasMessageContaining("32 bytes")
                .hasMessageNotContaining("horse")
                .hasNoCause();
    }

    @Test
    void theConfiguredKeyComesFirstAndTheFileIsStillLookedAt() throws Exception {
        var own = file().load(true).current();
        var ring = new MasterKeyFile(directory, CONFIGURED, null).load(false);
        assertThat(ring.current().id()).isEqualTo(MasterKey.of(CONFIGURED, "").id());
        assertThat(ring.others()).extracting(MasterKey::id).containsExactly(own.id());
        assertThatThrownBy(() -> new MasterKeyFile(directory, CONFIGURED, null).begin())
                .hasMessageContaining("security.previous_master_key");
    }

    @Test
    void wayBackFromTheConfigurationMakesAFile() throws Exception {
        var ring = new MasterKeyFile(directory, null, CONFIGURED).load(false);
        assertThat(ring.others())
                .extracting(MasterKey::id)
                .containsExactly(MasterKey.of(CONFIGURED, "").id());
        assertThat(file().load(false).current().id()).isEqualTo(ring.current().id());
    }

    @Test
    void whileItIsRotatedBothAreThereWhereverThatIsCutOff() throws Exception {
        var old = file().load(true).current();
        Files.writeString(directory.resolve("master.key.draft"), "half a k");
        var next = file().begin().current();
        assertThat(next.id()).isNotEqualTo(old.id());
        assertThat(file().begin().current().id()).isEqualTo(next.id());
        assertThat(file().load(false).others()).extracting(MasterKey::id).containsExactly(old.id());
        file().finish();
        file().finish();
        var after = file().load(false);
        assertThat(after.current().id()).isEqualTo(next.id());
        assertThat(after.others()).isEmpty();
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(key());
        }
    }
}
