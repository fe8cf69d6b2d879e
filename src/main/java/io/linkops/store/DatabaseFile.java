package io.linkops.store;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.DatabaseConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The SQLite file: its connections' settings, its lock against a second LinkOps, and what its errors mean. */
final class DatabaseFile {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseFile.class);

    /** What {@code PRAGMA auto_vacuum} says when free pages can be given back. */
    static final long INCREMENTAL = 2;

    /** A file made without that is rewritten at the start, unless it is larger than this. */
    private static final long MOST_REWRITTEN = 256L * 1024 * 1024;

    private final @Nullable FileChannel lockFile;
    private final DataSource writer;
    private final DataSource reader;

    private DatabaseFile(@Nullable FileChannel lockFile, DataSource writer, DataSource reader) {
        this.lockFile = lockFile;
        this.writer = writer;
        this.reader = reader;
    }

    /** Blocking. Locks the file and brings its schema up to date. */
    static DatabaseFile open(DatabaseConfig config) {
        var path = config.path().toAbsolutePath();
        var lockFile = lock(path);
        try {
            refuseHalfRestored(path);
            makeReclaimable(path);
            var writer = dataSource(path, config, false);
            Schema.migrate(writer);
            return new DatabaseFile(lockFile, writer, dataSource(path, config, true));
        } catch (SQLException e) {
            close(lockFile);
            var why = failure(e);
            throw new Failure(why.code(), "Cannot open the database " + path + ": " + why.text());
        } catch (RuntimeException e) {
            close(lockFile);
            throw e;
        }
    }

    /** Without this, a start after a restore that was cut off would begin with nothing, or with what was replaced. */
    private static void refuseHalfRestored(Path path) {
        var draft = DatabaseHold.draft(path);
        if (Files.exists(draft)) {
            throw new Failure(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "A restore of " + path + " was cut off; run 'linkops restore' again, or remove " + draft
                            + " to start with what is there now");
        }
    }

    /** Before anything else: SQLite decides with the first page how free pages are kept. */
    private static void makeReclaimable(Path path) throws SQLException {
        var plain = new SQLiteDataSource();
        plain.setUrl("jdbc:sqlite:" + path);
        try (var connection = plain.getConnection();
                var statement = connection.createStatement()) {
            if (number(statement, "PRAGMA auto_vacuum") == INCREMENTAL) {
                return;
            }
            long bytes = number(statement, "PRAGMA page_count") * number(statement, "PRAGMA page_size");
            if (bytes > MOST_REWRITTEN) {
                LOG.warn(
                        "The database {} was made by an older LinkOps and keeps the space of what is removed. To have"
                                + " it given back, stop LinkOps and run: sqlite3 {} 'PRAGMA auto_vacuum=2; VACUUM'",
                        path,
                        path);
                return;
            }
            statement.executeUpdate("PRAGMA auto_vacuum=" + INCREMENTAL);
            statement.executeUpdate("VACUUM");
        }
    }

    private static long number(java.sql.Statement statement, String question) throws SQLException {
        try (var rows = statement.executeQuery(question)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /** Blocking. @return how many bytes were given back */
    long reclaim(int pages) throws SQLException {
        try (var connection = writer.getConnection();
                var statement = connection.createStatement()) {
            long before = number(statement, "PRAGMA freelist_count");
            if (before == 0 || number(statement, "PRAGMA auto_vacuum") != INCREMENTAL) {
                return 0;
            }
            statement.executeUpdate("PRAGMA incremental_vacuum(" + pages + ")");
            long left = number(statement, "PRAGMA freelist_count");
            // The file itself gets shorter when the log is written back into it.
            number(statement, "PRAGMA wal_checkpoint(PASSIVE)");
            return Math.max(0, before - left) * number(statement, "PRAGMA page_size");
        }
    }

    /** Neither locked nor changed: for looking at a file that another process may own. */
    static DatabaseFile openForReading(DatabaseConfig config) {
        var source = readOnly(config);
        return new DatabaseFile(null, source, source);
    }

    static DataSource readOnly(DatabaseConfig config) {
        var sqlite = new SQLiteConfig();
        sqlite.setReadOnly(true);
        sqlite.setBusyTimeout((int) config.busyTimeout().toMillis());
        var source = new SQLiteDataSource(sqlite);
        source.setUrl("jdbc:sqlite:" + config.path().toAbsolutePath());
        return source;
    }

    DataSource writer() {
        return writer;
    }

    DataSource reader() {
        return reader;
    }

    /** Blocking. The log may be read from for a moment yet: then what is in it stays until it is written over. */
    void rewrite() {
        try (var connection = writer.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("VACUUM");
            try (var row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
                if (!row.next() || row.getInt(1) != 0) {
                    throw new Failure(ErrorCode.STORAGE_UNAVAILABLE, "The database's log is in use; try again later");
                }
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    void close() {
        if (lockFile != null) {
            close(lockFile);
        }
    }

    /** Durable (FULL survives a power cut), readers beside the writer (WAL), foreign keys on. */
    private static DataSource dataSource(Path path, DatabaseConfig config, boolean isReader) {
        var sqlite = new SQLiteConfig();
        sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
        sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        sqlite.setBusyTimeout((int) config.busyTimeout().toMillis());
        sqlite.enforceForeignKeys(true);
        sqlite.setTransactionMode(
                isReader ? SQLiteConfig.TransactionMode.DEFERRED : SQLiteConfig.TransactionMode.IMMEDIATE);
        var source = new SQLiteDataSource(sqlite);
        source.setUrl("jdbc:sqlite:" + path);
        return source;
    }

    static FileChannel lock(Path path) {
        var lockPath = path.resolveSibling(path.getFileName() + ".lock");
        try {
            createDirectory(path.getParent());
            var channel = FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                close(channel);
                throw new Failure(
                        ErrorCode.STORAGE_UNAVAILABLE,
                        "Another LinkOps uses the database " + path
                                + "; stop it, or set database.path to another file");
            }
            return channel;
        } catch (IOException e) {
            throw new Failure(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "Cannot create " + lockPath + " (" + e
                            + "); database.path must be in a directory LinkOps may write");
        }
    }

    private static void createDirectory(@Nullable Path directory) throws IOException {
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("The database's lock file did not close", e);
        }
    }

    /** Faults of the disk or the file are told apart from faults of a statement. */
    static Failure failure(SQLException cause) {
        var code = cause instanceof SQLiteException sqlite ? sqlite.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        // The low byte is the primary code; the rest tells the variety.
        return switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
            case SQLITE_FULL ->
                new Failure(
                        ErrorCode.STORAGE_FULL,
                        "The disk that holds the database is full; make room, then try again: nothing was changed");
            case SQLITE_IOERR ->
                new Failure(
                        code == SQLiteErrorCode.SQLITE_IOERR_WRITE
                                ? ErrorCode.STORAGE_FULL
                                : ErrorCode.STORAGE_UNAVAILABLE,
                        "The disk that holds the database reports an error; look at its space and health");
            case SQLITE_BUSY, SQLITE_LOCKED ->
                new Failure(
                        ErrorCode.STORAGE_UNAVAILABLE,
                        "The database is locked by another process; close it there, then try again");
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH ->
                new Failure(
                        ErrorCode.STORAGE_UNAVAILABLE,
                        "The database file cannot be written; check its owner, its mode and its directory's");
            case SQLITE_NOTADB, SQLITE_CORRUPT ->
                new Failure(ErrorCode.STORAGE_UNAVAILABLE, "The database file is damaged; restore a backup");
            default -> new Failure(ErrorCode.INTERNAL, "The database refused a statement; the log has the details");
        };
    }
}
