package io.linkops.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.DatabaseConfig;
import io.linkops.store.Database;
import io.linkops.vault.MasterKeyFile;
import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The master key is rotated, and whenever that is cut off, nothing is lost. */
class RotationIT {
    private static final Secret VALUE = new Secret("correct horse battery staple");

    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private @Nullable Database database;

    @BeforeEach
    void begin() throws Exception {
        await(new SecretBook(open(), keys(), InstantSource.system()).put("fleet", VALUE, "alice"));
    }

    @AfterEach
    void end() throws Exception {
        close();
        await(vertx.close());
    }

    private Database open() throws Exception {
        if (database == null) {
            database = await(Database.open(
                    vertx, new DatabaseConfig(directory.resolve("linkops.db"), 1, Duration.ofSeconds(5), 10_000)));
        }
        return database;
    }

    private void close() throws Exception {
        if (database != null) {
            await(database.close());
            database = null;
        }
    }

    private DataKeys keys() throws Exception {
        return keys(null, null);
    }

    private DataKeys keys(@Nullable Secret configured, @Nullable Secret previous) throws Exception {
        return await(DataKeys.open(
                vertx, open(), new MasterKeyFile(directory, configured, previous), InstantSource.system()));
    }

    private String value(DataKeys keys) throws Exception {
        return await(new SecretStore(open(), keys.of(DataKeys.VAULT)).value("fleet"))
                .orElseThrow()
                .reveal();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private Set<String> masterKeysInUse() throws Exception {
        var ids = new HashSet<String>();
        await(open().read("SELECT master_key FROM data_keys")).forEach(row -> ids.add(row.getString(0)));
        return ids;
    }

    @Test
    void afterARotationTheOldKeyOpensNothingAndTheNewOneAll() throws Exception {
        var keys = keys();
        var before = keys.masterKey();
        Files.copy(file("master.key"), file("kept"));
        assertThat(await(keys.rotate())).isEqualTo(3);
        assertThat(keys.masterKey()).isNotEqualTo(before);
        assertThat(masterKeysInUse()).containsExactly(keys.masterKey());
        assertThat(value(keys)).isEqualTo(VALUE.reveal());
        assertThat(value(keys())).isEqualTo(VALUE.reveal());
        Files.move(file("kept"), file("master.key"), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(this::keys)
                .isInstanceOf(Failure.class)
                .hasMessageContaining(keys.masterKey())
                .hasMessageContaining(before);
    }

    @Test
    void aRotationThatIsCutOffIsFinishedByTheNextStart() throws Exception {
        // Before anything was wrapped anew.
        var old = keys().masterKey();
        var next = new MasterKeyFile(directory, null, null).begin().current().id();
        assertThat(masterKeysInUse()).containsExactly(old);
        assertThat(value(keys())).isEqualTo(VALUE.reveal());
        assertThat(masterKeysInUse()).containsExactly(next);
        assertThat(file("master.key.next")).doesNotExist();

        // After everything was wrapped anew.
        Files.copy(file("master.key"), file("kept"));
        var keys = keys();
        await(keys.rotate());
        Files.move(file("master.key"), file("master.key.next"));
        Files.move(file("kept"), file("master.key"));
        assertThat(value(keys())).isEqualTo(VALUE.reveal());
        assertThat(keys().masterKey()).isEqualTo(keys.masterKey());
        assertThat(file("master.key.next")).doesNotExist();

        // The new key alone is enough then, and the old one alone before.
        Files.move(file("master.key"), file("master.key.next"));
        assertThat(value(keys())).isEqualTo(VALUE.reveal());
        new MasterKeyFile(directory, null, null).begin();
        Files.delete(file("master.key.next"));
        assertThat(value(keys())).isEqualTo(VALUE.reveal());
    }

    @Test
    void killedAtAnyMomentNothingIsLost() throws Exception {
        var random = new Random(17);
        var seen = new HashSet<String>();
        for (int round = 0; round < 4; round++) {
            close();
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-cp",
                            System.getProperty("java.class.path"),
                            RotatingForever.class.getName(),
                            directory.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (var out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                int rotations = 1 + random.nextInt(20);
                for (int i = 0; i < rotations; i++) {
                    seen.add(out.readLine());
                }
                for (long spin = System.nanoTime() + random.nextInt(10_000_000); System.nanoTime() < spin; ) {
                    Thread.onSpinWait();
                }
                process.destroyForcibly().waitFor();
            }
            var keys = keys();
            assertThat(value(keys)).as("round " + round).isEqualTo(VALUE.reveal());
            assertThat(masterKeysInUse()).containsExactly(keys.masterKey());
            assertThat(file("master.key.next")).doesNotExist();
        }
        assertThat(seen).hasSizeGreaterThan(4).doesNotContainNull();
    }

    @Test
    void aKeyOfTheConfigurationIsRotatedByTheConfiguration() throws Exception {
        var first = new Secret("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
        var second = new Secret("ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=");
        assertThat(value(keys(first, null))).isEqualTo(VALUE.reveal());
        Files.delete(file("master.key"));
        assertThat(value(keys(first, null))).isEqualTo(VALUE.reveal());
        assertThatThrownBy(() -> await(keys(first, null).rotate())).hasMessageContaining("previous_master_key");
        assertThatThrownBy(() -> keys(second, null)).isInstanceOf(Failure.class);
        assertThat(value(keys(second, first))).isEqualTo(VALUE.reveal());
        assertThat(value(keys(second, null))).isEqualTo(VALUE.reveal());
        assertThat(value(keys(null, second))).isEqualTo(VALUE.reveal());
        assertThat(value(keys())).isEqualTo(VALUE.reveal());
    }

    @Test
    void rowsCannotBeSwapped() throws Exception {
        var book = new SecretBook(open(), keys(), InstantSource.system());
        await(book.put("other", new Secret("another value"), "bob"));
        await(open().write(io.linkops.store.Statement.of(
                "UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE name = 'fleet') WHERE name = 'other'")));
        var reader = new io.linkops.vault.Parcel.Recipient();
        assertThatThrownBy(() -> await(book.lend("other", io.linkops.bus.Bytes.of(reader.address()), "x")))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT);
                    assertThat(failure.text()).contains("secret/other").doesNotContain("horse");
                });
    }
}
