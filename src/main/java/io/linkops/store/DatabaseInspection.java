package io.linkops.store;

import io.linkops.config.DatabaseConfig;
import java.sql.SQLException;
import java.util.List;

/**
 * What a database file shows to somebody who only looks: no lock, no migration, nothing written. For {@code doctor}.
 *
 * @param applied migrations the file has, in order
 * @param pending migrations of this LinkOps that it lacks
 * @param unknown migrations it has from a newer LinkOps
 */
public record DatabaseInspection(List<String> applied, List<String> pending, List<String> unknown) {
    public DatabaseInspection {
        applied = List.copyOf(applied);
        pending = List.copyOf(pending);
        unknown = List.copyOf(unknown);
    }

    /** Blocking; fails with STORAGE_UNAVAILABLE when the file cannot be read or is no database. */
    public static DatabaseInspection of(DatabaseConfig config) {
        try (var connection = DatabaseFile.readOnly(config).getConnection()) {
            var applied = Schema.appliedIfAny(connection);
            return new DatabaseInspection(
                    applied,
                    Schema.MIGRATIONS.stream()
                            .filter(name -> !applied.contains(name))
                            .toList(),
                    applied.stream()
                            .filter(name -> !Schema.MIGRATIONS.contains(name))
                            .toList());
        } catch (SQLException e) {
            throw DatabaseFile.failure(e);
        }
    }

    /** Blocking; what SQLite finds wrong with the file's structure, in its words; empty if nothing is. */
    public static String quickCheck(DatabaseConfig config) {
        try (var connection = DatabaseFile.readOnly(config).getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("PRAGMA quick_check(1)")) {
            var said = rows.next() ? rows.getString(1) : "no answer";
            return said.equals("ok") ? "" : said;
        } catch (SQLException e) {
            throw DatabaseFile.failure(e);
        }
    }
}
