package io.linkops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.config.Settings;
import io.linkops.doctor.Finding.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each unsafe setting is named with its remedy, and each safe one is left in peace. */
class PostureChecksTest {
    private static final Instant NOW = Instant.parse("2030-01-31T12:00:00Z");

    @TempDir
    Path directory;

    private final JsonObject overrides = new JsonObject();
    private Circumstances circumstances;

    @BeforeEach
    void open() throws Exception {
        // So that modes count: a temporary directory is its owner's alone.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        set("database", "path", directory.resolve("linkops.db").toString());
        set("security", "secrets_directory", directory.resolve("secrets").toString());
        set("terminal", "recordings_directory", directory.resolve("recordings").toString());
        set("ssh", "known_hosts_path", directory.resolve("known_hosts").toString());
        circumstances = circumstances("linkops", Optional.empty(), Long.MAX_VALUE);
    }

    private Circumstances circumstances(String user, Optional<Instant> lastBackup, long free) {
        return new Circumstances(directory.resolve("config.yaml"), user, NOW, lastBackup, free);
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                Arguments.of("api.host", "0.0.0.0", "127.0.0.5"),
                Arguments.of("api.host", "::", "::1"),
                Arguments.of("api.host", "192.0.2.7", "localhost"),
                Arguments.of(
                        "api.cors_origins",
                        new JsonArray().add("http://ops.example.org"),
                        new JsonArray().add("https://ops.example.org")),
                Arguments.of("api.metrics", "open", "off"),
                Arguments.of("api.jwt_expiration_hours", 200, 168),
                Arguments.of("security.max_failed_attempts", 21, 20),
                Arguments.of("security.min_password_length", 11, 12),
                Arguments.of("security.enrollment_required", false, true),
                Arguments.of("git.max_retired_percent", 100, 99),
                Arguments.of("retention.audit_kept_days", 89, 90),
                Arguments.of("retention.audit_kept_days", 1, 0),
                Arguments.of("logging.level", "DEBUG", "WARN"));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void anUnsafeSettingIsNamedAndASafeOneIsNot(String key, Object unsafe, Object safe) {
        var parts = key.split("\\.", 2);
        set(parts[0], parts[1], safe);
        assertThat(of(key).outcome()).as(of(key).text()).isEqualTo(Outcome.OK);
        set(parts[0], parts[1], unsafe);
        assertThat(of(key).outcome()).isEqualTo(Outcome.WARN);
        assertThat(of(key).text()).containsAnyOf("set ", "serve ");
        assertThat(findings().stream().filter(each -> each.outcome() != Outcome.OK))
                .extracting(Finding::check)
                .containsExactly(key);
    }

    @Test
    void theDefaultsAreSafe() {
        assertThat(findings())
                .hasSize(15)
                .allSatisfy(
                        each -> assertThat(each.outcome()).as(each.toString()).isEqualTo(Outcome.OK));
    }

    @Test
    void mailInTheClearIsNamed() {
        set("notifications", "smtp_tls", "none");
        assertThat(of("notifications.smtp_tls").outcome()).isEqualTo(Outcome.OK);
        set("notifications", "smtp_host", "mail.example.org");
        assertThat(of("notifications.smtp_tls").outcome()).isEqualTo(Outcome.WARN);
    }

    @Test
    void rootIsNamed() {
        circumstances = circumstances("root", Optional.empty(), Long.MAX_VALUE);
        assertThat(of("user").outcome()).isEqualTo(Outcome.WARN);
    }

    @Test
    void recordingsThatCannotFitAreNamed() {
        set("terminal", "recordings_max_bytes", 5_000_000_000L);
        circumstances = circumstances("linkops", Optional.empty(), 5_000_000_000L);
        assertThat(of("terminal.recordings_max_bytes").outcome()).isEqualTo(Outcome.OK);
        circumstances = circumstances("linkops", Optional.empty(), 4_999_999_999L);
        assertThat(of("terminal.recordings_max_bytes").outcome()).isEqualTo(Outcome.WARN);
        set("terminal", "recordings", false);
        assertThat(of("terminal.recordings_max_bytes").outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void aMissingOrOldBackupIsNamed() throws Exception {
        assertThat(of("backup").text()).isEqualTo("is not needed yet");
        file("linkops.db", "rw-------");
        assertThat(of("backup").text()).startsWith("was never made");
        assertThat(of("backup").outcome()).isEqualTo(Outcome.WARN);
        circumstances = circumstances("linkops", Optional.of(NOW.minus(PostureChecks.BACKUP_AGE)), Long.MAX_VALUE);
        assertThat(of("backup").outcome()).isEqualTo(Outcome.OK);
        circumstances = circumstances("linkops", Optional.of(NOW.minus(Duration.ofDays(8))), Long.MAX_VALUE);
        assertThat(of("backup").text()).startsWith("is 8 days old");
    }

    @Test
    void filesThatOthersMayReadOrChangeFailWithTheCommandThatMendsThem() throws Exception {
        file("linkops.db", "rw-------");
        file("config.yaml", "rw-r--r--");
        file("known_hosts", "rw-r--r--");
        assertThat(of("file modes").outcome()).isEqualTo(Outcome.OK);
        file("linkops.db", "rw-r--r--");
        file("config.yaml", "rw-rw-r--");
        file("known_hosts", "rw-r--rw-");
        Files.createDirectory(directory.resolve("recordings"));
        Files.setPosixFilePermissions(directory.resolve("recordings"), PosixFilePermissions.fromString("rwxr-xr-x"));
        boolean isReachable = Files.getPosixFilePermissions(directory.getParent())
                .contains(java.nio.file.attribute.PosixFilePermission.OTHERS_EXECUTE);
        assertThat(isReachable)
                .as("the directory for temporary files is everybody's")
                .isTrue();
        assertThat(of("file modes").outcome()).isEqualTo(Outcome.FAIL);
        assertThat(of("file modes").text())
                .contains("chmod o-rwx " + directory.resolve("linkops.db"))
                .contains("chmod o-rwx " + directory.resolve("recordings"))
                .contains("chmod go-w " + directory.resolve("config.yaml"))
                .contains("chmod go-w " + directory.resolve("known_hosts"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        assertThat(of("file modes").outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void linksWhoseHostKeyNobodyVouchedForAreNamed() {
        assertThat(PostureChecks.hostKeys(List.of()).outcome()).isEqualTo(Outcome.OK);
        var finding = PostureChecks.hostKeys(List.of("a", "b", "c", "d", "e", "f"));
        assertThat(finding.outcome()).isEqualTo(Outcome.WARN);
        assertThat(finding.text())
                .contains("6 links")
                .contains("(a, b, c, d, e, …)")
                .contains("ssh.hostKey");
    }

    @Test
    void aClockThatIsOffAndAnOldOpenSshAreNamed() {
        assertThat(look(0, "OpenSSH_9.2p1 Debian").clock().outcome()).isEqualTo(Outcome.OK);
        assertThat(look(-60, "").clock().outcome()).isEqualTo(Outcome.OK);
        assertThat(look(-61, "").clock().text()).startsWith("is 61 s behind");
        assertThat(look(3600, "").clock().text()).startsWith("is 3600 s ahead");
        assertThat(look(0, "OpenSSH_9.2p1 Debian").openSsh().text()).isEqualTo("is 9.2");
        assertThat(look(0, "OpenSSH_7.4p1").openSsh().outcome()).isEqualTo(Outcome.WARN);
        assertThat(look(0, "Dropbear").openSsh().outcome()).isEqualTo(Outcome.OK);
        assertThat(new LinkLook("ann", 4, "", NOW, NOW).clock().outcome()).isEqualTo(Outcome.WARN);
    }

    private static LinkLook look(int seconds, String version) {
        var said = "clock " + NOW.plusSeconds(seconds).getEpochSecond() + "\nversion " + version + "\n";
        return new LinkLook("ann", 0, said, NOW, NOW);
    }

    private Finding of(String check) {
        return findings().stream()
                .filter(each -> each.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private List<Finding> findings() {
        var findings = new ArrayList<Finding>();
        new PostureChecks(Settings.of(overrides), circumstances).run(findings::add);
        assertThat(findings).allMatch(each -> each.area().equals("posture"));
        return findings;
    }

    private void file(String name, String mode) throws Exception {
        var file = directory.resolve(name);
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private void set(String section, String key, Object value) {
        if (!overrides.containsKey(section)) {
            overrides.put(section, new JsonObject());
        }
        overrides.getJsonObject(section).put(key, value);
    }
}
