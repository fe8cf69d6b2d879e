package io.linkops;

import io.linkops.config.LoadOptions;
import io.linkops.config.Loaded;
import io.linkops.config.Settings;
import io.linkops.config.VaultReading;
import io.linkops.secrets.StoredSecrets;
import io.linkops.vault.Masking;
import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
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

    private static VaultReading vault(Vertx vertx) {
        return (settings, names) -> StoredSecrets.read(vertx, settings.database(), settings.security(), names);
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
        return load(loading, options, vault(loading));
    }

    /** For commands on the vault itself: what is to be put there may be missing yet. */
    Loaded loadWithoutVault(@Nullable Path file) throws TimeoutException {
        var unknown = new Secret("-".repeat(64));
        return load(
                Vertx.vertx(),
                options(file),
                (_, names) ->
                        Future.succeededFuture(names.stream().collect(Collectors.toMap(name -> name, _ -> unknown))));
    }

    private Loaded load(Vertx loading, LoadOptions from, VaultReading vault) throws TimeoutException {
        try {
            var options = new LoadOptions(from.file(), from.directory(), from.environment(), from.properties(), vault);
            var loaded = Settings.load(loading, options).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            loaded.settings().secrets().forEach(masking::register);
            masking.register(defaults.environment().getOrDefault("LINKOPS_ADMIN_PASSWORD", ""));
            return loaded;
        } finally {
            loading.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
