package io.linkops.worlds;

import io.linkops.bus.Bus;
import io.linkops.bus.Failure;
import io.linkops.bus.MessageTypes;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.config.DatabaseConfig;
import io.linkops.store.Database;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import io.vertx.sqlclient.Row;

/** A Vert.x with the bus and a real SQLite file, for tests of verticles; asked from the test's own thread. */
@SuppressWarnings("try") // closing waits, and may be interrupted
public final class Kernel implements AutoCloseable {
    private final Vertx vertx;
    private final Database database;

    public Kernel(Path directory, Class<?>... contracts) throws Exception {
        vertx = Vertx.vertx();
        Bus.install(vertx, MessageTypes.declaredIn(contracts));
        database = await(Database.open(
                vertx, new DatabaseConfig(directory.resolve("linkops.db"), 2, Duration.ofSeconds(5), 10_000)));
    }

    public String deploy(Deployable verticle) throws Exception {
        return await(vertx.deployVerticle(verticle));
    }

    public void undeploy(String id) throws Exception {
        await(vertx.undeploy(id));
    }

    public <R extends Reply> R ask(Request<R> request) throws Exception {
        return await(Bus.of(vertx).request(request, Duration.ofMinutes(1)));
    }

    /** The failure a request must end with. */
    public Failure refusal(Request<?> request) throws Exception {
        try {
            throw new AssertionError(request + " was answered with " + ask(request));
        } catch (ExecutionException e) {
            return (Failure) e.getCause();
        }
    }

    public List<Row> rows(String sql) throws Exception {
        return await(database.read(sql));
    }

    public Vertx vertx() {
        return vertx;
    }

    public Database database() {
        return database;
    }

    public static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        await(database.close());
        await(vertx.close());
    }
}
