package io.linkops.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;

/** P30: For any valid secrets.ini, parsing extracts all key paths and tokens. */
class SecretsIniProperties {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Path DIRECTORY = temporaryDirectory();
    private static final Path INI = DIRECTORY.resolve("secrets.ini");
    private static final Path CONFIG = DIRECTORY.resolve("config.yaml");
    private static final List<ConfigKey> TAKEN = Section.ALL.stream()
            .flatMap(section -> section.keys().stream())
            .filter(SecretsIni::gives)
            .filter(key -> !key.name().endsWith("master_key"))
            .toList();

    @AfterTry
    void clean() throws Exception {
        Files.deleteIfExists(INI);
        Files.deleteIfExists(CONFIG);
    }

    @AfterContainer
    static void stop() throws Exception {
        VERTX.close().await(10, TimeUnit.SECONDS);
        Files.delete(DIRECTORY);
    }

    /** For any key paths and tokens, however the file is laid out, each is extracted as it was written. */
    @Property(tries = 200)
    @Tag("P30")
    void whatIsWrittenIsExtracted(@ForAll("manyTokens") List<String> values, @ForAll long seed) throws Exception {
        var random = new Random(seed);
        var chosen = chosen(values, random);
        write(INI, text(chosen, random), 0600);
        var settings = load(Map.of()).settings();
        for (var key : TAKEN) {
            if (chosen.containsKey(key)) {
                assertThat(shown(valueIn(settings, key))).as(key.path()).isEqualTo(chosen.get(key));
            } else if (key.isSecret()) {
                assertThat(valueIn(settings, key)).as(key.path()).isNull();
            }
        }
        assertThat(settings.secrets()).hasSize((int)
                chosen.keySet().stream().filter(ConfigKey::isSecret).count());
    }

    /** For any of its keys, it wins over the configuration file, and the environment wins over it. */
    @Property(tries = 100)
    @Tag("P30")
    void itStandsBetweenTheFileAndTheEnvironment(
            @ForAll("keys") ConfigKey key, @ForAll("manyTokens") List<String> values) throws Exception {
        var inFile = value(key, values.get(0));
        var inIni = value(key, values.get(1));
        var outside = value(key, values.get(2));
        write(CONFIG, key.section() + ":\n  " + key.name() + ": \"" + inFile + "\"\n", 0600);
        assertThat(shown(valueIn(load(Map.of()).settings(), key))).isEqualTo(inFile);
        write(INI, "[" + key.section() + "]\n" + key.name() + " = \"" + inIni + "\"\n", 0600);
        assertThat(shown(valueIn(load(Map.of()).settings(), key))).isEqualTo(inIni);
        assertThat(shown(valueIn(load(Map.of(key.variable(), outside)).settings(), key)))
                .isEqualTo(outside);
    }

    /** For any mode, it is read if and only if nobody but its owner, or a group that root chose, may read it. */
    @Property(tries = 200)
    @Tag("P30")
    void othersMayNotReadIt(@ForAll @IntRange(max = 07777) int mode, @ForAll("tokens") String token) throws Exception {
        write(INI, "[git]\ntoken = " + token + "\n", mode);
        boolean isRoot = (Integer) Files.getAttribute(INI, "unix:uid") == 0;
        boolean isPrivate = (mode & ~(isRoot ? 0640 : 0600)) == 0;
        var problems = problems();
        if (isPrivate && (isRoot || (mode & 0400) != 0)) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems)
                    .singleElement()
                    .asString()
                    .contains(INI.toString())
                    .doesNotContain(token);
        }
    }

    /** For any key that is none of its own, the message names file and line, and never a value. */
    @Property(tries = 200)
    @Tag("P30")
    void whatDoesNotBelongThereIsNamedWithoutItsValue(@ForAll("foreign") String line, @ForAll("tokens") String token)
            throws Exception {
        write(INI, "; first\n[git]\n" + line.replace("TOKEN", token) + "\n", 0600);
        assertThat(problems())
                .isNotEmpty()
                .allSatisfy(
                        problem -> assertThat(problem).startsWith(INI + ":3: ").doesNotContain(token));
    }

    private static Map<ConfigKey, String> chosen(List<String> values, Random random) {
        var chosen = new LinkedHashMap<ConfigKey, String>();
        for (int i = 0; i < TAKEN.size(); i++) {
            if (random.nextInt(3) > 0) {
                chosen.put(TAKEN.get(i), value(TAKEN.get(i), values.get(i % values.size())));
            }
        }
        return chosen;
    }

    private static String value(ConfigKey key, String token) {
        return key.type() == Path.class
                ? "/keys/" + token.replaceAll("[^a-z0-9]", "k")
                : key.isSecret() ? token : token.replaceAll("[^a-z0-9]", "k");
    }

    private static String text(Map<ConfigKey, String> chosen, Random random) {
        var end = random.nextBoolean() ? "\n" : "\r\n";
        var text = new StringBuilder(random.nextBoolean() ? "; a comment = 1" + end : "");
        for (var section : Section.ALL) {
            var lines = new ArrayList<String>();
            chosen.forEach((key, value) -> {
                if (key.section().equals(section.name())) {
                    var alias = key.key().alias();
                    var name = !alias.isEmpty() && random.nextBoolean() ? alias : key.name();
                    var space = " ".repeat(random.nextInt(3));
                    lines.add(space + name + space + "=" + space + (random.nextBoolean() ? value : '"' + value + '"')
                            + space);
                }
            });
            if (!lines.isEmpty()) {
                text.append("[").append(section.name()).append("]").append(end);
                lines.forEach(line -> text.append(random.nextBoolean() ? "# token = wrong" + end : end)
                        .append(line)
                        .append(end));
            }
        }
        return text.toString();
    }

    private static Loaded load(Map<String, String> environment) throws Exception {
        return Settings.load(VERTX, new LoadOptions(null, DIRECTORY, environment, Map.of()))
                .await(10, TimeUnit.SECONDS);
    }

    private static List<String> problems() throws Exception {
        Future<Loaded> loading = Settings.load(VERTX, new LoadOptions(null, DIRECTORY, Map.of(), Map.of()));
        try {
            loading.await(10, TimeUnit.SECONDS);
            return List.of();
        } catch (ConfigException refused) {
            return refused.problems();
        }
    }

    private static Object valueIn(Settings settings, ConfigKey key) throws Exception {
        var section = Section.named(key.section()).orElseThrow().component();
        return key.component().getAccessor().invoke(section.getAccessor().invoke(settings));
    }

    private static String shown(Object value) {
        return value instanceof Secret secret ? secret.reveal() : String.valueOf(value);
    }

    private static void write(Path file, String text, int mode) throws Exception {
        Files.deleteIfExists(file);
        Files.writeString(file, text);
        Files.setAttribute(file, "unix:mode", mode);
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("linkops-secrets");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Provide
    Arbitrary<ConfigKey> keys() {
        return Arbitraries.of(TAKEN);
    }

    @Provide
    Arbitrary<String> tokens() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .withChars("=;#[]+/%&$!é :")
                .ofMinLength(38)
                .ofMaxLength(60)
                .map(text -> "T" + text + "x");
    }

    @Provide
    Arbitrary<List<String>> manyTokens() {
        return tokens().list().ofSize(12);
    }

    @Provide
    Arbitrary<String> foreign() {
        return Arbitraries.of(
                "branch = TOKEN",
                "tokn = TOKEN",
                "TOKEN",
                "TOKEN = 1",
                "[TOKEN",
                "repository_url = TOKEN",
                "port=TOKEN");
    }
}
