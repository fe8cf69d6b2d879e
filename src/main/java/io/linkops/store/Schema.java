package io.linkops.store;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;

/**
 * The numbered migrations under {@code db/}, applied in order, each in a transaction of its own together with its row
 * in {@code schema_migrations}. A released migration is never changed; a new one is added.
 */
final class Schema {
    /** Every migration there is, in order. */
    static final List<String> MIGRATIONS = List.of(
            "001_journal",
            "010_accounts",
            "020_inventory",
            "030_gitsync",
            "040_operations",
            "050_terminals",
            "060_health",
            "070_sync_guard",
            "080_durable",
            "081_durable_executions",
            "090_rollouts",
            "100_schedules",
            "110_notifications",
            "120_tables",
            "130_scopes",
            "140_identities",
            "150_secrets",
            "160_audit",
            "161_retention",
            "170_named_workspaces");

    private Schema() {}

    static void migrate(DataSource source) throws SQLException {
        try (var connection = source.getConnection()) {
            execute(
                    connection,
                    "CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, applied_at BIGINT NOT NULL)");
            var applied = applied(connection);
            refuseNewer(applied);
            for (var name : MIGRATIONS) {
                if (!applied.contains(name)) {
                    apply(connection, name);
                }
            }
        }
    }

    /** Those of a file that may be no LinkOps database yet. */
    static List<String> appliedIfAny(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'")) {
            if (!rows.next()) {
                return List.of();
            }
        }
        return List.copyOf(applied(connection));
    }

    private static void refuseNewer(Set<String> applied) {
        var unknown = new TreeSet<>(applied);
        unknown.removeAll(MIGRATIONS);
        if (!unknown.isEmpty()) {
            throw new Failure(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "The database was written by a newer LinkOps (it has " + unknown + "); start that version");
        }
    }

    private static Set<String> applied(Connection connection) throws SQLException {
        var names = new TreeSet<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT name FROM schema_migrations")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private static void apply(Connection connection, String name) throws SQLException {
        connection.setAutoCommit(false);
        try {
            for (var sql : statements(text(name))) {
                execute(connection, sql);
            }
            try (var insert = connection.prepareStatement("INSERT INTO schema_migrations VALUES (?, ?)")) {
                insert.setString(1, name);
                insert.setLong(2, System.currentTimeMillis());
                insert.executeUpdate();
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** Statements end with a semicolon at the end of a line; comments begin a line with two dashes. */
    static List<String> statements(String text) {
        var code = text.lines().filter(line -> !line.stripLeading().startsWith("--"));
        return List.of(String.join("\n", code.toList()).split(";\\s*(\n|$)")).stream()
                .map(String::strip)
                .filter(sql -> !sql.isEmpty())
                .toList();
    }

    private static String text(String name) {
        try (var in = Schema.class.getResourceAsStream("/db/" + name + ".sql")) {
            if (in == null) {
                throw new IllegalStateException("no such migration: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
