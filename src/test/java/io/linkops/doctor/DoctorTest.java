package io.linkops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.config.Settings;
import io.linkops.doctor.Finding.Outcome;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks that need no link; those that do are in DoctorIT. */
class DoctorTest {
    private static final String KEY = """
        -----BEGIN OPENSSH PRIVATE KEY-----
        b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
        -----END OPENSSH PRIVATE KEY-----
        """;
    private static final String LOCKED_KEY = """
        -----BEGIN OPENSSH PRIVATE KEY-----
        b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABC5vBL5Hx
        -----END OPENSSH PRIVATE KEY-----
        """;

    @TempDir
    Path directory;

    private final JsonObject overrides = new JsonObject();
    private GitProbe git = () -> "0123456789";

    @BeforeEach
    void prepare() throws Exception {
        Files.createDirectory(
                directory.resolve("keys"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        set("database", "path", directory.resolve("data/linkops.db"));
        set("git", "local_path", directory.resolve("data/git"));
        set("git", "repository_url", "/srv/git/fleet.git");
        set("ssh", "keys_directory", directory.resolve("keys"));
    }

    @Test
    void aFreshMachineIsWell() throws Exception {
        key("id", KEY, "rw-------");
        assertThat(examine()).allMatch(finding -> finding.outcome() == Outcome.OK);
        assertThat(texts("directory", "database.path")).containsExactly("is made at the first start");
        assertThat(texts("key", "ssh.default_key")).containsExactly("is the only key, id");
        assertThat(texts("git", "branch main")).containsExactly("can be fetched, it is at 0123456789");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void aKeyThatOthersMayReadOrThatIsNoneFails() throws Exception {
        key("open", KEY, "rw-r--r--");
        key("locked", LOCKED_KEY, "rw-------");
        key("text", "hello", "rw-------");
        key("open.pub", "ssh-ed25519", "rw-r--r--");
        assertThat(outcomes("key", "file")).containsExactly(Outcome.FAIL, Outcome.FAIL, Outcome.FAIL);
        assertThat(texts("key", "file"))
                .anyMatch(text -> text.contains("chmod 600"))
                .anyMatch(text -> text.contains("ssh-keygen -p -N ''"))
                .anyMatch(text -> text.contains("is not a private key"));
        assertThat(outcomes("key", "ssh.default_key")).containsExactly(Outcome.WARN);
    }

    @Test
    void noKeyAndNoDirectoryFail() throws Exception {
        assertThat(texts("key", "ssh.default_key")).singleElement().asString().contains("ssh-keygen -t ed25519");
        set("ssh", "keys_directory", directory.resolve("none"));
        assertThat(texts("directory", "ssh.keys_directory"))
                .singleElement()
                .asString()
                .contains("install -d -m 700");
    }

    @Test
    void aDirectoryThatOthersCanReadIsAWarning() throws Exception {
        Files.setPosixFilePermissions(directory.resolve("keys"), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(outcomes("directory", "ssh.keys_directory")).containsExactly(Outcome.WARN);
    }

    @Test
    void gitFailsWithWhatItSaysAndMissingGitIsAWarning() throws Exception {
        git = () -> {
            throw new IllegalStateException("the server refuses LinkOps");
        };
        assertThat(texts("git", "branch main")).containsExactly("the server refuses LinkOps");
        set("git", "repository_url", "");
        assertThat(outcomes("git", "git.repository_url")).containsExactly(Outcome.WARN);
    }

    @Test
    void looksIntoTheDatabaseBesideItsOwner() throws Exception {
        var vertx = Vertx.vertx();
        try {
            var database = Database.open(vertx, settings().database()).await(20, TimeUnit.SECONDS);
            assertThat(outcomes("database", "schema")).containsExactly(Outcome.OK);
            assertThat(outcomes("database", "integrity")).containsExactly(Outcome.OK);
            database.write(Statement.of("INSERT INTO schema_migrations VALUES ('900_later', 0)"))
                    .await(20, TimeUnit.SECONDS);
            assertThat(texts("database", "schema"))
                    .containsExactly("was written by a newer LinkOps (it has [900_later]); start that version");
            database.write(Statement.of("DELETE FROM schema_migrations WHERE name LIKE '9%' OR name LIKE '04%'"))
                    .await(20, TimeUnit.SECONDS);
            assertThat(texts("database", "schema")).singleElement().asString().contains("040_operations");
            assertThat(outcomes("database", "schema")).containsExactly(Outcome.WARN);
            database.close().await(20, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aFileThatIsNoDatabaseFails() throws Exception {
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data/linkops.db"), "not a database ".repeat(1000));
        assertThat(texts("database", "schema")).containsExactly("The database file is damaged; restore a backup");
    }

    private List<Outcome> outcomes(String area, String check) throws Exception {
        return of(area, check).map(Finding::outcome).toList();
    }

    private List<String> texts(String area, String check) throws Exception {
        return of(area, check).map(Finding::text).toList();
    }

    private java.util.stream.Stream<Finding> of(String area, String check) throws Exception {
        return examine().stream()
                .filter(finding ->
                        finding.area().equals(area) && finding.check().equals(check));
    }

    private List<Finding> examine() throws Exception {
        var findings = new ArrayList<Finding>();
        new Doctor(settings(), () -> git.tip(), circumstances()).examine(findings::add);
        return findings;
    }

    private static Circumstances circumstances() {
        return new Circumstances(null, "linkops", Instant.now(), Optional.empty(), Long.MAX_VALUE);
    }

    private Settings settings() {
        return Settings.of(overrides);
    }

    private void set(String section, String key, Object value) {
        if (!overrides.containsKey(section)) {
            overrides.put(section, new JsonObject());
        }
        overrides.getJsonObject(section).put(key, value.toString());
    }

    private void key(String name, String text, String mode) throws Exception {
        var file = Files.writeString(directory.resolve("keys").resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
