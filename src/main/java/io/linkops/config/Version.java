package io.linkops.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What is running.
 *
 * @param java the Java it runs on
 * @param commit the commit it was built from; null if the build was not told
 */
public record Version(
        String name, String version, String java, @Nullable String commit) {

    /** As the build wrote it into this program. */
    public static Version current() {
        var written = new Properties();
        try (var in = Version.class.getResourceAsStream("/linkops-version.properties")) {
            if (in != null) {
                written.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var commit = written.getProperty("commit", "");
        return new Version(
                "LinkOps",
                written.getProperty("version", "unknown"),
                Runtime.version().toString(),
                commit.isEmpty() || commit.startsWith("$") ? null : commit);
    }

    /** One line for people. */
    public String line() {
        return name + " " + version + (commit == null ? "" : " (" + commit + ")") + ", Java " + java;
    }
}
