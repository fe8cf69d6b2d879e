package io.linkops.secrets;

import io.linkops.bus.Failure;
import io.linkops.config.ConfigException;
import io.linkops.config.DatabaseConfig;
import io.linkops.config.SecurityConfig;
import io.linkops.store.Database;
import io.linkops.vault.MasterKeyFile;
import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The vault's secrets before LinkOps runs, or beside it: for configuration that refers to them. Nothing is written. */
public final class StoredSecrets {
    private StoredSecrets() {}

    /** Those of these names that are there; fails with a ConfigException if the vault cannot be opened. */
    public static Future<Map<String, Secret>> read(
            Vertx vertx, DatabaseConfig database, SecurityConfig security, Set<String> names) {
        if (!Files.exists(database.path())) {
            return Future.succeededFuture(Map.of());
        }
        return Database.openForReading(vertx, database)
                .compose(opened -> read(vertx, opened, masterKey(database, security), names)
                        .eventually(opened::close))
                .recover(cause -> Future.failedFuture(
                        cause instanceof Failure failure
                                ? new ConfigException(List.of("The vault in " + database.path()
                                        + " cannot be opened, and the configuration refers to it: " + failure.text()))
                                : cause));
    }

    /** Where the master key of a configuration is. */
    public static MasterKeyFile masterKey(DatabaseConfig database, SecurityConfig security) {
        var directory = database.path().toAbsolutePath().getParent();
        return new MasterKeyFile(
                directory == null ? Path.of("/") : directory, security.masterKey(), security.previousMasterKey());
    }

    private static Future<Map<String, Secret>> read(
            Vertx vertx, Database database, MasterKeyFile file, Set<String> names) {
        return database.read("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'data_keys'")
                .compose(tables -> tables.isEmpty()
                        ? Future.succeededFuture(Map.of())
                        : DataKeys.openForReading(vertx, database, file).compose(keys -> read(database, keys, names)));
    }

    private static Future<Map<String, Secret>> read(Database database, DataKeys keys, Set<String> names) {
        Map<String, Secret> found = new TreeMap<>();
        if (!keys.has(DataKeys.VAULT)) {
            return Future.succeededFuture(found);
        }
        var store = new SecretStore(database, keys.of(DataKeys.VAULT));
        var reads = names.stream()
                .map(name -> store.value(name).onSuccess(value -> value.ifPresent(secret -> found.put(name, secret))))
                .toList();
        return Future.all(reads).map(found).recover(SecretBook::failure);
    }
}
