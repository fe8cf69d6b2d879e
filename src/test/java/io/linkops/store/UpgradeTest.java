package io.linkops.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.bus.Failure;
import io.linkops.config.DatabaseConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every schema that ever was, with rows in each of its tables, goes forward to the newest without losing one. The
 * databases are made here, by the migrations up to each step: a released migration is never changed.
 */
class UpgradeTest {
    private static final int ROWS = 3;

    @TempDir
    Path directory;

    static List<Integer> steps() {
        return IntStream.rangeClosed(1, Schema.MIGRATIONS.size()).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void noRowIsLostOnTheWayToTheNewestSchema(int step) throws Exception {
        var file = directory.resolve("linkops.db");
        Map<String, List<Map<String, Object>>> before;
        try (var connection = connect(file)) {
            apply(connection, Schema.MIGRATIONS.subList(0, step));
            fill(connection);
            before = content(connection, null);
            assertThat(before)
                    .isNotEmpty()
                    .allSatisfy((_, rows) -> assertThat(rows).hasSizeGreaterThan(1));
        }
        var opened = DatabaseFile.open(config(file));
        opened.close();
        try (var connection = connect(file)) {
            assertThat(Schema.appliedIfAny(connection)).containsExactlyInAnyOrderElementsOf(Schema.MIGRATIONS);
            assertThat(content(connection, before)).isEqualTo(before);
            assertThat(strings(connection, "PRAGMA integrity_check")).containsExactly("ok");
            assertThat(strings(connection, "PRAGMA foreign_key_check")).isEmpty();
            assertThat(shape(connection)).isEqualTo(newest());
        }
        assertThat(DatabaseCopy.examine(file)).hasSize(Schema.MIGRATIONS.size());
    }

    /** What was upgraded is what a new one is: tables, indices and views alike. */
    private Map<String, String> newest() throws Exception {
        var fresh = directory.resolve("fresh.db");
        DatabaseFile.open(config(fresh)).close();
        try (var connection = connect(fresh)) {
            return shape(connection);
        }
    }

    @Test
    void aLaterSchemaIsRefusedAndNothingOfItIsTouched() throws Exception {
        var file = directory.resolve("linkops.db");
        DatabaseFile.open(config(file)).close();
        try (var connection = connect(file)) {
            execute(connection, "CREATE TABLE later (id TEXT)");
            execute(connection, "INSERT INTO schema_migrations VALUES ('990_later', 0)");
        }
        var bytes = Files.readAllBytes(file);
        assertThatThrownBy(() -> DatabaseFile.open(config(file)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("newer LinkOps")
                .hasMessageContaining("990_later")
                .hasMessageContaining("start that version");
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        // It is not left locked: the right version can open it.
        try (var connection = connect(file)) {
            execute(connection, "DELETE FROM schema_migrations WHERE name = '990_later'");
        }
        DatabaseFile.open(config(file)).close();
    }

    @Test
    void aMigrationThatFailsLeavesTheSchemaBeforeIt() throws Exception {
        var file = directory.resolve("linkops.db");
        try (var connection = connect(file)) {
            apply(connection, Schema.MIGRATIONS.subList(0, 3));
            fill(connection);
            // The next one makes this table, too.
            var next = Schema.statements(text(Schema.MIGRATIONS.get(3))).getLast();
            execute(connection, next);
        }
        assertThatThrownBy(() -> DatabaseFile.open(config(file))).isInstanceOf(Failure.class);
        try (var connection = connect(file)) {
            assertThat(Schema.appliedIfAny(connection)).hasSize(3);
            assertThat(content(connection, null)).isNotEmpty();
        }
    }

    private static DatabaseConfig config(Path file) {
        return new DatabaseConfig(file, 2, Duration.ofSeconds(5), 1000);
    }

    private static Connection connect(Path file) throws SQLException {
        var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        execute(connection, "PRAGMA foreign_keys = ON");
        return connection;
    }

    private static void apply(Connection connection, List<String> migrations) throws Exception {
        execute(connection, "CREATE TABLE schema_migrations (name TEXT PRIMARY KEY, applied_at BIGINT NOT NULL)");
        for (var name : migrations) {
            for (var sql : Schema.statements(text(name))) {
                execute(connection, sql);
            }
            execute(connection, "INSERT INTO schema_migrations VALUES ('" + name + "', 0)");
        }
    }

    private static String text(String migration) throws Exception {
        try (var in = Schema.class.getResourceAsStream("/db/" + migration + ".sql")) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    /** Rows in every table, parents before children: what a column refers to has the same value there. */
    private static void fill(Connection connection) throws SQLException {
        List<String> open = new ArrayList<>(tables(connection));
        while (!open.isEmpty()) {
            var table = open.stream()
                    .filter(each -> parents(connection, each).values().stream()
                            .noneMatch(parent -> !parent.equals(each) && open.contains(parent)))
                    .findFirst()
                    .orElseThrow();
            open.remove(table);
            for (int row = 1; row <= ROWS; row++) {
                insert(connection, table, row);
            }
        }
    }

    private static void insert(Connection connection, String table, int row) throws SQLException {
        var columns = columns(connection, table);
        var sql = "INSERT OR IGNORE INTO " + table + " (" + String.join(", ", columns.keySet()) + ") VALUES ("
                + String.join(", ", columns.keySet().stream().map(_ -> "?").toList()) + ")";
        try (var insert = connection.prepareStatement(sql)) {
            int index = 1;
            for (var column : columns.entrySet()) {
                insert.setObject(index++, value(column.getKey(), column.getValue(), row));
            }
            insert.executeUpdate();
        }
    }

    /** Keys are the same word in every table; what is JSON in some is JSON that is nothing. */
    private static Object value(String column, String type, int row) {
        if (!type.equals("TEXT")) {
            return (long) row;
        }
        return switch (column) {
            case "counts", "metadata", "health" -> "{}";
            case "tags", "flags", "scripts", "selectors", "arguments" -> "[]";
            default -> "value-" + row;
        };
    }

    private static List<String> tables(Connection connection) throws SQLException {
        return strings(
                connection,
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                        + " AND name <> 'schema_migrations' ORDER BY name");
    }

    private static Map<String, String> columns(Connection connection, String table) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        for (var row : rows(connection, "PRAGMA table_info(" + table + ")")) {
            columns.put((String) row.get("name"), (String) row.get("type"));
        }
        return columns;
    }

    private static Map<String, String> parents(Connection connection, String table) {
        try {
            Map<String, String> parents = new TreeMap<>();
            for (var row : rows(connection, "PRAGMA foreign_key_list(" + table + ")")) {
                parents.put((String) row.get("from"), (String) row.get("table"));
            }
            return parents;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each table's rows in order; of those columns only that it had before, if that is given. */
    private static Map<String, List<Map<String, Object>>> content(
            Connection connection, Map<String, List<Map<String, Object>>> before) throws SQLException {
        Map<String, List<Map<String, Object>>> content = new TreeMap<>();
        for (var table : before == null ? tables(connection) : before.keySet()) {
            var columns = before == null
                    ? columns(connection, table).keySet()
                    : before.get(table).getFirst().keySet();
            content.put(
                    table,
                    rows(connection, "SELECT " + String.join(", ", columns) + " FROM " + table + " ORDER BY rowid"));
        }
        return content;
    }

    private static Map<String, String> shape(Connection connection) throws SQLException {
        Map<String, String> shape = new TreeMap<>();
        for (var row : rows(connection, "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")) {
            shape.put(row.get("type") + " " + row.get("name"), (String) row.get("sql"));
        }
        return shape;
    }

    private static List<String> strings(Connection connection, String sql) throws SQLException {
        return rows(connection, sql).stream()
                .map(row -> String.valueOf(row.values().iterator().next()))
                .toList();
    }

    private static List<Map<String, Object>> rows(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var found = statement.executeQuery(sql)) {
            List<Map<String, Object>> rows = new ArrayList<>();
            while (found.next()) {
                Map<String, Object> row = new LinkedHashMap<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    row.put(found.getMetaData().getColumnName(i), found.getObject(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
