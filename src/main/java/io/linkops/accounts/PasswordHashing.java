package io.linkops.accounts;

import io.linkops.bus.Blocking;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The crossing from the event loop to the hashing threads: few, because each hash takes {@link Argon2Cost} memory, and
 * with a queue that ends. Called on the verticle's context only.
 */
final class PasswordHashing {
    private static final int THREADS = 2;
    private static final int MAX_WAITING = 200;
    private static final int RETRY_AFTER_SECONDS = 5;

    private final WorkerExecutor threads;
    private final Argon2Cost cost;
    private final Randomness randomness;
    private final String nobody;
    private int waiting;

    PasswordHashing(Vertx vertx, Argon2Cost cost, Randomness randomness) {
        this.threads = vertx.createSharedWorkerExecutor("linkops-passwords", THREADS);
        this.cost = cost;
        this.randomness = randomness;
        this.nobody = PasswordHash.ofNobody(cost, randomness.bytes(PasswordHash.SALT_BYTES));
    }

    Future<String> hash(String password) {
        var salt = randomness.bytes(PasswordHash.SALT_BYTES);
        return run(() -> PasswordHash.of(password, cost, salt));
    }

    /** Whether this is the password of an account that may log in; the same work for nobody's account. */
    Future<Boolean> matches(@Nullable Account account, String password) {
        var hash = account == null || account.isFromProvider() ? nobody : account.passwordHash();
        var mayEnter = account != null && !account.isFromProvider() && !account.isDisabled();
        return run(() -> PasswordHash.matches(hash, password) && mayEnter);
    }

    Future<Void> close() {
        return threads.close();
    }

    private <T> Future<T> run(Callable<T> job) {
        if (waiting >= MAX_WAITING) {
            return Future.failedFuture(new Failure(
                    ErrorCode.RATE_LIMITED,
                    "Too many log-ins at once; try again in a few seconds",
                    Map.of("retry_after_seconds", RETRY_AFTER_SECONDS)));
        }
        waiting++;
        return Blocking.on(threads, job).onComplete(ended -> waiting--);
    }
}
