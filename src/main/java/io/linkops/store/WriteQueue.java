package io.linkops.store;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: what waits while a transaction is on its way goes into the next one together. If such a transaction
 * fails, each of its writes is tried in one of its own, so that only the guilty one fails.
 */
final class WriteQueue {
    /** Statements in one transaction: bounds its time and its memory. */
    private static final int MAX_STATEMENTS = 20_000;

    private static final Logger LOG = LoggerFactory.getLogger(WriteQueue.class);

    private record Write(
            List<Statement> statements,
            Promise<Void> promise,
            @Nullable Context caller) {
        /** Answers on the caller's own context. */
        void complete() {
            back(promise::complete);
        }

        void fail(Throwable cause) {
            back(() -> promise.fail(cause));
        }

        private void back(Runnable answer) {
            if (caller == null) {
                answer.run();
            } else {
                caller.runOnContext(_ -> answer.run());
            }
        }
    }

    private final Pool pool;
    private final Context context;
    private final int limit;
    private final ArrayDeque<Write> waiting = new ArrayDeque<>();
    private boolean isBusy;
    private @Nullable Promise<Void> closing;

    WriteQueue(Vertx vertx, Pool pool, int limit) {
        this.pool = pool;
        this.context = vertx.getOrCreateContext();
        this.limit = limit;
    }

    Future<Void> add(List<Statement> statements) {
        var write = new Write(List.copyOf(statements), Promise.promise(), Vertx.currentContext());
        synchronized (this) {
            if (closing != null) {
                return refused("The database is closing");
            }
            if (waiting.size() >= limit) {
                return refused("The database is behind: " + limit + " writes wait already; try again later");
            }
            waiting.add(write);
            if (isBusy) {
                return write.promise.future();
            }
            isBusy = true;
        }
        context.runOnContext(_ -> next());
        return write.promise.future();
    }

    synchronized int waiting() {
        return waiting.size();
    }

    Future<Void> close() {
        Promise<Void> done = Promise.promise();
        synchronized (this) {
            closing = done;
            if (!isBusy) {
                done.complete();
            }
        }
        return done.future().eventually(pool::close);
    }

    private void next() {
        var group = take();
        if (group.isEmpty()) {
            return;
        }
        transact(group)
                .onSuccess(_ -> group.forEach(Write::complete))
                .recover(cause -> isFaultOfAll(group, cause) ? fail(group, cause) : oneByOne(group))
                .onComplete(_ -> next());
    }

    private synchronized List<Write> take() {
        List<Write> group = new ArrayList<>();
        int statements = 0;
        while (!waiting.isEmpty() && statements < MAX_STATEMENTS) {
            var write = waiting.remove();
            group.add(write);
            statements += write.statements.size();
        }
        if (group.isEmpty()) {
            isBusy = false;
            if (closing != null) {
                closing.tryComplete();
            }
        }
        return group;
    }

    private Future<Void> oneByOne(List<Write> group) {
        Future<Void> last = Future.succeededFuture();
        for (var write : group) {
            last = last.compose(_ -> transact(List.of(write)))
                    .onSuccess(_ -> write.complete())
                    .recover(cause -> fail(List.of(write), cause));
        }
        return last;
    }

    /** A disk without room or a locked file is no write's own fault: trying each alone would only take long. */
    private static boolean isFaultOfAll(List<Write> group, Throwable cause) {
        return group.size() == 1 || Database.failure(cause).code() != ErrorCode.INTERNAL;
    }

    private static Future<Void> fail(List<Write> group, Throwable cause) {
        var failure = Database.failure(cause);
        if (failure.code() == ErrorCode.INTERNAL) {
            LOG.error("The database refused {}", sql(group.getFirst()), cause);
        } else {
            LOG.error("The database could not be written: {}", failure.text(), cause);
        }
        group.forEach(write -> write.fail(failure));
        return Future.succeededFuture();
    }

    private static List<String> sql(Write write) {
        return write.statements.stream().map(Statement::sql).distinct().toList();
    }

    private Future<Void> transact(List<Write> group) {
        var statements =
                group.stream().flatMap(write -> write.statements.stream()).toList();
        return pool.withConnection(connection -> control(connection, "BEGIN IMMEDIATE")
                        .compose(_ -> run(connection, statements, 0))
                        .compose(_ -> control(connection, "COMMIT"))
                        .recover(cause ->
                                control(connection, "ROLLBACK").transform(_ -> Future.<Void>failedFuture(cause))))
                .mapEmpty();
    }

    /**
     * In words and not by the driver's own transactions: the driver begins the next one with each commit, which keeps
     * the file locked; and where SQLite has rolled back by itself (full disk), it fails to begin one ever again.
     */
    private static Future<Void> control(SqlConnection connection, String word) {
        return connection.query(word).execute().mapEmpty();
    }

    /** Runs adjacent statements with the same SQL as one batch, then the rest. */
    private static Future<Void> run(SqlConnection connection, List<Statement> statements, int from) {
        if (from == statements.size()) {
            return Future.succeededFuture();
        }
        var sql = statements.get(from).sql();
        List<Tuple> batch = new ArrayList<>();
        int to = from;
        while (to < statements.size() && statements.get(to).sql().equals(sql)) {
            batch.add(Database.tuple(statements.get(to++).values()));
        }
        var after = to;
        return connection.preparedQuery(sql).executeBatch(batch).compose(_ -> run(connection, statements, after));
    }

    private static Future<Void> refused(String message) {
        return Future.failedFuture(new Failure(ErrorCode.STORAGE_UNAVAILABLE, message));
    }
}
