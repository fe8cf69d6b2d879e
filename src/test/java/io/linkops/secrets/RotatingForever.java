package io.linkops.secrets;

import io.linkops.config.DatabaseConfig;
import io.linkops.store.Database;
import io.linkops.vault.MasterKeyFile;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** A process that rotates the master key again and again, to be killed at any moment. */
final class RotatingForever {
    private RotatingForever() {}

    public static void main(String[] arguments) throws Exception {
        var directory = Path.of(arguments[0]);
        var vertx = Vertx.vertx();
        var config = new DatabaseConfig(directory.resolve("linkops.db"), 1, Duration.ofSeconds(5), 10_000);
        var database = Database.open(vertx, config).await(30, TimeUnit.SECONDS);
        var file = new MasterKeyFile(directory, null, null);
        var keys = DataKeys.open(vertx, database, file, InstantSource.system()).await(30, TimeUnit.SECONDS);
        while (true) {
            keys.rotate().await(30, TimeUnit.SECONDS);
            System.out.println(keys.masterKey());
        }
    }
}
