package io.linkops.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the configuration is looked for.
 *
 * @param file the file that was asked for, YAML or (by its name) INI, which must exist; null for the default one
 * @param directory where {@code config.yaml} or {@code config.ini} is looked for when no file was named
 * @param environment the process's environment
 * @param properties the JVM's system properties
 * @param vault where {@code vault:NAME} is looked up
 */
public record LoadOptions(
        @Nullable Path file,
        Path directory,
        Map<String, String> environment,
        Map<String, String> properties,
        VaultReading vault) {

    /** Where an installed LinkOps has its configuration. */
    public static final Path INSTALLED = Path.of("/etc/linkops");

    /** Without a vault. */
    public LoadOptions(
            @Nullable Path file, Path directory, Map<String, String> environment, Map<String, String> properties) {
        this(file, directory, environment, properties, VaultReading.none());
    }

    public LoadOptions {
        environment = Map.copyOf(environment);
        properties = Map.copyOf(properties);
    }

    /** The file that is read with these options; none if nobody named one and no default one is there. */
    public Optional<Path> fileInForce() {
        return ConfigFile.find(this).map(ConfigFile::path);
    }

    /** The defaults of an installed LinkOps, in this process. */
    public static LoadOptions ofProcess(@Nullable Path file) {
        return new LoadOptions(file, INSTALLED, System.getenv(), texts(System.getProperties()));
    }

    private static Map<String, String> texts(Properties properties) {
        var texts = new TreeMap<String, String>();
        properties.stringPropertyNames().forEach(name -> texts.put(name, properties.getProperty(name, "")));
        return texts;
    }
}
