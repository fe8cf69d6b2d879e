package io.linkops.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import io.linkops.config.ConfigException;
import io.linkops.config.LoggingConfig;
import io.linkops.vault.Masking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Sets up logging as the configuration's logging section wants it; until then logback.xml is in force. */
public final class Logs {
    /** Libraries that tell too much below WARN. */
    private static final List<String> TALKATIVE = List.of(
            "io.netty", "io.vertx", "org.eclipse.jgit", "org.apache.sshd", "com.hazelcast", "org.sqlite", "com.zaxxer");

    /** sshj logs refusals with stack traces at ERROR; each of them is reported by the ssh room anyhow. */
    private static final List<String> REPORTED_ELSEWHERE = List.of("net.schmizz", "com.hierynomus");

    private Logs() {}

    /**
     * For the whole process: standard output, and a file if one is configured.
     *
     * @throws ConfigException if the log file cannot be written
     */
    public static void configure(LoggingConfig config, Masking masking) {
        configure((LoggerContext) LoggerFactory.getILoggerFactory(), config, masking);
    }

    /** Writes what is left and closes the file. */
    public static void stop() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    static void configure(LoggerContext context, LoggingConfig config, Masking masking) {
        if (config.path() != null) {
            requireWritable(config.path());
        }
        context.reset();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(console(context, config, masking));
        if (config.path() != null) {
            root.addAppender(file(context, config, config.path(), masking));
        }
        setLevels(context, config.level());
    }

    private static Appender<ILoggingEvent> console(LoggerContext context, LoggingConfig config, Masking masking) {
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setName("console");
        return started(console, context, config, masking);
    }

    private static Appender<ILoggingEvent> file(
            LoggerContext context, LoggingConfig config, Path path, Masking masking) {
        var file = new NumberedFiles(path, config.maxSizeMb(), config.backupCount()).appender(context);
        return started(file, context, config, masking);
    }

    private static Appender<ILoggingEvent> started(
            OutputStreamAppender<ILoggingEvent> appender,
            LoggerContext context,
            LoggingConfig config,
            Masking masking) {
        var encoder = new MaskingEncoder(config.format(), masking);
        encoder.setContext(context);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    private static void setLevels(LoggerContext context, LoggingConfig.Level level) {
        boolean isTrace = level == LoggingConfig.Level.TRACE;
        var own = Level.toLevel(level.name());
        var others = isTrace ? Level.DEBUG : own.isGreaterOrEqual(Level.INFO) ? own : Level.INFO;
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(others);
        context.getLogger("io.linkops").setLevel(own);
        TALKATIVE.forEach(
                name -> context.getLogger(name).setLevel(others.isGreaterOrEqual(Level.WARN) ? others : Level.WARN));
        REPORTED_ELSEWHERE.forEach(name -> context.getLogger(name).setLevel(isTrace ? Level.DEBUG : Level.OFF));
    }

    private static void requireWritable(Path path) {
        try {
            var directory = path.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw new ConfigException(List.of("logging.path is " + path + ", which cannot be written (" + e
                    + "); make its directory writable for LinkOps's user, or set another path."));
        }
    }
}
