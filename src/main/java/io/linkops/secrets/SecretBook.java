package io.linkops.secrets;

import io.linkops.bus.Bytes;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.secrets.Secrets.Deleted;
import io.linkops.secrets.Secrets.Known;
import io.linkops.secrets.Secrets.Listed;
import io.linkops.secrets.Secrets.Rotated;
import io.linkops.secrets.Secrets.Sealed;
import io.linkops.store.Database;
import io.linkops.vault.Parcel;
import io.linkops.vault.SealException;
import io.linkops.vault.Secret;
import io.linkops.vault.SecretFiles;
import io.linkops.vault.SecretReference;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The vault's secrets: who put which when, and their values for those who may have them. */
public final class SecretBook {
    private static final Logger LOG = LoggerFactory.getLogger(SecretBook.class);
    private static final int MOST = 10_000;
    private static final int LONGEST = 16 * 1024;

    private final DataKeys keys;
    private final SecretStore store;
    private final InstantSource clock;
    private Future<?> last = Future.succeededFuture();

    public SecretBook(Database database, DataKeys keys, InstantSource clock) {
        this.keys = keys;
        this.store = new SecretStore(database, keys.of(DataKeys.VAULT));
        this.clock = clock;
    }

    public Future<Listed> list() {
        return store.all().map(all -> new Listed(all, keys.masterKey(), keys.isConfigured()));
    }

    /** VALIDATION_FAILED for a name or a value that is not taken. */
    public Future<Known> put(String name, Secret value, String by) {
        var problems = problems(name, value);
        if (!problems.isEmpty()) {
            return Future.failedFuture(new Failure(
                    ErrorCode.VALIDATION_FAILED,
                    String.join(
                            "; ",
                            problems.entrySet().stream()
                                    .map(each -> each.getKey() + " " + each.getValue())
                                    .toList()),
                    Map.copyOf(problems)));
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return store.count()
                .compose(count -> count >= MOST
                        ? Future.failedFuture(new Failure(
                                ErrorCode.CONFLICT, "There are " + MOST + " secrets already; delete one first"))
                        : store.put(name, value, now, by))
                .compose(_ -> store.find(name))
                .map(found -> found.orElseThrow(() -> missing(name)))
                .onSuccess(_ -> LOG.info("The secret {} was put into the vault by {}", name, by));
    }

    private static Map<String, Object> problems(String name, Secret secret) {
        var problems = new TreeMap<String, Object>();
        if (!SecretReference.NAME.matcher(name).matches()) {
            problems.put(
                    "name",
                    "must be up to 100 letters, digits, dots, dashes and underscores, the first a letter"
                            + " or digit");
        }
        var value = secret.reveal();
        if (value.length() < SecretFiles.SHORTEST || value.indexOf('\0') >= 0) {
            problems.put("value", "must have at least " + SecretFiles.SHORTEST + " characters, and no NUL");
        } else if (value.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            problems.put("value", "must have at most " + LONGEST + " bytes");
        } else if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            problems.put("value", "must not contain half a surrogate pair");
        }
        return problems;
    }

    /** NOT_FOUND if there is none. */
    public Future<Deleted> delete(String name, String by) {
        return store.find(name)
                .compose(found -> found.isEmpty() ? Future.failedFuture(missing(name)) : store.delete(name))
                .onSuccess(_ -> LOG.info("The secret {} was deleted from the vault by {}", name, by))
                .map(_ -> new Deleted());
    }

    Future<Sealed> lend(String name, Bytes reader, String about) {
        return store.value(name)
                .map(found -> {
                    var parcel = Parcel.seal(reader.toArray(), about, found.orElseThrow(() -> missing(name)));
                    return new Sealed(Bytes.of(parcel.sender()), Bytes.of(parcel.box()));
                })
                .recover(SecretBook::failure);
    }

    /** One after the other. */
    public Future<Rotated> rotate(String by) {
        Future<Rotated> rotated = last.transform(_ -> keys.rotate())
                .map(count -> new Rotated(keys.masterKey(), count))
                .onSuccess(done -> LOG.info("The master key was rotated by {}: it is {} now", by, done.masterKey()));
        last = rotated;
        return rotated;
    }

    static <T> Future<T> failure(Throwable cause) {
        return Future.failedFuture(
                cause instanceof SealException closed ? new Failure(ErrorCode.CONFLICT, closed.text()) : cause);
    }

    private static Failure missing(String name) {
        return new Failure(ErrorCode.NOT_FOUND, "There is no secret " + name + " in the vault; put it there first");
    }
}
