package io.linkops;

import io.linkops.accounts.Accounts;
import io.linkops.accounts.AccountsVerticle;
import io.linkops.audit.Audit;
import io.linkops.audit.AuditVerticle;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.bus.MessageTypes;
import io.linkops.config.Settings;
import io.linkops.store.Database;
import io.linkops.vault.Secret;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The other side of {@link AdminSocket}: has an order done by the LinkOps that runs, or, where none does, on the
 * database itself, which is locked meanwhile as LinkOps locks it.
 */
final class LocalAdmin {
    private static final long PATIENCE_SECONDS = 60;

    private final Settings settings;
    private final Consumer<Secret> onMadePassword;

    /** @param onMadePassword hears the first admin's, where the database had no user at all */
    LocalAdmin(Settings settings, Consumer<Secret> onMadePassword) {
        this.settings = settings;
        this.onMadePassword = onMadePassword;
    }

    /** Blocking. @throws Failure saying what to do when it cannot be done */
    JsonObject order(JsonObject order) throws Exception {
        var socket = AdminSocket.path(settings.database().path());
        try (var channel = running(socket)) {
            return channel == null ? alone(order, socket) : AdminSocket.exchange(channel, order);
        } catch (IOException e) {
            throw new Failure(
                    ErrorCode.UNAVAILABLE,
                    "The LinkOps that runs did not do it (" + e.getMessage() + "); run this as root or as the user"
                            + " LinkOps runs as, and look at its log");
        }
    }

    private static @Nullable SocketChannel running(Path socket) throws IOException {
        if (!Files.exists(socket)) {
            return null;
        }
        try {
            return AdminSocket.connect(socket);
        } catch (java.net.ConnectException e) {
            return null;
        } catch (java.net.SocketException e) {
            if (String.valueOf(e.getMessage()).contains("refused")) {
                return null;
            }
            throw e;
        }
    }

    private JsonObject alone(JsonObject order, Path socket) throws Exception {
        requireOwner(settings.database().path().toAbsolutePath());
        var vertx = Vertx.vertx();
        try {
            Bus.install(vertx, MessageTypes.declaredIn(Accounts.class, Audit.class));
            var database = Database.open(vertx, settings.database())
                    .recover(cause -> io.vertx.core.Future.failedFuture(busy(cause, socket)))
                    .await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            try {
                var audit = vertx.deployVerticle(audit(settings, database)).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                vertx.deployVerticle(accounts(database)).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                try {
                    return new AdminDesk(Bus.of(vertx)).take(order).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                } finally {
                    // its last rows need the database
                    vertx.undeploy(audit).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                }
            } finally {
                database.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            vertx.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** The audit of this configuration, for whoever has its database open. */
    static AuditVerticle audit(Settings settings, Database database) {
        return new AuditVerticle(
                database, settings.audit(), directory(settings), InstantSource.system(), new SecureRandom());
    }

    private static Path directory(Settings settings) {
        var directory = settings.database().path().toAbsolutePath().getParent();
        return directory == null ? Path.of("/") : directory;
    }

    private AccountsVerticle accounts(Database database) {
        return new AccountsVerticle(
                database,
                settings.api(),
                settings.security(),
                directory(settings),
                null,
                onMadePassword,
                InstantSource.system(),
                new SecureRandom());
    }

    private static Throwable busy(Throwable cause, Path socket) {
        return cause instanceof Failure failure && failure.text().startsWith("Another LinkOps")
                ? new Failure(
                        ErrorCode.UNAVAILABLE,
                        "LinkOps runs, but does not answer on " + socket + ": its log says why; stop it, or run this"
                                + " as the user it runs as")
                : cause;
    }

    /** Files that root makes here LinkOps could not open afterwards. */
    static void requireOwner(Path database) throws IOException {
        var place = database;
        while (!Files.exists(place) && place.getParent() != null) {
            place = place.getParent();
        }
        var owner = Files.getOwner(place).getName();
        var me = System.getProperty("user.name");
        if (!owner.equals(me)) {
            throw new Failure(
                    ErrorCode.FORBIDDEN,
                    place + " belongs to " + owner + ", and you are " + me + "; while LinkOps is stopped, run this as "
                            + owner + ": sudo -u " + owner + " linkops …");
        }
    }
}
