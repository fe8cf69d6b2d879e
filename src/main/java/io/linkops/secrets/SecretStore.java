package io.linkops.secrets;

import io.linkops.secrets.Secrets.Known;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.linkops.vault.DataKey;
import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The SQL of the vault's secrets; values are in it sealed. */
final class SecretStore {
    private final Database database;
    private final DataKey key;

    SecretStore(Database database, DataKey key) {
        this.database = database;
        this.key = key;
    }

    Future<List<Known>> all() {
        return database.read("SELECT name, created_at, created_by, updated_at, updated_by FROM secrets ORDER BY name")
                .map(rows -> rows.stream().map(SecretStore::known).toList());
    }

    Future<Optional<Known>> find(String name) {
        return database.read(
                        "SELECT name, created_at, created_by, updated_at, updated_by FROM secrets WHERE name = ?", name)
                .map(rows -> rows.stream().map(SecretStore::known).findFirst());
    }

    /** @throws io.linkops.vault.SealException in the future, if what is there does not open */
    Future<Optional<Secret>> value(String name) {
        return database.read("SELECT sealed FROM secrets WHERE name = ?", name)
                .map(rows -> rows.stream()
                        .map(row -> key.open(place(name), row.getString("sealed")))
                        .findFirst());
    }

    Future<Integer> count() {
        return database.read("SELECT COUNT(*) AS secrets FROM secrets")
                .map(rows -> rows.getFirst().getInteger("secrets"));
    }

    Future<Void> put(String name, Secret value, Instant now, String by) {
        return database.write(Statement.of(
                "INSERT INTO secrets (name, sealed, created_at, created_by, updated_at, updated_by)"
                        + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed,"
                        + " updated_at = excluded.updated_at, updated_by = excluded.updated_by",
                name,
                key.seal(place(name), value),
                now.toEpochMilli(),
                by,
                now.toEpochMilli(),
                by));
    }

    Future<Void> delete(String name) {
        return database.write(Statement.of("DELETE FROM secrets WHERE name = ?", name));
    }

    private static String place(String name) {
        return "secret/" + name;
    }

    private static Known known(Row row) {
        return new Known(
                row.getString("name"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("created_by"),
                Instant.ofEpochMilli(row.getLong("updated_at")),
                row.getString("updated_by"));
    }
}
