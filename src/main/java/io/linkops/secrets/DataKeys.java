package io.linkops.secrets;

import io.linkops.bus.Blocking;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.linkops.vault.DataKey;
import io.linkops.vault.Keyring;
import io.linkops.vault.MasterKeyFile;
import io.linkops.vault.SealException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * The data keys of all rooms, each wrapped with the master key. Rotation wraps them anew, in one transaction, while
 * both master keys are there: whenever it is cut off, the next start finds a key that opens them and finishes it.
 */
public final class DataKeys {
    /** Of the vault's own secrets. */
    public static final String VAULT = "vault";

    /** Of notification channels. */
    public static final String CHANNELS = "channels";

    /** Of what seals the cursors of tables. */
    public static final String CURSORS = "cursors";

    private static final List<String> PURPOSES = List.of(VAULT, CHANNELS, CURSORS);

    private final Vertx vertx;
    private final Database database;
    private final MasterKeyFile file;
    private final InstantSource clock;
    private final Map<String, DataKey> keys = new TreeMap<>();
    private volatile String masterKey = "";

    private DataKeys(Vertx vertx, Database database, MasterKeyFile file, InstantSource clock) {
        this.vertx = vertx;
        this.database = database;
        this.file = file;
        this.clock = clock;
    }

    /**
     * Opens them, makes those that are missing, and finishes a rotation that was cut off.
     *
     * @return fails with a sentence for people if the master key is missing or another one
     */
    public static Future<DataKeys> open(Vertx vertx, Database database, MasterKeyFile file, InstantSource clock) {
        var keys = new DataKeys(vertx, database, file, clock);
        return database.read("SELECT purpose, master_key, wrapped FROM data_keys")
                .compose(
                        rows -> keys.blocking(() -> file.load(rows.isEmpty())).compose(ring -> keys.unwrap(ring, rows)))
                .map(keys);
    }

    /** As they are; nothing is made or finished. */
    static Future<DataKeys> openForReading(Vertx vertx, Database database, MasterKeyFile file) {
        var keys = new DataKeys(vertx, database, file, InstantSource.system());
        return database.read("SELECT purpose, master_key, wrapped FROM data_keys")
                .compose(rows -> rows.isEmpty()
                        ? Future.succeededFuture(keys)
                        : keys.blocking(() -> file.load(false)).map(ring -> {
                            keys.unwrapAll(ring, rows);
                            return keys;
                        }));
    }

    boolean has(String purpose) {
        return keys.containsKey(purpose);
    }

    /** @param purpose one of those above */
    public DataKey of(String purpose) {
        return Objects.requireNonNull(keys.get(purpose), purpose);
    }

    /** The id of the master key. */
    String masterKey() {
        return masterKey;
    }

    boolean isConfigured() {
        return file.isConfigured();
    }

    /** A new master key for all of them. @return how many there are */
    Future<Integer> rotate() {
        return blocking(file::begin).compose(this::wrap);
    }

    private Future<Integer> unwrap(Keyring ring, List<Row> rows) {
        boolean isCurrent;
        try {
            isCurrent = unwrapAll(ring, rows);
        } catch (Failure e) {
            return Future.failedFuture(e);
        }
        var missing =
                PURPOSES.stream().filter(purpose -> !keys.containsKey(purpose)).toList();
        missing.forEach(purpose -> keys.put(purpose, DataKey.make(purpose)));
        return isCurrent && missing.isEmpty()
                ? blocking(() -> {
                    file.finish();
                    return 0;
                })
                : wrap(ring);
    }

    /** @return whether all of them are wrapped with the current master key */
    private boolean unwrapAll(Keyring ring, List<Row> rows) {
        boolean isCurrent = true;
        try {
            for (var row : rows) {
                var purpose = row.getString("purpose");
                var wrappedWith = row.getString("master_key");
                keys.put(purpose, ring.unwrap(purpose, wrappedWith, row.getString("wrapped")));
                isCurrent &= wrappedWith.equals(ring.current().id());
            }
        } catch (SealException e) {
            throw failure(e);
        }
        masterKey = ring.current().id();
        return isCurrent;
    }

    private Future<Integer> wrap(Keyring ring) {
        var now = clock.instant().toEpochMilli();
        var statements = new ArrayList<Statement>();
        keys.forEach((purpose, key) -> statements.add(Statement.of(
                "INSERT INTO data_keys (purpose, master_key, wrapped, wrapped_at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (purpose) DO UPDATE SET master_key = excluded.master_key,"
                        + " wrapped = excluded.wrapped, wrapped_at = excluded.wrapped_at",
                purpose,
                ring.current().id(),
                ring.wrap(key),
                now)));
        return database.write(statements)
                .compose(_ -> blocking(() -> {
                    file.finish();
                    masterKey = ring.current().id();
                    return statements.size();
                }));
    }

    private <T> Future<T> blocking(Callable<T> job) {
        return Blocking.on(vertx, job)
                .recover(cause -> Future.failedFuture(
                        cause instanceof SealException closed
                                ? failure(closed)
                                : new Failure(
                                        ErrorCode.STORAGE_UNAVAILABLE,
                                        "The master key cannot be read or written: " + cause)));
    }

    private static Failure failure(SealException closed) {
        return new Failure(ErrorCode.CONFLICT, closed.text());
    }
}
