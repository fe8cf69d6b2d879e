package io.linkops.config;

import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.yaml.snakeyaml.error.YAMLException;

/** The file: which one it is, and what it says. */
record ConfigFile(Path path) {
    private static final long LARGEST = 1 << 20;

    /** The named file, else the first default one there is. */
    static Optional<ConfigFile> find(LoadOptions options) {
        if (options.file() != null) {
            return Optional.of(new ConfigFile(options.file().toAbsolutePath().normalize()));
        }
        return List.of("config.yaml", "config.ini").stream()
                .map(options.directory()::resolve)
                .filter(Files::exists)
                .findFirst()
                .map(ConfigFile::new);
    }

    Future<Layer> read(Vertx vertx) {
        return vertx.executeBlocking(this::text, false).compose(text -> parsed(vertx, Objects.requireNonNull(text)));
    }

    private Future<Layer> parsed(Vertx vertx, String text) {
        return isIni() ? ini(text) : yaml(vertx, text);
    }

    private boolean isIni() {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(".ini");
    }

    private String text() {
        try {
            if (Files.size(path) > LARGEST) {
                throw refused("is larger than 1 MiB: that is no configuration.");
            }
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw refused("there is no such file; create it or name another one with --config.");
        } catch (CharacterCodingException e) {
            throw refused("is not UTF-8 text.");
        } catch (IOException e) {
            throw refused("cannot be read (" + e.getClass().getSimpleName()
                    + "); it must be a file that LinkOps's user may read.");
        }
    }

    private Future<Layer> ini(String text) {
        var problems = new ArrayList<String>();
        var layer = IniFile.read(path.toString(), text, problems);
        return problems.isEmpty() ? Future.succeededFuture(layer) : Future.failedFuture(new ConfigException(problems));
    }

    private Future<Layer> yaml(Vertx vertx, String text) {
        var problems = new ArrayList<String>();
        var outline = YamlOutline.of(path.toString(), text, problems);
        if (!problems.isEmpty()) {
            return Future.failedFuture(new ConfigException(problems));
        }
        // The retriever fails on a file with nothing but comments.
        return (outline.isEmpty() ? Future.succeededFuture(new JsonObject()) : retrieve(vertx))
                .map(values -> new Layer(path.toString(), values, outline::place))
                .recover(failure -> Future.failedFuture(malformed(failure)));
    }

    private Future<JsonObject> retrieve(Vertx vertx) {
        var store = new ConfigStoreOptions()
                .setType("file")
                .setFormat("yaml")
                .setConfig(new JsonObject().put("path", path.toString()));
        var retriever = ConfigRetriever.create(
                vertx, new ConfigRetrieverOptions().setScanPeriod(-1).addStore(store));
        return retriever.getConfig().onComplete(done -> retriever.close());
    }

    private Throwable malformed(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof YAMLException yaml) {
                return new ConfigException(List.of(YamlOutline.malformed(path.toString(), yaml)));
            }
        }
        return failure;
    }

    private ConfigException refused(String what) {
        return new ConfigException(List.of(path + ": " + what));
    }
}
