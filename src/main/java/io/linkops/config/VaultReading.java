package io.linkops.config;

import io.linkops.vault.Secret;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;

/** Looks into the vault for what the configuration refers to as {@code vault:NAME}. */
@FunctionalInterface
public interface VaultReading {
    /**
     * @param settings with what leads to the vault: database and master key
     * @return those that are there; fails with a sentence for people if the vault cannot be opened
     */
    Future<Map<String, Secret>> read(Settings settings, Set<String> names);

    /** Where there is no vault: none of them is there. */
    static VaultReading none() {
        return (_, _) -> Future.succeededFuture(Map.of());
    }
}
