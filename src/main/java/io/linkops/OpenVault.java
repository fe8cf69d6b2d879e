package io.linkops;

import io.linkops.audit.Audit;
import io.linkops.audit.Audit.Auth;
import io.linkops.audit.Audit.Entry;
import io.linkops.audit.Audit.Who;
import io.linkops.bus.Bus;
import io.linkops.bus.MessageTypes;
import io.linkops.config.Settings;
import io.linkops.secrets.DataKeys;
import io.linkops.secrets.SecretBook;
import io.linkops.secrets.Secrets.Listed;
import io.linkops.secrets.Secrets.Rotated;
import io.linkops.secrets.StoredSecrets;
import io.linkops.store.Database;
import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The vault for one command: whoever can reach it first. */
interface OpenVault extends AutoCloseable {
    Listed list() throws Exception;

    void put(String name, Secret value) throws Exception;

    void delete(String name) throws Exception;

    Rotated rotate() throws Exception;

    @Override
    void close();

    /** The one that LINKOPS_URL names, else the one of this machine's configuration. */
    static OpenVault of(Surroundings surroundings, @Nullable Path config) throws Exception {
        var url = surroundings.defaults().environment().getOrDefault("LINKOPS_URL", "");
        if (!url.isEmpty()) {
            return new RemoteVault(url, surroundings.defaults().environment().getOrDefault("LINKOPS_TOKEN", ""));
        }
        var settings = surroundings.loadWithoutVault(config).settings();
        LocalAdmin.requireOwner(settings.database().path().toAbsolutePath());
        return new Here(settings);
    }

    /** The database itself; refused while a LinkOps runs on it. */
    final class Here implements OpenVault {
        private static final long PATIENCE_SECONDS = 60;

        private final Vertx vertx = Vertx.vertx();
        private final String by = System.getProperty("user.name", "somebody") + " (command line)";
        private final Database database;
        private final SecretBook book;

        private final Bus bus;
        private final String audit;

        Here(Settings settings) throws Exception {
            var file = StoredSecrets.masterKey(settings.database(), settings.security());
            Database opened = null;
            try {
                Bus.install(vertx, MessageTypes.declaredIn(Audit.class));
                bus = Bus.of(vertx);
                opened = await(Database.open(vertx, settings.database()));
                audit = await(vertx.deployVerticle(LocalAdmin.audit(settings, opened)));
                var keys = await(DataKeys.open(vertx, opened, file, InstantSource.system()));
                database = opened;
                book = new SecretBook(opened, keys, InstantSource.system());
            } catch (Exception e) {
                if (opened != null) {
                    await(opened.close());
                }
                await(vertx.close());
                throw e;
            }
        }

        private static <T> T await(Future<T> future) throws Exception {
            return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        public Listed list() throws Exception {
            return await(book.list());
        }

        @Override
        public void put(String name, Secret value) throws Exception {
            await(recorded("secrets.update", name, () -> book.put(name, value, by)));
        }

        @Override
        public void delete(String name) throws Exception {
            await(recorded("secrets.delete", name, () -> book.delete(name, by)));
        }

        @Override
        public Rotated rotate() throws Exception {
            return await(recorded("secrets.rotate", "", () -> book.rotate(by)));
        }

        private <T> Future<T> recorded(String action, String name, Supplier<Future<T>> act) {
            var who = new Who("", "", Auth.LOCAL, "");
            return LocalRecord.of(bus, result -> new Entry(who, action, "secrets", name, Map.of(), result, ""), act);
        }

        @Override
        public void close() {
            try {
                // the audit's last rows need the database
                await(vertx.undeploy(audit));
                await(database.close());
                await(vertx.close());
            } catch (Exception e) {
                throw new IllegalStateException("The database did not close", e);
            }
        }
    }
}
