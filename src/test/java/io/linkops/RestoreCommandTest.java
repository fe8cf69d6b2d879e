package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.backup.BackupWriting;
import io.linkops.config.LoadOptions;
import io.linkops.config.Settings;
import io.linkops.store.Database;
import io.linkops.vault.Masking;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a restore puts the configuration that is in the backup, which anybody may have made. */
class RestoreCommandTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path database;
    private String yaml;

    @BeforeEach
    void fill() throws Exception {
        database = directory.resolve("data/linkops.db");
        yaml = "database:\n  path: " + database + "\nterminal:\n  recordings_directory: "
                + directory.resolve("data/recordings") + "\n";
        var vertx = Vertx.vertx();
        try {
            var opened = Database.open(vertx, settings().database()).await(60, TimeUnit.SECONDS);
            opened.close().await(60, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(60, TimeUnit.SECONDS);
        }
    }

    private Settings settings() {
        return Settings.of(new JsonObject()
                .put("database", new JsonObject().put("path", database.toString()))
                .put(
                        "terminal",
                        new JsonObject()
                                .put(
                                        "recordings_directory",
                                        directory.resolve("data/recordings").toString())));
    }

    /** A backup that says its configuration was at this place; nothing of what it holds is there any more. */
    private Path backup(Path configuration) throws Exception {
        Files.writeString(configuration, yaml);
        var file = directory.resolve("backup.zip");
        new BackupWriting(settings(), configuration, false, Instant::now).write(file, true);
        Files.delete(configuration);
        try (var left = Files.list(database.getParent())) {
            for (var each : left.toList()) {
                Files.delete(each);
            }
        }
        return file;
    }

    private int restore(String... arguments) {
        return Main.commandLine(
                        new Surroundings(
                                new LoadOptions(null, directory.resolve("none"), Map.of(), Map.of()), new Masking()),
                        (settings, masking, role) -> 0,
                        (port, links, data, masking) -> 0)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void itGoesBackToWhereItWas() throws Exception {
        var place = directory.resolve("config.yaml");
        var file = backup(place);
        assertThat(restore("restore", file.toString())).as(err.toString()).isZero();
        assertThat(place).hasContent(yaml);
        assertThat(database).exists();
    }

    @Test
    void aFileThatIsThereIsNotReplacedUnaskedAndSetAsideIfAsked() throws Exception {
        var place = directory.resolve("config.yaml");
        var file = backup(place);
        Files.writeString(place, "of somebody else");
        assertThat(restore("restore", file.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("is there already", "--force");
        assertThat(place).hasContent("of somebody else");
        assertThat(database).doesNotExist();

        assertThat(restore("restore", "--force", file.toString()))
                .as(err.toString())
                .isZero();
        assertThat(place).hasContent(yaml);
        try (var all = Files.list(directory)) {
            assertThat(all.filter(each -> each.getFileName().toString().startsWith("config.yaml.before-restore-")))
                    .singleElement()
                    .satisfies(kept -> assertThat(kept).hasContent("of somebody else"));
        }
    }

    /** Such as /root/.bashrc: much of a configuration is a command to a shell. */
    @Test
    void itIsNotPutWhereNoConfigurationBelongs() throws Exception {
        var place = directory.resolve(".bashrc");
        var file = backup(place);
        assertThat(restore("restore", "--force", file.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("--into");
        assertThat(place).doesNotExist();
        assertThat(database).doesNotExist();
    }

    /** Whoever restores it as root would give root's log-in to whoever made it. */
    @Test
    void itFillsNoPlaceWhereOtherProgramsLookUnlessThatIsTrusted() throws Exception {
        database = directory.resolve(".ssh/linkops.db");
        Files.move(directory.resolve("data"), directory.resolve(".ssh"));
        yaml = yaml.replace("/data/", "/.ssh/");
        var place = directory.resolve("config.yaml");
        var file = backup(place);
        assertThat(restore("restore", "--force", file.toString())).isEqualTo(1);
        assertThat(err.toString()).contains(database.toString(), "--trust-places");
        assertThat(place).doesNotExist();
        assertThat(database).doesNotExist();

        assertThat(restore("restore", "--trust-places", file.toString()))
                .as(err.toString())
                .isZero();
        assertThat(database).exists();
    }

    @Test
    void theServiceCanReadWhatRootRestored() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root gives files away");
        var place = directory.resolve("config.yaml");
        var file = backup(place);
        var service = directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        Files.setOwner(database.getParent(), service);
        assertThat(restore("restore", file.toString())).as(err.toString()).isZero();
        assertThat(Files.getOwner(place)).isEqualTo(service);
    }

    @Test
    void rootDoesNotOpenTheVaultOfTheServiceAndLeaveFilesThatItCannotRead() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root gives files away");
        var service = directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        Files.setOwner(database, service);
        var config = Files.writeString(directory.resolve("linkops.yaml"), yaml);
        assertThat(restore("secrets", "rotate-master", "--config", config.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("sudo -u nobody");
        assertThat(database.resolveSibling("master.key")).doesNotExist();
    }
}
