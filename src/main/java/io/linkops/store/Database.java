package io.linkops.store;

import io.linkops.bus.Blocking;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.DatabaseConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.jdbcclient.JDBCPool;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The database behind two doors. {@link #write} queues statements that become durable together: every write runs in a
 * transaction on the one writing connection, and writes that wait share a transaction and its sync to disk.
 * {@link #read} never opens a transaction. There is no third door, so nothing can stay uncommitted on a pooled
 * connection.
 *
 * <p>One process owns a database file at a time; a second one is refused.
 */
public final class Database {
    private final Vertx vertx;
    private final WriteQueue writes;
    private final Pool readers;
    private final DatabaseFile file;

    private Database(Vertx vertx, DatabaseConfig config, DatabaseFile file) {
        var writer = JDBCPool.pool(vertx, file.writer(), new PoolOptions().setMaxSize(1));
        this.writes = new WriteQueue(vertx, writer, config.maxQueuedWrites());
        this.readers = JDBCPool.pool(vertx, file.reader(), new PoolOptions().setMaxSize(config.readers()));
        this.file = file;
        this.vertx = vertx;
    }

    /**
     * Opens the file, creating it and its directory if need be, and brings its schema up to date.
     *
     * @return fails with STORAGE_UNAVAILABLE or STORAGE_FULL, naming the file, when that cannot be done
     */
    public static Future<Database> open(Vertx vertx, DatabaseConfig config) {
        return Blocking.on(vertx, () -> new Database(vertx, config, DatabaseFile.open(config)));
    }

    /**
     * Opens an existing file only to read it, beside the LinkOps that owns it, if one runs: nothing is locked, made or
     * migrated, and every write fails. For {@code doctor}.
     */
    public static Future<Database> openForReading(Vertx vertx, DatabaseConfig config) {
        return Blocking.on(vertx, () -> new Database(vertx, config, DatabaseFile.openForReading(config)));
    }

    /**
     * Does all of the statements or none of them. Whoever writes a table is its only writer and has decided before.
     *
     * @return completes once they are on disk and not before; fails with STORAGE_FULL or STORAGE_UNAVAILABLE when the
     *     disk or the file is the reason (try again later), with INTERNAL when the statements are
     */
    public Future<Void> write(List<Statement> statements) {
        return writes.add(statements);
    }

    /** {@link #write(List)} for a few statements. */
    public Future<Void> write(Statement... statements) {
        return write(List.of(statements));
    }

    /** Reads the schema and writes a row: fails when one of both cannot be done, or the schema is not this one's. */
    public Future<Void> check() {
        return read("SELECT name FROM schema_migrations").compose(rows -> {
            var names = rows.stream().map(row -> row.getString("name")).toList();
            if (!names.containsAll(Schema.MIGRATIONS) || names.size() != Schema.MIGRATIONS.size()) {
                return Future.failedFuture(new Failure(
                        ErrorCode.STORAGE_UNAVAILABLE,
                        "The database's schema is not that of this LinkOps; restart it"));
            }
            return write(Statement.of(
                    "UPDATE schema_migrations SET applied_at = applied_at WHERE name = ?", names.getFirst()));
        });
    }

    /** How many writes wait for the disk. */
    public int queuedWrites() {
        return writes.waiting();
    }

    /** The rows of a query, as of the last transaction. */
    public Future<List<Row>> read(String sql, @Nullable Object... values) {
        return readers.preparedQuery(sql)
                .execute(tuple(java.util.Arrays.asList(values)))
                .map(rows -> {
                    List<Row> list = new ArrayList<>(rows.size());
                    rows.forEach(list::add);
                    return list;
                })
                .recover(cause -> Future.failedFuture(failure(cause)));
    }

    /**
     * Writes the whole file anew and empties the log beside it, so that nothing of what was deleted or overwritten is
     * left in either. Needs as much room again, and nobody writes meanwhile.
     */
    public Future<Void> rewrite() {
        return Blocking.on(vertx, () -> {
                    file.rewrite();
                    return true;
                })
                .mapEmpty();
    }

    /**
     * How large the file is.
     *
     * @param freeBytes used by nothing
     * @param isReclaimable whether {@link #reclaim} can give them back to the disk
     */
    public record Space(long fileBytes, long freeBytes, boolean isReclaimable) {}

    public Future<Space> space() {
        return read("SELECT page_count * page_size AS all_bytes, freelist_count * page_size AS free_bytes, auto_vacuum"
                        + " FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size(),"
                        + " pragma_auto_vacuum()")
                .map(rows -> new Space(
                        rows.getFirst().getLong("all_bytes"),
                        rows.getFirst().getLong("free_bytes"),
                        rows.getFirst().getLong("auto_vacuum") == DatabaseFile.INCREMENTAL));
    }

    /**
     * Gives some unused pages back to the disk. A write that comes meanwhile waits for it, which is why it is a few
     * pages at a time. Not by the doors: it changes no row, and SQLite does it one page for each step.
     *
     * @return how many bytes; 0 when there is nothing to give back
     */
    public Future<Long> reclaim(int pages) {
        return Blocking.on(vertx, () -> file.reclaim(pages));
    }

    /** Waits for what is queued, then closes the file. */
    public Future<Void> close() {
        return writes.close().eventually(readers::close).eventually(() -> {
            file.close();
            return Future.succeededFuture();
        });
    }

    static Tuple tuple(List<@Nullable Object> values) {
        var tuple = Tuple.tuple();
        for (var value : values) {
            tuple.addValue(value instanceof Boolean truth ? Long.valueOf(truth ? 1 : 0) : value);
        }
        return tuple;
    }

    /** What a failed statement means to the caller. */
    static Failure failure(Throwable cause) {
        for (@Nullable Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof Failure failure) {
                return failure;
            }
            if (at instanceof java.sql.SQLException sql) {
                return DatabaseFile.failure(sql);
            }
        }
        return new Failure(ErrorCode.INTERNAL, "The database refused a statement; the log has the details");
    }
}
