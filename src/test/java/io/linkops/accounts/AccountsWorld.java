package io.linkops.accounts;

import io.linkops.SettableClock;
import io.linkops.accounts.Accounts.Authenticate;
import io.linkops.accounts.Accounts.CreateUser;
import io.linkops.accounts.Accounts.Login;
import io.linkops.accounts.Accounts.Principal;
import io.linkops.accounts.Accounts.Role;
import io.linkops.accounts.Accounts.Session;
import io.linkops.accounts.Accounts.User;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.bus.MessageTypes;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.config.ApiConfig;
import io.linkops.config.DatabaseConfig;
import io.linkops.config.MetricsAccess;
import io.linkops.config.SecurityConfig;
import io.linkops.store.Database;
import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The real verticle on the real bus over a real SQLite file, with a clock that the test sets and cheap hashes. */
final class AccountsWorld implements AutoCloseable {
    static final String KEY = "a signing key for tests, 0123456789 long";
    static final String ADDRESS = "192.0.2.1";
    static final Argon2Cost CHEAP = new Argon2Cost(64, 1, 1);

    final Path directory;
    final SettableClock clock = new SettableClock(Instant.parse("2026-11-01T10:00:00.250Z"));
    final List<String> madePasswords = new ArrayList<>();

    /** Whose open streams were told to ask again. */
    final List<String> told = new CopyOnWriteArrayList<>();

    SecurityConfig security = new SecurityConfig(
            5,
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            50,
            12,
            true,
            Duration.ofHours(24),
            Path.of("secrets"),
            null,
            null);
    Duration jwtExpiration = Duration.ofHours(24);

    @Nullable
    String signingKey = KEY;

    @Nullable
    String adminPassword = "the first admin's words";

    private Vertx vertx;
    private Database database;
    private @Nullable String deployment;

    AccountsWorld() {
        try {
            directory = Files.createTempDirectory("linkops-accounts");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        vertx = vertx();
        database = open();
    }

    AccountsWorld start() {
        Bus.of(vertx).listen(Accounts.StandingChanged.class, changed -> told.add(changed.username()));
        var api = new ApiConfig(
                "127.0.0.1",
                0,
                signingKey == null ? null : new Secret(signingKey),
                jwtExpiration,
                List.of(),
                1024,
                10,
                MetricsAccess.TOKEN,
                List.of(),
                null,
                null);
        deployment = await(vertx.deployVerticle(new AccountsVerticle(
                database,
                api,
                security,
                directory,
                adminPassword == null ? null : new Secret(adminPassword),
                password -> madePasswords.add(password.reveal()),
                clock,
                new SecureRandom(),
                CHEAP)));
        return this;
    }

    AccountsWorld stop() {
        if (deployment != null) {
            await(vertx.undeploy(deployment));
            deployment = null;
        }
        return this;
    }

    /** All of the process goes, the file stays. */
    AccountsWorld restart() {
        stop();
        await(database.close());
        await(vertx.close());
        vertx = vertx();
        database = open();
        return start();
    }

    <R extends Reply> Future<R> request(Request<R> request) {
        return Bus.of(vertx).request(request);
    }

    <R extends Reply> R ask(Request<R> request) {
        return await(request(request));
    }

    /** How the request is refused. */
    Failure refusal(Request<?> request) {
        try {
            var answer = ask(request);
            throw new AssertionError("was answered: " + answer);
        } catch (Failure failure) {
            return failure;
        }
    }

    ErrorCode refusedWith(Request<?> request) {
        return refusal(request).code();
    }

    User user(String username, String password, Role role) {
        return ask(new CreateUser(username, password, role));
    }

    Session logIn(String username, String password) {
        return ask(new Login(username, password, ADDRESS));
    }

    Principal authenticate(String token) {
        return ask(new Authenticate(token));
    }

    List<Row> rows(String sql, @Nullable Object... values) {
        return await(database.read(sql, values));
    }

    long count(String sql, @Nullable Object... values) {
        return rows("SELECT COUNT(*) AS n FROM " + sql, values).getFirst().getLong("n");
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stop();
        await(database.close());
        await(vertx.close());
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Vertx vertx() {
        var vertx = Vertx.vertx();
        Bus.install(vertx, MessageTypes.declaredIn(Accounts.class));
        return vertx;
    }

    private Database open() {
        return await(Database.open(
                vertx, new DatabaseConfig(directory.resolve("linkops.db"), 2, Duration.ofSeconds(5), 1000)));
    }
}
