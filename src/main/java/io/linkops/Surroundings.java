package io.linkops;

import io.linkops.config.LoadOptions;
import io.linkops.config.Loaded;
import io.linkops.config.Settings;
import io.linkops.vault.Masking;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What the commands find around them.
 *
 * @param defaults where the configuration comes from when no file is named
 * @param masking knows every secret of this process; one for all
 */
record Surroundings(LoadOptions defaults, Masking masking) {
    private static final long PATIENCE_SECONDS = 60;

    static Surroundings ofProcess() {
        return new Surroundings(LoadOptions.ofProcess(null), new Masking());
    }

    /** The configuration, its secrets known to {@link #masking}; throws ConfigException with all problems. */
    Loaded load(@Nullable Path file) throws TimeoutException {
        return load(options(file));
    }

    LoadOptions options(@Nullable Path file) {
        return new LoadOptions(file, defaults.directory(), defaults.environment(), defaults.properties());
    }

    Loaded load(LoadOptions options) throws TimeoutException {
        var loading = Vertx.vertx();
        try {
            var loaded = Settings.load(loading, options).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            masking.register(loaded.settings().api().jwtSecret());
            masking.register(loaded.settings().git().token());
            masking.register(loaded.settings().git().webhookSecret());
            masking.register(defaults.environment().getOrDefault("LINKOPS_ADMIN_PASSWORD", ""));
            return loaded;
        } finally {
            loading.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
