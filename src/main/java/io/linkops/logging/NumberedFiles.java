package io.linkops.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A log file that is rotated by size: {@code FILE.1} is the youngest of the kept ones.
 *
 * @param backups how many rotated files are kept
 */
record NumberedFiles(Path path, int maxSizeMb, int backups) {
    private static final int MOST_BACKUPS = 100;

    /** Not started yet: it needs an encoder. */
    RollingFileAppender<ILoggingEvent> appender(LoggerContext context) {
        var appender = new RollingFileAppender<ILoggingEvent>();
        appender.setName("file");
        appender.setContext(context);
        appender.setFile(path.toString());
        var rolling = new Rolling();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(path.toString().replace("%", "\\%") + ".%i");
        rolling.setMinIndex(1);
        rolling.setMaxIndex(Math.max(1, backups));
        rolling.start();
        var bySize = new SizeBasedTriggeringPolicy<ILoggingEvent>();
        bySize.setContext(context);
        bySize.setMaxFileSize(new FileSize(maxSizeMb * FileSize.MB_COEFFICIENT));
        bySize.setCheckIncrement(Duration.buildByMilliseconds(200));
        bySize.start();
        appender.setRollingPolicy(rolling);
        appender.setTriggeringPolicy(bySize);
        return appender;
    }

    private final class Rolling extends FixedWindowRollingPolicy {

        @Override
        protected int getMaxWindowSize() {
            return MOST_BACKUPS;
        }

        @Override
        public void rollover() {
            super.rollover();
            if (backups == 0) {
                try {
                    Files.deleteIfExists(Path.of(path + ".1"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
