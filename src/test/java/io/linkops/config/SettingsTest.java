package io.linkops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private static Vertx vertx;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void laterSourcesWin() throws Exception {
        write("config.yaml", """
            api: {host: 10.0.0.1, port: 1001}
            git: {branch: file, repository_url: /srv/git}
            """);
        var loaded = load(
                null,
                Map.of("LINKOPS_API_PORT", "1002", "LINKOPS_GIT_BRANCH", "environment", "LINKOPS_GIT_TOKEN", ""),
                Map.of("linkops.git.branch", "property"));
        assertThat(loaded.settings().api().host()).isEqualTo("10.0.0.1");
        assertThat(loaded.settings().api().port()).isEqualTo(1002);
        assertThat(loaded.settings().git().branch()).isEqualTo("property");
        assertThat(loaded.settings().git().token()).isNull();
        assertThat(loaded.sources()).containsExactly(file("config.yaml"), "environment", "system properties");
        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void theDefaultFileMayBeMissing() throws Exception {
        assertThat(load(null).settings()).isEqualTo(Settings.of(new io.vertx.core.json.JsonObject()));
    }

    @Test
    void aNamedFileMustExist() {
        assertThat(problems(directory.resolve("none.yaml")))
                .containsExactly(
                        file("none.yaml") + ": there is no such file; create it or name another one with --config.");
        assertThat(problems(directory)).singleElement().asString().contains("cannot be read");
    }

    @Test
    void emptyFilesAndSectionsAreFine() throws Exception {
        write("config.yaml", "# nothing here\napi:\ngit:\n  token:\n");
        assertThat(load(null).settings().api().port()).isEqualTo(8080);
        write("config.yaml", "");
        assertThat(load(null).settings().api().port()).isEqualTo(8080);
        write("config.yaml", "# only a comment\n");
        assertThat(load(null).settings().api().port()).isEqualTo(8080);
    }

    @Test
    void namesFileAndLineOfEachProblem() throws Exception {
        write("config.yaml", """
            api:
              port: eighty
              prot: 80
            apu:
              port: 1
            """);
        var problems = problems(null, Map.of("LINKOPS_GIT_SYNC", "5"), Map.of("linkops.ssh.max_retries", "99"));
        assertThat(problems)
                .hasSize(5)
                .anySatisfy(it -> assertThat(it).startsWith(file("config.yaml") + ":2: api.port is 'eighty'"))
                .anySatisfy(it -> assertThat(it).startsWith(file("config.yaml") + ":3: api.prot"))
                .anySatisfy(it -> assertThat(it).startsWith(file("config.yaml") + ":4: apu is not a section"))
                .anySatisfy(it -> assertThat(it).startsWith("environment variable LINKOPS_GIT_SYNC: git.sync"))
                .anySatisfy(it -> assertThat(it)
                        .isEqualTo("system property linkops.ssh.max_retries: ssh.max_retries is '99', expected a whole"
                                + " number from 0 to 10."));
    }

    @Test
    void malformedYamlNamesFileAndLine() throws Exception {
        write("config.yaml", "api:\n  port: [1, 2\ngit: {}\n");
        assertThat(problems(null)).singleElement().asString().startsWith(file("config.yaml") + ":3: is not valid YAML");
        write("config.yaml", "api:\n  host: !!java.net.URL [\"http://localhost\"]\n");
        assertThat(problems(null)).singleElement().asString().startsWith(file("config.yaml") + ":2: is not valid YAML");
        write("config.yaml", "- api\n- git\n");
        assertThat(problems(null)).containsExactly(file("config.yaml") + ":1: expected sections with keys below them.");
        write("config.yaml", "api:\n  port: 1\n  host: x\n  port: 2\n");
        assertThat(problems(null))
                .containsExactly(file("config.yaml") + ":4: api.port stands here and in line 2; remove one of them.");
    }

    @Test
    void aBrokenFileDoesNotHideProblemsElsewhere() throws Exception {
        write("config.yaml", "api: [\n");
        assertThat(problems(null, Map.of("LINKOPS_API_PORT", "x"), Map.of())).hasSize(2);
    }

    @Test
    void readsTheSameSectionsFromIni() throws Exception {
        write("config.ini", """
            ; the seeds' format
            [api]
            host = 0.0.0.0
            port = 8443
            cors_origins = https://a.example, https://b.example
            [security]
            lockout_duration_minutes = 10
            enrollment_required = yes
            [terminal]
            websocket_timeout = 600
            [performance]
            threads = 10
            """);
        var loaded = load(null);
        assertThat(loaded.settings().api().port()).isEqualTo(8443);
        assertThat(loaded.settings().api().corsOrigins()).hasSize(2);
        assertThat(loaded.settings().security().lockoutDuration()).hasMinutes(10);
        assertThat(loaded.warnings())
                .singleElement()
                .asString()
                .contains(":11: the section performance is not used yet");
        assertThat(loaded.settings().terminal().idleTimeout()).hasMinutes(10);
    }

    @Test
    void namesTheLineOfAProblemInIni() throws Exception {
        write("x.ini", "port = 1\n[api]\nport 80\nport = 80\nport = 81\nhost = \"\"\n");
        assertThat(problems(directory.resolve("x.ini")))
                .containsExactly(
                        file("x.ini") + ":1: a key stands before the first [section].",
                        file("x.ini") + ":3: expected [section], key = value, or a comment that begins with #.",
                        file("x.ini") + ":5: api.port stands here and in line 4; remove one of them.");
        write("x.ini", "[api]\nport = x\n");
        assertThat(problems(directory.resolve("x.ini")))
                .singleElement()
                .asString()
                .startsWith(file("x.ini") + ":2: ");
    }

    @Test
    void otherVariablesOfLinkOpsAreNoKeys() throws Exception {
        var loaded = load(
                null,
                Map.of(
                        "LINKOPS_ADMIN_PASSWORD",
                        "x",
                        "LINKOPS_URL",
                        "x",
                        "LINKOPS_TOKEN",
                        "x",
                        "LINKOPS_PORT",
                        "tcp://"),
                Map.of("linkops.jvm", "x"));
        assertThat(loaded.warnings())
                .containsExactly(
                        "environment variable LINKOPS_PORT names no section of the configuration and is ignored.",
                        "system property linkops.jvm names no section of the configuration and is ignored.");
    }

    @Test
    void warnsOfASecretThatEverybodyCanRead() throws Exception {
        var file = write("config.yaml", "git: {token: abcdefgh}\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(load(null).warnings()).singleElement().asString().contains("chmod o-rwx");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(load(null).warnings()).isEmpty();
    }

    @Test
    void refusesAHugeFile() throws Exception {
        write("config.yaml", "#".repeat(2 << 20));
        assertThat(problems(null)).singleElement().asString().contains("larger than 1 MiB");
    }

    @Test
    void theExceptionListsTheProblems() {
        assertThatThrownBy(() -> load(directory.resolve("none.yaml"))).hasMessageContaining("  - " + file("none.yaml"));
    }

    private Loaded load(@Nullable Path file) throws Exception {
        return load(file, Map.of(), Map.of());
    }

    private Loaded load(@Nullable Path file, Map<String, String> environment, Map<String, String> properties)
            throws Exception {
        return Settings.load(vertx, new LoadOptions(file, directory, environment, properties))
                .await(10, TimeUnit.SECONDS);
    }

    private List<String> problems(@Nullable Path file) {
        return problems(file, Map.of(), Map.of());
    }

    private List<String> problems(
            @Nullable Path file, Map<String, String> environment, Map<String, String> properties) {
        return catchThrowableOfType(ConfigException.class, () -> load(file, environment, properties))
                .problems();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }
}
