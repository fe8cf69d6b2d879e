package io.linkops.config;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One look at file, environment and system properties, in rising precedence. */
final class SettingsLoading {
    private final LoadOptions options;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    SettingsLoading(LoadOptions options) {
        this.options = options;
    }

    Future<Loaded> load(Vertx vertx) {
        var file = ConfigFile.find(options);
        return file.map(found -> found.read(vertx).map(Optional::of))
                .orElse(Future.succeededFuture(Optional.empty()))
                .recover(this::withoutFile)
                .map(layer -> bind(layer.orElse(null)))
                .map(loaded ->
                        file.map(found -> withFileWarning(loaded, found.path())).orElse(loaded));
    }

    /** A file that cannot be read does not hide what is wrong with the environment. */
    private Future<Optional<Layer>> withoutFile(Throwable failure) {
        if (failure instanceof ConfigException refused) {
            problems.addAll(refused.problems());
            return Future.succeededFuture(Optional.empty());
        }
        return Future.failedFuture(failure);
    }

    private Loaded bind(@Nullable Layer file) {
        var layers = new ArrayList<Layer>();
        if (file != null) {
            layers.add(file);
        }
        layers.add(Overrides.environment(options.environment(), warnings));
        layers.add(Overrides.properties(options.properties(), warnings));
        var binder = new Binder();
        var settings = bind(binder, layers);
        warnings.addAll(binder.warnings());
        var sources = layers.stream()
                .filter(layer -> !layer.values().isEmpty())
                .map(Layer::name)
                .toList();
        return new Loaded(settings, sources, warnings);
    }

    private Settings bind(Binder binder, List<Layer> layers) {
        try {
            var settings = binder.bind(layers);
            if (problems.isEmpty()) {
                return settings;
            }
        } catch (ConfigException refused) {
            problems.addAll(refused.problems());
        }
        throw new ConfigException(problems);
    }

    private static Loaded withFileWarning(Loaded loaded, Path file) {
        var settings = loaded.settings();
        boolean holdsSecret = settings.api().jwtSecret() != null
                || settings.git().token() != null
                || settings.oidc().clientSecret() != null;
        if (!holdsSecret || !isReadableByOthers(file)) {
            return loaded;
        }
        var warnings = new ArrayList<>(loaded.warnings());
        warnings.add(file + ": holds a secret and can be read by every user of this machine; run chmod o-rwx " + file);
        return new Loaded(settings, loaded.sources(), warnings);
    }

    private static boolean isReadableByOthers(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }
}
