package io.linkops.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.Settings;
import io.linkops.store.Database;
import io.linkops.store.DatabaseCopy;
import io.linkops.store.DatabaseHold;
import io.linkops.store.Statement;
import io.linkops.world.LinkOpsProcess;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups that are cut off, damaged or in the way, and processes that are killed while they write one. */
class BackupTest {
    private static final String INSERT =
            "INSERT INTO journal (stream, seq, at, type, size, data, is_last) VALUES (?, ?, 0, 't', 0, ?, 0)";

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void fill() throws Exception {
        file = directory.resolve("backup.zip");
        Files.createDirectories(directory.resolve("here/keys"));
        Files.createDirectories(directory.resolve("here/recordings"));
        secret("here/keys/id_ed25519", "the key");
        secret("here/jwt.secret", "signs tokens");
        secret("here/recordings/one.cast", "{}\n");
        Files.writeString(directory.resolve("here/readable.txt"), "no key");
        rows(50, 100);
    }

    private void secret(String name, String text) throws IOException {
        var path = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    private void rows(int count, int size) throws Exception {
        var vertx = Vertx.vertx();
        try {
            var database = Database.open(vertx, settings("here").database()).await(60, TimeUnit.SECONDS);
            var random = new Random(7);
            for (int i = 1; i <= count; i++) {
                var text = new StringBuilder();
                while (text.length() < size) {
                    text.append(Long.toString(random.nextLong(), 36));
                }
                database.write(Statement.of(INSERT, "s", (long) i, text.toString()))
                        .await(60, TimeUnit.SECONDS);
            }
            database.close().await(60, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(60, TimeUnit.SECONDS);
        }
    }

    private Settings settings(String place) {
        return Settings.of(overrides(place));
    }

    private JsonObject overrides(String place) {
        var at = directory.resolve(place);
        return new JsonObject()
                .put(
                        "database",
                        new JsonObject().put("path", at.resolve("linkops.db").toString()))
                .put(
                        "ssh",
                        new JsonObject()
                                .put("keys_directory", at.resolve("keys").toString()))
                .put(
                        "security",
                        new JsonObject()
                                .put("secrets_directory", at.resolve("secrets").toString()))
                .put(
                        "terminal",
                        new JsonObject()
                                .put(
                                        "recordings_directory",
                                        at.resolve("recordings").toString()));
    }

    private Manifest write(boolean withKeys) {
        return new BackupWriting(settings("here"), null, withKeys, Instant::now).write(file, true);
    }

    private List<String> restore(String place, boolean replaces) {
        try (var backup = BackupFile.open(file)) {
            return new Restoring(backup, settings(place), replaces, Instant::now).restore();
        }
    }

    private Map<String, String> tree(String place) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        var at = directory.resolve(place);
        if (Files.exists(at)) {
            for (var each : Disk.filesBelow(at)) {
                tree.put(
                        at.relativize(each).toString(),
                        java.util.HexFormat.of().formatHex(Pack.sha256().digest(Files.readAllBytes(each))));
            }
        }
        return tree;
    }

    private long count(String database) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(database));
                var rows = connection.createStatement().executeQuery("SELECT COUNT(*) FROM journal")) {
            return rows.getLong(1);
        }
    }

    @Test
    void keysAreInItOnlyIfAskedFor() throws Exception {
        assertThat(write(false).parts().stream().map(Manifest.Part::name))
                .containsExactly("database/linkops.db", "recordings/one.cast");
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                .doesNotContain("jwt.secret", "id_ed25519");
        assertThat(write(true).parts().stream().map(Manifest.Part::name))
                .containsExactly(
                        "database/linkops.db",
                        "keys/generated/jwt.secret",
                        "keys/ssh/id_ed25519",
                        "recordings/one.cast");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        restore("there", false);
        assertThat(Files.readString(directory.resolve("there/keys/id_ed25519"))).isEqualTo("the key");
        assertThat(Files.readString(directory.resolve("there/jwt.secret"))).isEqualTo("signs tokens");
        assertThat(count("there/linkops.db")).isEqualTo(50);
        for (var each : Disk.filesBelow(directory.resolve("there"))) {
            if (!each.toString().endsWith(".lock")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .as(each.toString())
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void aFileThatIsThereIsNotReplacedUnasked() {
        write(false);
        assertThatThrownBy(() -> new BackupWriting(settings("here"), null, false, Instant::now).write(file, false))
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    }

    /** Whatever byte is missing or another: it is noticed before anything is touched. */
    @Test
    void aCutOffOrTamperedFileIsRefusedAndChangesNothing() throws Exception {
        write(true);
        var whole = Files.readAllBytes(file);
        var random = new Random(20261121);
        for (int i = 0; i < 120; i++) {
            var bytes = whole.clone();
            if (i % 2 == 0) {
                bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
            } else {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, bytes);
            try {
                restore("there", false);
                // Some bytes of a zip mean nothing (times, versions): then all of it is what it was.
                assertThat(i % 2).as("cut off at %s", bytes.length).isOne();
                assertThat(count("there/linkops.db")).isEqualTo(50);
                assertThat(Files.readString(directory.resolve("there/keys/id_ed25519")))
                        .isEqualTo("the key");
                Disk.delete(directory.resolve("there"));
            } catch (Failure refused) {
                assertThat(refused.text()).startsWith("The backup cannot be used");
                assertThat(tree("there")).isEmpty();
            }
        }
    }

    @Test
    void anotherContentUnderTheSameNameIsRefused() throws Exception {
        write(true);
        rewrite((name, bytes) ->
                name.endsWith("id_ed25519") ? "a key of mine".getBytes(StandardCharsets.UTF_8) : bytes);
        assertThatThrownBy(() -> restore("there", false)).hasMessageContaining("keys/ssh/id_ed25519 is not what");
        assertThat(tree("there")).isEmpty();
        write(true);
        rewrite((name, bytes) -> name.equals(Manifest.ENTRY)
                ? new String(bytes, StandardCharsets.UTF_8)
                        .replace("keys/ssh/id_ed25519", "keys/ssh/../../../../escaped")
                        .getBytes(StandardCharsets.UTF_8)
                : bytes);
        assertThatThrownBy(() -> restore("there", false)).hasMessageContaining("a name that is none");
        assertThat(directory.resolve("escaped")).doesNotExist();
    }

    /** Hidden files of others may look much like ours, and have numbers that are no process's. */
    @Test
    void onlyItsOwnLeftoversAreRemoved() throws Exception {
        var others = List.of(".film.mkv.99999999.part", ".x.99999999999999999999999.part", ".x.linkops-1.copy");
        for (var name : others) {
            Files.writeString(directory.resolve(name), "not ours");
        }
        var left = Files.writeString(directory.resolve(".backup.zip.linkops-99999999.part"), "half");
        var same = Files.writeString(
                directory.resolve(
                        ".backup.zip.linkops-" + ProcessHandle.current().pid() + ".copy"),
                "of a process with our number, killed before");
        write(false);
        assertThat(others).allMatch(name -> Files.exists(directory.resolve(name)));
        assertThat(left).doesNotExist();
        assertThat(same).doesNotExist();
    }

    /** The database in it would be sealed with one key, and the other would be beside it. */
    @Test
    void aBackupDuringARotationOfTheMasterKeyIsNotWritten() throws Exception {
        secret("here/master.key", "the old one");
        assertThatThrownBy(() -> new BackupWriting(settings("here"), null, true, this::rotated).write(file, true))
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("run it again");
        assertThat(file).doesNotExist();
        assertThat(new BackupWriting(settings("here"), null, false, this::rotated)
                        .write(file, true)
                        .hasKeys())
                .isFalse();
        assertThat(write(true).parts().stream().map(Manifest.Part::name)).contains("keys/generated/master.key");
    }

    /** Read when all parts are packed. */
    private Instant rotated() {
        try {
            secret("here/master.key", "the new one");
            return Instant.now();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** It is newer than the database in the backup: restored, it would tell of rows that were cut off. */
    @Test
    void theAnchorOfTheAuditIsNotInIt() throws Exception {
        secret("here/audit.key", "the key");
        secret("here/audit.head", "7:00");
        assertThat(write(true).parts().stream().map(Manifest.Part::name))
                .contains("keys/generated/audit.key")
                .doesNotContain("keys/generated/audit.head");
    }

    @Test
    void whatRootRestoresBelongsToTheOwnerOfTheDirectoryAlsoTheLock() throws Exception {
        write(true);
        var there = Files.createDirectory(directory.resolve("there"));
        var service = there.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root gives files away");
        Files.setOwner(there, service);
        restore("there", false);
        for (var each : Disk.filesBelow(there)) {
            assertThat(Files.getOwner(each)).as(each.toString()).isEqualTo(service);
        }
        assertThat(there.resolve("linkops.db.lock")).exists();
    }

    private interface Change {
        byte[] of(String name, byte[] bytes);
    }

    private void rewrite(Change change) throws Exception {
        var other = directory.resolve("other.zip");
        try (var zip = new ZipFile(file.toFile());
                var out = new ZipOutputStream(Files.newOutputStream(other))) {
            for (var entry : zip.stream().toList()) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(change.of(entry.getName(), zip.getInputStream(entry).readAllBytes()));
            }
        }
        Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void aLaterSchemaIsRefused() throws Exception {
        write(false);
        rewrite((name, bytes) -> name.equals(Manifest.ENTRY)
                ? new String(bytes, StandardCharsets.UTF_8)
                        .replace("\"001_journal\"", "\"001_journal\", \"990_later\"")
                        .getBytes(StandardCharsets.UTF_8)
                : bytes);
        assertThatThrownBy(() -> restore("there", false))
                .hasMessageContaining("newer LinkOps")
                .hasMessageContaining("990_later");
        assertThat(tree("there")).isEmpty();
    }

    @Test
    void whatIsThereIsKeptUnlessAskedAndSetAsideThen() throws Exception {
        write(true);
        restore("there", false);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("there/linkops.db"))) {
            connection.createStatement().execute("DELETE FROM journal WHERE seq > 10");
        }
        Files.writeString(directory.resolve("there/keys/id_ed25519"), "a newer key");
        var before = tree("there");
        assertThatThrownBy(() -> restore("there", false))
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
        assertThat(tree("there")).isEqualTo(before);

        assertThat(restore("there", true)).anyMatch(line -> line.startsWith("set aside: "));
        assertThat(count("there/linkops.db")).isEqualTo(50);
        assertThat(Files.readString(directory.resolve("there/keys/id_ed25519"))).isEqualTo("the key");
        List<String> kept;
        try (var all = Files.list(directory.resolve("there"))) {
            kept = all.map(each -> each.getFileName().toString())
                    .filter(name -> name.contains(".before-restore-"))
                    .sorted()
                    .toList();
        }
        assertThat(kept).hasSize(4);
        assertThat(count("there/" + kept.get(2))).isEqualTo(10);
        assertThat(Files.readString(directory.resolve("there/" + kept.get(1) + "/id_ed25519")))
                .isEqualTo("a newer key");
    }

    @Test
    void aDamagedDatabaseIsSetAsideWithWhatIsBesideIt() throws Exception {
        write(false);
        Files.createDirectories(directory.resolve("there"));
        Files.writeString(directory.resolve("there/linkops.db"), "damaged ".repeat(1000));
        Files.writeString(directory.resolve("there/linkops.db-wal"), "a log of it");
        restore("there", true);
        assertThat(count("there/linkops.db")).isEqualTo(50);
        assertThat(DatabaseCopy.examine(directory.resolve("there/linkops.db"))).isNotEmpty();
        try (var all = Files.list(directory.resolve("there"))) {
            assertThat(all.filter(each -> each.toString().contains("before-restore")))
                    .hasSize(2);
        }
    }

    @Test
    void whileALinkOpsRunsThereNothingIsRestored() throws Exception {
        write(false);
        restore("there", false);
        var vertx = Vertx.vertx();
        try {
            var database = Database.open(vertx, settings("there").database()).await(60, TimeUnit.SECONDS);
            assertThatThrownBy(() -> restore("there", true)).hasMessageContaining("Another LinkOps uses");
            database.close().await(60, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(60, TimeUnit.SECONDS);
        }
    }

    /** Neither half a backup nor half a restore is left by a disk that is full; what was there stays. */
    @Test
    void aFullDiskIsToldAndLeavesNothingHalf() throws Exception {
        rows2();
        var small = Files.createDirectory(directory.resolve("small"));
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()) == 0,
                "a small file system can be mounted by root only");
        try {
            assertThatThrownBy(() -> new BackupWriting(settings("here"), null, false, Instant::now)
                            .write(small.resolve("backup.zip"), false))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            e -> assertThat(e.code()).as(e.text()).isEqualTo(ErrorCode.STORAGE_FULL));
            assertThat(small).isEmptyDirectory();
            write(true);
            assertThatThrownBy(() -> restore("small/there", false))
                    .isInstanceOfSatisfying(
                            Failure.class,
                            e -> assertThat(e.code()).as(e.text()).isEqualTo(ErrorCode.STORAGE_FULL));
            assertThat(tree("small/there").keySet()).isSubsetOf("linkops.db.lock");
        } finally {
            run("umount", "-l", small.toString());
        }
    }

    private void rows2() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("here/linkops.db"))) {
            connection
                    .createStatement()
                    .execute("INSERT INTO journal (stream, seq, at, type, size, data, is_last)"
                            + " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
                            + " SELECT 'big', i, 0, 't', 0, hex(randomblob(100000)), 0 FROM n");
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    /** kill -9 at any moment: the file is there whole or not at all, and the next backup clears what was left. */
    @Test
    void killedInTheMiddleABackupLeavesNoHalfFileAndARestoreNoHalfDatabase() throws Exception {
        rows2();
        var config = directory.resolve("linkops.yaml");
        Files.writeString(config, yaml("here"));
        var random = new Random();
        int whole = 0;
        for (int i = 0; i < 5; i++) {
            removeDrafts(directory);
            try (var process = LinkOpsProcess.start(
                    directory, "backup", file.toString(), "--force", "--with-keys", "--config", config.toString())) {
                awaitDraft(directory, ".part", ".copy");
                Thread.sleep(random.nextInt(60));
                process.kill();
            }
            if (Files.exists(file)) {
                whole++;
                try (var backup = BackupFile.open(file)) {
                    backup.verify();
                }
            }
        }
        write(true);
        try (var all = Files.list(directory)) {
            assertThat(all.map(each -> each.getFileName().toString()).filter(name -> name.startsWith(".")))
                    .isEmpty();
        }
        System.out.println("BackupTest: of 5 backups killed, " + whole + " times a whole file was there");

        var there = directory.resolve("there.yaml");
        Files.writeString(there, yaml("there"));
        var database = directory.resolve("there/linkops.db");
        for (int i = 0; i < 5; i++) {
            removeDrafts(directory.resolve("there"));
            try (var process = LinkOpsProcess.start(
                    directory, "restore", file.toString(), "--force", "--config", there.toString())) {
                awaitDraft(directory.resolve("there"), ".restoring");
                Thread.sleep(random.nextInt(40));
                process.kill();
            }
            if (Files.exists(DatabaseHold.draft(database))) {
                var vertx = Vertx.vertx();
                try {
                    assertThatThrownBy(
                                    () -> Database.open(vertx, settings("there").database())
                                            .await(60, TimeUnit.SECONDS))
                            .hasMessageContaining("was cut off");
                } finally {
                    vertx.close().await(60, TimeUnit.SECONDS);
                }
            }
            if (Files.exists(database)) {
                assertThat(DatabaseCopy.examine(database)).isNotEmpty();
                assertThat(count("there/linkops.db")).isEqualTo(90);
            }
        }
        restore("there", true);
        assertThat(count("there/linkops.db")).isEqualTo(90);
        assertThat(DatabaseHold.draft(database)).doesNotExist();
    }

    private static void removeDrafts(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (var all = Files.list(directory)) {
                for (var each : all.filter(file -> file.toString().matches(".*\\.(part|copy|restoring)"))
                        .toList()) {
                    Disk.delete(each);
                }
            }
        }
    }

    private static void awaitDraft(Path directory, String... endings) throws Exception {
        io.linkops.world.Patience.until("a draft is there", () -> {
            if (!Files.isDirectory(directory)) {
                return false;
            }
            try (var all = Files.list(directory)) {
                return all.anyMatch(each -> List.of(endings).stream()
                        .anyMatch(ending -> each.getFileName().toString().endsWith(ending)));
            }
        });
    }

    private String yaml(String place) {
        var yaml = new StringBuilder();
        overrides(place).forEach(section -> {
            yaml.append(section.getKey()).append(":\n");
            ((JsonObject) section.getValue())
                    .forEach(key -> yaml.append("  " + key.getKey() + ": " + key.getValue() + "\n"));
        });
        return yaml.toString();
    }
}
