package io.linkops.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.linkops.config.LoggingConfig;
import io.linkops.config.LoggingConfig.Format;
import io.linkops.vault.Masking;
import io.linkops.vault.Secret;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** P35: every error is logged with time, context and stack trace, and without a secret. */
class LoggingProperties {

    /** What went wrong, with what is known about it. */
    record Trouble(String kind, Map<String, String> context, Throwable thrown) {}

    /**
     * P35: for any error (SSH with target and type; Git with repository URL; operation with id, target and reason), the
     * log line has time, level, context and stack trace, in both formats, and a registered secret is nowhere in the
     * file in any form, wherever in the error it stood.
     */
    @Property(tries = 300)
    @Tag("P35")
    void everyErrorIsLoggedWholeAndWithoutSecrets(
            @ForAll("secrets") String secret,
            @ForAll("troubles") Trouble trouble,
            @ForAll("forms") int form,
            @ForAll Format format)
            throws Exception {
        var carried = forms(secret).get(form);
        var written = written(secret, trouble, carried, format);
        for (var each : forms(secret)) {
            assertThat(written).doesNotContain(each);
        }
        if (format == Format.JSON) {
            requireJson(written, trouble);
        } else {
            requireText(written, trouble);
        }
    }

    private static String written(String secret, Trouble trouble, String carried, Format format) throws Exception {
        var file = Files.createTempFile("log", ".log");
        var context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        try {
            var masking = new Masking();
            masking.register(new Secret(secret));
            log(context, file, masking, trouble, carried, format);
            return Files.readString(file);
        } finally {
            context.stop();
            Files.delete(file);
        }
    }

    private static void log(
            LoggerContext context, Path file, Masking masking, Trouble trouble, String carried, Format format) {
        Logs.configure(context, new LoggingConfig(LoggingConfig.Level.INFO, file, 1, 1, format), masking);
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender("console");
        context.getMDCAdapter().put("request", "r-" + carried);
        var event = context.getLogger("io.linkops.some.Room").atError().addKeyValue("header", carried);
        for (var pair : trouble.context().entrySet()) {
            event = event.addKeyValue(pair.getKey(), pair.getValue());
        }
        var cause = new IllegalStateException("because of " + carried, trouble.thrown());
        cause.addSuppressed(new RuntimeException("and " + carried));
        event.setCause(cause).log("{} failed: {}", trouble.kind(), carried);
        context.getMDCAdapter().clear();
    }

    private static void requireText(String written, Trouble trouble) {
        var lines = written.lines().toList();
        assertThat(lines.getFirst())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ERROR \\[.*] io.linkops.some.Room - "
                        + trouble.kind() + " failed: .*\\*\\*\\*.*");
        trouble.context()
                .forEach((key, value) ->
                        assertThat(lines.getFirst()).contains(key + "=\"" + Masking.urls(value) + "\""));
        assertThat(lines).anyMatch(line -> line.startsWith("\tat io.linkops.logging.LoggingProperties.log("));
        assertThat(lines)
                .anyMatch(line -> line.startsWith("Caused by: ")
                        && line.contains(trouble.thrown().getClass().getName()));
    }

    private static void requireJson(String written, Trouble trouble) {
        assertThat(written.lines()).hasSize(1);
        var line = new JsonObject(written);
        assertThat(line.getString("time")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d.*Z");
        assertThat(line.getString("level")).isEqualTo("ERROR");
        assertThat(line.getString("loggerName")).isEqualTo("io.linkops.some.Room");
        assertThat(line.getString("message"))
                .startsWith(trouble.kind() + " failed: ")
                .contains("***");
        assertThat(line.getJsonObject("mdc").getString("request")).contains("***");
        var pairs = new JsonObject();
        line.getJsonArray("kvpList").forEach(pair -> pairs.mergeIn((JsonObject) pair));
        trouble.context()
                .forEach((key, value) -> assertThat(pairs.getString(key)).isEqualTo(Masking.urls(value)));
        var thrown = line.getJsonObject("throwable");
        assertThat(thrown.getJsonArray("stepArray").encode()).contains("LoggingProperties");
        assertThat(thrown.getJsonObject("cause").getString("className"))
                .isEqualTo(trouble.thrown().getClass().getName());
    }

    /** Ways in which a secret gets into an error. */
    private static List<String> forms(String secret) {
        var bytes = secret.getBytes(StandardCharsets.UTF_8);
        return List.of(
                secret,
                Base64.getEncoder().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                URLEncoder.encode(secret, StandardCharsets.UTF_8),
                URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20"),
                Base64.getEncoder()
                        .encodeToString(("x-access-token:" + secret).getBytes(StandardCharsets.UTF_8))
                        .substring(20),
                java.util.HexFormat.of().formatHex(bytes));
    }

    @Provide
    Arbitrary<Integer> forms() {
        return Arbitraries.integers().between(0, 6);
    }

    @Provide
    Arbitrary<String> secrets() {
        return Arbitraries.strings()
                .withCharRange('!', '~')
                .withChars("äß€")
                .excludeChars('*')
                .ofMinLength(12)
                .ofMaxLength(60);
    }

    @Provide
    Arbitrary<Trouble> troubles() {
        var words = Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(12);
        var causes = Arbitraries.of(
                new java.io.IOException("broken pipe"),
                new java.net.ConnectException("Connection refused"),
                new IllegalArgumentException("no such thing"),
                new StackOverflowError("deep"));
        var ssh = Combinators.combine(words, Arbitraries.of("VM", "VPS", "Proxmox"), causes)
                .as((target, type, cause) ->
                        new Trouble("Connection", Map.of("target", "vm-" + target, "type", type), cause));
        var git = Combinators.combine(words, words, causes)
                .as((host, path, cause) -> new Trouble(
                        "Sync",
                        Map.of("repository", "https://me:pw-" + path + "@" + host + ".example/" + path),
                        cause));
        var operation = Combinators.combine(words, words, words, causes)
                .as((id, target, reason, cause) -> new Trouble(
                        "Operation", Map.of("operation", id, "target", target, "reason", "exit " + reason), cause));
        return Arbitraries.oneOf(ssh, git, operation);
    }
}
