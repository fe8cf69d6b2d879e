package io.linkops.secrets;

import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Once after the upgrade to sealed values: the rooms have sealed what older versions kept plain, and the file is
 * written anew, so that the old bytes are gone from it and from its log. Cut off, it is done at the next start.
 */
public final class AtRest {
    private static final Logger LOG = LoggerFactory.getLogger(AtRest.class);

    private AtRest() {}

    /** To be called when every room has sealed what it keeps; never fails. */
    public static Future<Void> clean(Database database, InstantSource clock) {
        return database.read("SELECT at FROM sealed_since")
                .compose(rows -> rows.isEmpty() ? rewrite(database, clock) : Future.succeededFuture())
                .recover(cause -> {
                    LOG.warn(
                            "Secrets that an older version kept plain may still be in the database's free pages;"
                                    + " the next start writes the file anew, which needs as much room again",
                            cause);
                    return Future.succeededFuture();
                });
    }

    private static Future<Void> rewrite(Database database, InstantSource clock) {
        return database.rewrite()
                .compose(_ -> database.write(Statement.of(
                        "INSERT INTO sealed_since (id, at) VALUES (1, ?) ON CONFLICT (id) DO NOTHING",
                        clock.instant().toEpochMilli())))
                .onSuccess(_ -> LOG.info("What the database keeps secret is sealed"));
    }
}
