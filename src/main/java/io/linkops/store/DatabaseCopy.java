package io.linkops.store;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.DatabaseConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Copies of a database file: how one is taken beside whoever writes to it, and what one is worth. Blocking. */
public final class DatabaseCopy {
    private static final int WAIT_MILLIS = 30_000;

    private DatabaseCopy() {}

    /**
     * Writes the database as of one moment, with everything that was acknowledged before, into an empty file. Whoever
     * owns the database goes on writing meanwhile and is not slowed; nothing in it is changed.
     */
    public static void take(DatabaseConfig config, Path target) {
        requireThere(config.path());
        try (var connection = DatabaseFile.readOnly(config).getConnection();
                var statement = connection.prepareStatement("VACUUM INTO ?")) {
            statement.setString(1, target.toString());
            statement.executeUpdate();
        } catch (SQLException e) {
            var why = DatabaseFile.failure(e);
            throw why.code() == ErrorCode.STORAGE_FULL
                    ? new Failure(
                            why.code(),
                            "There is no room for a copy of the database beside " + target
                                    + "; make room there, or name another place")
                    : new Failure(why.code(), "The database " + config.path() + " cannot be copied: " + why.text());
        }
    }

    private static void requireThere(Path path) {
        if (!Files.exists(path)) {
            throw new Failure(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "There is no database " + path + "; look whether database.path is right (--config)");
        }
    }

    /**
     * Looks through every table and index.
     *
     * @return the migrations it has, in order; fails with STORAGE_UNAVAILABLE, telling why, if it is damaged or no
     *     database of LinkOps
     */
    public static List<String> examine(Path file) {
        try (var connection = open(file)) {
            requireWhole(connection, file);
            var applied = Schema.appliedIfAny(connection);
            if (applied.isEmpty()) {
                throw new Failure(ErrorCode.STORAGE_UNAVAILABLE, file + " is not a database of LinkOps");
            }
            return applied;
        } catch (SQLException e) {
            throw DatabaseFile.failure(e);
        }
    }

    private static void requireWhole(Connection connection, Path file) throws SQLException {
        var said = new ArrayList<>(rows(connection, "PRAGMA integrity_check(1)"));
        said.remove("ok");
        said.addAll(rows(connection, "PRAGMA foreign_key_check"));
        if (!said.isEmpty()) {
            throw new Failure(
                    ErrorCode.STORAGE_UNAVAILABLE, "The database " + file + " is damaged: " + said.getFirst());
        }
    }

    private static List<String> rows(Connection connection, String pragma) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (var statement = connection.createStatement();
                var found = statement.executeQuery(pragma)) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }

    /** Those of these migrations that this LinkOps does not know: it must not touch such a database. */
    public static List<String> unknown(List<String> applied) {
        return applied.stream()
                .filter(name -> !Schema.MIGRATIONS.contains(name))
                .toList();
    }

    /** Brings all that is in files beside it into the file itself; for one that nobody has open. */
    public static void settle(Path file) {
        try (var connection = open(file);
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            throw DatabaseFile.failure(e);
        }
    }

    private static Connection open(Path file) throws SQLException {
        var sqlite = new SQLiteConfig();
        sqlite.setBusyTimeout(WAIT_MILLIS);
        var source = new SQLiteDataSource(sqlite);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        return source.getConnection();
    }
}
