package io.linkops.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.linkops.config.ConfigException;
import io.linkops.config.LoggingConfig;
import io.linkops.config.LoggingConfig.Format;
import io.linkops.config.LoggingConfig.Level;
import io.linkops.vault.Masking;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {
    @TempDir
    Path directory;

    private final LoggerContext context = new LoggerContext();

    LogsTest() {
        context.setMDCAdapter(new LogbackMDCAdapter());
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void writesTextForPeople() throws Exception {
        configure(Level.INFO, Format.TEXT, 1, 1);
        context.getLogger("io.linkops.x.Room")
                .atWarn()
                .addKeyValue("target", "vm-1")
                .setCause(new IllegalStateException("gone"))
                .log("Lost {}", "it");
        assertThat(lines().getFirst())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z WARN  \\[.*] io.linkops.x.Room - Lost it"
                        + " target=\"vm-1\"");
        assertThat(lines().get(1)).isEqualTo("java.lang.IllegalStateException: gone");
        assertThat(lines().get(2)).startsWith("\tat ");
    }

    @Test
    void textOfOthersCannotForgeALine() throws Exception {
        configure(Level.INFO, Format.TEXT, 1, 1);
        context.getLogger("io.linkops").warn("said {}", "hi\n2026-01-01T00:00:00.000Z ERROR forged\u001b[2J\r");
        assertThat(lines()).hasSize(2);
        assertThat(lines().getLast()).startsWith("    2026").endsWith("forged\\u001b[2J\\u000d");
    }

    @Test
    void writesJsonForMachines() throws Exception {
        configure(Level.INFO, Format.JSON, 1, 1);
        context.getLogger("io.linkops.x")
                .atError()
                .addKeyValue("target", "vm-1")
                .setCause(new IOException("outer", new IllegalStateException("inner")))
                .log("Lost \"{}\"", "it");
        var line = new JsonObject(lines().getFirst());
        assertThat(lines()).hasSize(1);
        assertThat(line.getString("time")).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        assertThat(line.getString("level")).isEqualTo("ERROR");
        assertThat(line.getString("loggerName")).isEqualTo("io.linkops.x");
        assertThat(line.getString("message")).isEqualTo("Lost \"it\"");
        assertThat(line.getJsonArray("kvpList").getJsonObject(0).getString("target"))
                .isEqualTo("vm-1");
        var thrown = line.getJsonObject("throwable");
        assertThat(thrown.getString("message")).isEqualTo("outer");
        assertThat(thrown.getJsonArray("stepArray")).isNotEmpty();
        assertThat(thrown.getJsonObject("cause").getString("message")).isEqualTo("inner");
    }

    @Test
    void keepsLibrariesQuiet() throws Exception {
        configure(Level.DEBUG, Format.TEXT, 1, 1);
        context.getLogger("io.linkops.x").debug("ours");
        context.getLogger("io.netty.x").info("theirs");
        context.getLogger("net.schmizz.sshj.x").error("reported elsewhere");
        context.getLogger("org.other").debug("too much");
        context.getLogger("org.other").info("told");
        assertThat(lines()).hasSize(2);
        assertThat(lines().getFirst()).contains("ours");
        assertThat(lines().getLast()).contains("told");
    }

    @Test
    void rotatesAndKeepsAsManyFilesAsAskedFor() throws Exception {
        configure(Level.INFO, Format.TEXT, 1, 2);
        fillUntil("log.2");
        assertThat(directory.resolve("log.3")).doesNotExist();
        var youngest = Files.getLastModifiedTime(directory.resolve("log.1"));
        assertThat(youngest).isGreaterThanOrEqualTo(Files.getLastModifiedTime(directory.resolve("log.2")));
    }

    @Test
    void keepsNoRotatedFileIfNoneIsWanted() throws Exception {
        configure(Level.INFO, Format.TEXT, 1, 0);
        var logger = context.getLogger("io.linkops");
        long size = 0;
        for (int each = 0; Files.size(directory.resolve("log")) >= size && each < 20_000; each++) {
            size = Files.size(directory.resolve("log"));
            logger.info("x".repeat(2000));
        }
        assertThat(Files.size(directory.resolve("log"))).isLessThan(size);
        assertThat(directory.resolve("log.1")).doesNotExist();
    }

    @Test
    void refusesAFileThatCannotBeWritten() {
        var config = new LoggingConfig(Level.INFO, directory, 1, 1, Format.TEXT);
        assertThatThrownBy(() -> Logs.configure(context, config, new Masking()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("logging.path is " + directory + ", which cannot be written");
    }

    private void fillUntil(String name) throws IOException {
        var logger = context.getLogger("io.linkops");
        for (int each = 0; !Files.exists(directory.resolve(name)) && each < 20_000; each++) {
            logger.info("x".repeat(2000));
        }
    }

    private void configure(Level level, Format format, int maxSizeMb, int backups) {
        var config = new LoggingConfig(level, directory.resolve("log"), maxSizeMb, backups, format);
        Logs.configure(context, config, new Masking());
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender("console");
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(directory.resolve("log"));
    }
}
