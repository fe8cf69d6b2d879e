package io.linkops.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.vault.Secret;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.yaml.snakeyaml.Yaml;

/** Configuration: what is written is what is loaded, and what is wrong is named, each time. */
class SettingsProperties {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Path DIRECTORY = temporaryDirectory();

    @AfterContainer
    static void stop() throws Exception {
        VERTX.close().await(10, TimeUnit.SECONDS);
        Files.deleteIfExists(DIRECTORY.resolve("config.yaml"));
        Files.delete(DIRECTORY);
    }

    /** A key with a value: as written in the file, and as the record has it. */
    record Chosen(ConfigKey key, Object written, Object value) {}

    /** For any valid settings written as YAML, the load gives them back. */
    @Property(tries = 200)
    void whatIsWrittenIsWhatIsLoaded(@ForAll("valid") List<Chosen> chosen) throws Exception {
        var settings = load(yaml(chosen), Map.of());
        for (var each : chosen) {
            assertThat(valueIn(settings, each.key())).as(each.key().path()).isEqualTo(each.value());
        }
    }

    /** For any valid settings, the same settings from the environment win over the file's. */
    @Property(tries = 100)
    void theEnvironmentWinsOverTheFile(@ForAll("valid") List<Chosen> inFile, @ForAll("valid") List<Chosen> outside)
            throws Exception {
        var environment = new LinkedHashMap<String, String>();
        for (var each : outside) {
            if (each.written() instanceof List<?> || each.written().toString().indexOf(0) >= 0) {
                continue;
            }
            environment.put(each.key().variable(), each.written().toString());
        }
        var settings = load(yaml(inFile), environment);
        for (var each : outside) {
            if (environment.containsKey(each.key().variable())) {
                assertThat(valueIn(settings, each.key())).as(each.key().path()).isEqualTo(each.value());
            }
        }
    }

    /** For any key and any number out of its range, the one problem names key, file and line. */
    @Property(tries = 200)
    void whatIsOutOfRangeIsNamed(@ForAll("bounded") ConfigKey key, @ForAll boolean below) throws Exception {
        long wrong = below ? key.key().min() - 1 : key.key().max() + 1;
        Files.writeString(DIRECTORY.resolve("config.yaml"), "\n" + key.section() + ":\n  " + key.name() + ": " + wrong);
        try {
            Settings.load(VERTX, new LoadOptions(null, DIRECTORY, Map.of(), Map.of()))
                    .await(10, TimeUnit.SECONDS);
            throw new AssertionError(key.path() + " took " + wrong);
        } catch (ConfigException refused) {
            assertThat(refused.problems())
                    .singleElement()
                    .asString()
                    .startsWith(DIRECTORY.resolve("config.yaml") + ":3: " + key.path() + " is '" + wrong + "'");
        }
    }

    @Provide
    Arbitrary<ConfigKey> bounded() {
        return Arbitraries.of(
                keys().stream().filter(key -> key.key().max() < Long.MAX_VALUE).toList());
    }

    private static final Set<String> IN_PAIRS = Set.of(
            "issuer",
            "tls_certificate",
            "tls_key",
            "max_concurrency",
            "latency_warning",
            "latency_critical",
            "offline_after",
            "offline_window",
            "samples_kept_days",
            "history_kept_days");

    @Provide
    Arbitrary<List<Chosen>> valid() {
        var choices = keys().stream()
                // Rules over two keys have tests of their own.
                .filter(key -> !IN_PAIRS.contains(key.name()))
                .map(SettingsProperties::choice)
                .toList();
        return Arbitraries.subsetOf(choices)
                .flatMap(some -> Combinators.combine(List.copyOf(some)).as(chosen -> chosen));
    }

    private static Arbitrary<Chosen> choice(ConfigKey key) {
        var bounds = key.key();
        if (key.type() == Duration.class) {
            return durations(key);
        }
        if (key.type() == int.class) {
            long most = key.name().equals("default_concurrency") ? 200 : bounds.max();
            return Arbitraries.integers()
                    .between((int) bounds.min(), (int) most)
                    .map(number -> new Chosen(key, number, number));
        }
        if (key.type() == long.class) {
            return Arbitraries.longs()
                    .between(bounds.min(), bounds.max())
                    .map(number -> new Chosen(key, number, number));
        }
        if (key.type() == boolean.class) {
            return Arbitraries.of(true, false).map(bool -> new Chosen(key, bool, bool));
        }
        if (key.type().isEnum()) {
            return Arbitraries.of((Object[]) key.type().getEnumConstants())
                    .map(constant -> new Chosen(key, constant.toString().toLowerCase(java.util.Locale.ROOT), constant));
        }
        return words(key);
    }

    private static Arbitrary<Chosen> durations(ConfigKey key) {
        var unit = Quantity.unitOf(key.key().unit());
        return Arbitraries.longs()
                .between(key.key().min(), key.key().max())
                .flatMap(amount -> Arbitraries.of(
                        new Chosen(key, amount, Duration.of(amount, unit)),
                        new Chosen(key, amount + key.key().unit(), Duration.of(amount, unit)),
                        new Chosen(key, Duration.of(amount, unit).toMillis() + "ms", Duration.of(amount, unit))));
    }

    private static Arbitrary<Chosen> words(ConfigKey key) {
        var texts = Arbitraries.strings()
                .withChars(" \t\"'#:{}[]&*!|>%@`,-?~=ä€")
                .alpha()
                .numeric()
                .ofMinLength(1)
                .ofMaxLength(60);
        if (key.isSecret()) {
            return texts.ofMinLength(32).map(text -> new Chosen(key, text, new Secret(text)));
        }
        if (key.type() == Path.class) {
            return texts.map(text -> new Chosen(key, "/" + text, Path.of("/" + text)));
        }
        var names = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(20);
        if (key.type() == List.class) {
            var networks = Arbitraries.integers().between(0, 32).map(bits -> "10.0.0.0/" + bits);
            return (key.name().equals("trusted_proxies") ? networks : names.map(name -> "https://" + name + ".example"))
                    .list()
                    .ofMaxSize(4)
                    .map(origins -> new Chosen(key, origins, origins));
        }
        return switch (key.name()) {
            case "repository_url" -> names.map(name -> new Chosen(key, "git@host:" + name, "git@host:" + name));
            case "branch", "default_key", "author_domain" -> names.map(name -> new Chosen(key, name, name));
            default -> texts.filter(text -> !text.isBlank()).map(text -> new Chosen(key, text, text));
        };
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("settings");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<ConfigKey> keys() {
        return Section.ALL.stream().flatMap(section -> section.keys().stream()).toList();
    }

    private static String yaml(List<Chosen> chosen) {
        Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
        chosen.forEach(each -> sections.computeIfAbsent(each.key().section(), section -> new LinkedHashMap<>())
                .put(each.key().name(), each.written()));
        return new Yaml().dump(sections);
    }

    private static Settings load(String yaml, Map<String, String> environment) throws Exception {
        Files.writeString(DIRECTORY.resolve("config.yaml"), yaml);
        return Settings.load(VERTX, new LoadOptions(null, DIRECTORY, environment, Map.of()))
                .await(10, TimeUnit.SECONDS)
                .settings();
    }

    private static Object valueIn(Settings settings, ConfigKey key) throws ReflectiveOperationException {
        for (var component : Settings.class.getRecordComponents()) {
            if (component.getName().equals(key.section())) {
                return key.component()
                        .getAccessor()
                        .invoke(component.getAccessor().invoke(settings));
            }
        }
        throw new AssertionError("no section " + key.section());
    }
}
