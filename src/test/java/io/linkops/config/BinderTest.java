package io.linkops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.linkops.vault.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BinderTest {

    @Test
    void everyKeyHasAUsableDefault() {
        var settings = Settings.of(new JsonObject());
        assertThat(settings.api().host()).isEqualTo("127.0.0.1");
        assertThat(settings.api().port()).isEqualTo(8080);
        assertThat(settings.api().jwtSecret()).isNull();
        assertThat(settings.api().jwtExpiration()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.api().corsOrigins()).isEmpty();
        assertThat(settings.database().path()).isEqualTo(Path.of("/var/lib/linkops/linkops.db"));
        assertThat(settings.git().syncInterval()).isEqualTo(Duration.ofMinutes(15));
        assertThat(settings.operations().outputLimit()).isEqualTo(10L << 20);
        assertThat(settings.logging().level()).isEqualTo(LoggingConfig.Level.INFO);
    }

    @Test
    void takesEachTypeInItsSpellings() {
        var settings = Settings.of(new JsonObject()
                .put(
                        "api",
                        new JsonObject()
                                .put("port", "9000")
                                .put("jwt_secret", "0123456789abcdef0123456789abcdef")
                                .put("cors_origins", "https://a.example, https://b.example:8443")
                                .put("max_body_bytes", "64KiB"))
                .put("git", new JsonObject().put("token", "").put("known_hosts_path", "/etc/hosts"))
                .put(
                        "ssh",
                        new JsonObject()
                                .put("connection_timeout", "2m")
                                .put("retry_delay", "250ms")
                                .put("idle_timeout", 7))
                .put("security", new JsonObject().put("enrollment_required", "no"))
                .put("logging", new JsonObject().put("level", "debug").put("max_size_mb", "20MB")));
        assertThat(settings.api().port()).isEqualTo(9000);
        assertThat(settings.api().jwtSecret()).isEqualTo(new Secret("0123456789abcdef0123456789abcdef"));
        assertThat(settings.api().corsOrigins()).containsExactly("https://a.example", "https://b.example:8443");
        assertThat(settings.api().maxBodyBytes()).isEqualTo(65536);
        assertThat(settings.git().token()).isNull();
        assertThat(settings.git().knownHostsPath()).isEqualTo(Path.of("/etc/hosts"));
        assertThat(settings.ssh().connectionTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.ssh().retryDelay()).isEqualTo(Duration.ofMillis(250));
        assertThat(settings.ssh().idleTimeout()).isEqualTo(Duration.ofMinutes(7));
        assertThat(settings.security().enrollmentRequired()).isFalse();
        assertThat(settings.logging().level()).isEqualTo(LoggingConfig.Level.DEBUG);
        assertThat(settings.logging().maxSizeMb()).isEqualTo(20);
    }

    @Test
    void listsAllProblemsAtOnce() {
        var problems = problems(new JsonObject()
                .put("apu", new JsonObject())
                .put("database", 7)
                .put("api", new JsonObject().put("prot", 1).put("port", 70000).put("host", true))
                .put("operations", new JsonObject().put("default_concurrency", 300)));
        assertThat(problems)
                .hasSize(6)
                .anySatisfy(it -> assertThat(it).contains("apu is not a section; did you mean api?"))
                .anySatisfy(it -> assertThat(it).contains("database is a section"))
                .anySatisfy(it -> assertThat(it).contains("api.prot is not a key; did you mean api.port?"))
                .anySatisfy(it -> assertThat(it)
                        .isEqualTo("settings: api.port is '70000', expected a whole number from 0 to 65535."))
                .anySatisfy(it ->
                        assertThat(it).isEqualTo("settings: api.host is 'true', expected text. Put it in" + " quotes."))
                .anySatisfy(it -> assertThat(it)
                        .contains("operations.default_concurrency is 300, expected at most"
                                + " operations.max_concurrency, which is 200"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "api|port|abc|is 'abc', expected a whole number from 0 to 65535",
                "api|port|-1|is '-1', expected a whole number from 0 to 65535",
                "api|port|99999999999999999999|expected a whole number",
                "api|max_body_bytes|10MB|expected a size from 1024 to 104857600 bytes",
                "api|max_body_bytes|1GiB|expected a size",
                "api|max_body_bytes|10|expected a size",
                "ssh|connection_timeout|0|is '0', expected a duration from 1s to 600s (a bare number counts seconds)",
                "ssh|connection_timeout|999ms|expected a duration from 1s",
                "ssh|connection_timeout|soon|expected a duration",
                "ssh|connection_timeout|1.5|expected a duration",
                "ssh|connection_timeout|9999999999999999d|expected a duration",
                "ssh|keys_directory|keys|is 'keys', expected an absolute path",
                "ssh|default_key|../id|expected the name of a file in ssh.keys_directory",
                "security|enrollment_required|maybe|expected true or false",
                "logging|level|LOUD|is 'LOUD', expected one of error, warn, info, debug, trace",
                "git|repository_url|http://git.example/x|expected https://HOST/PATH",
                "git|repository_url|ext::sh -c x|expected https://HOST/PATH",
                "git|repository_url|repo|expected https://HOST/PATH",
                "git|branch|a..b|expected the name of a branch",
                "git|author_domain|a b|expected a domain such as example.org",
                "api|cors_origins|*|expected origins such as",
            })
    void namesKeyValueAndExpectation(String section, String key, String value, String expected) {
        assertThat(problems(section, key, value)).singleElement().asString().contains(section + "." + key, expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://git.example.org/ops/fleet.git",
                "https://me@git.example.org:8443/fleet",
                "ssh://git@git.example.org:2222/fleet.git",
                "git@github.com:ops/fleet.git",
                "git.example.org:fleet",
                "file:///srv/git/fleet.git",
                "/srv/git/my fleet.git"
            })
    void takesRepositories(String url) {
        var settings = Settings.of(section("git", "repository_url", url));
        assertThat(settings.git().repositoryUrl()).isEqualTo(url);
    }

    @Test
    void neverShowsASecret() {
        assertThat(problems("api", "jwt_secret", "tooshort-7391"))
                .singleElement()
                .asString()
                .contains(
                        "api.jwt_secret is not acceptable (its value is not shown), expected text of at least 32 bytes")
                .doesNotContain("7391");
        assertThat(problems("git", "tokn", "s3cret-7391"))
                .singleElement()
                .asString()
                .contains("git.token?")
                .doesNotContain("7391");
        assertThat(problems("git", "repository_url", "https://me:s3cret-7391@git.example/x"))
                .singleElement()
                .asString()
                .contains("put it into git.token")
                .doesNotContain("7391");
        assertThat(problems("git", "token", 7391))
                .singleElement()
                .asString()
                .contains("Put it in quotes")
                .doesNotContain("7391");
    }

    @Test
    void namesTheSectionAMisplacedKeyBelongsTo() {
        assertThat(problems("api", "repository_url", "x"))
                .singleElement()
                .asString()
                .contains("did you mean git.repository_url?");
    }

    @Test
    void checksEachLayerEvenWhereALaterOneOverridesIt() {
        var file = Layer.of("file", section("api", "port", "abc"));
        var environment = Layer.of("environment", section("api", "port", "9000"));
        var thrown = catchThrowableOfType(ConfigException.class, () -> new Binder().bind(List.of(file, environment)));
        assertThat(thrown.problems()).singleElement().asString().startsWith("file: api.port is 'abc'");
    }

    @Test
    void doesNotBlameAKeyForRulesAboutARefusedOne() {
        assertThat(problems(new JsonObject()
                        .put(
                                "operations",
                                new JsonObject().put("default_concurrency", 300).put("max_concurrency", "x"))))
                .singleElement()
                .asString()
                .contains("operations.max_concurrency is 'x'");
    }

    @Test
    void ignoresSectionsOfRoomsToComeWithAWarning() {
        var binder = new Binder();
        binder.bind(List.of(Layer.of("file", section("performance", "max_workspaces", 5))));
        assertThat(binder.warnings()).containsExactly("file: the section performance is not used yet and is ignored.");
    }

    @Test
    void wrongShapesOfListsAndMapsAreRefused() {
        assertThat(problems("api", "cors_origins", new JsonArray().add(5)))
                .singleElement()
                .asString()
                .contains("is a list of 1 element, expected a list of texts");
        assertThat(problems("api", "port", new JsonObject()))
                .singleElement()
                .asString()
                .contains("is a map, expected a whole number");
    }

    private static List<String> problems(String section, String key, Object value) {
        return problems(section(section, key, value));
    }

    private static List<String> problems(JsonObject written) {
        return catchThrowableOfType(ConfigException.class, () -> Settings.of(written))
                .problems();
    }

    private static JsonObject section(String section, String key, Object value) {
        return new JsonObject().put(section, new JsonObject().put(key, value));
    }
}
