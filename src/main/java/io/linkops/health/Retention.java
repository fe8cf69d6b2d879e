package io.linkops.health;

import io.linkops.config.HealthConfig;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes old samples into hours and deletes what is too old, a little at a time. An hour is written in the transaction
 * that deletes its samples, so no check is ever counted twice or lost, whenever this is cut off.
 */
final class Retention {
    private static final int LINKS_AT_ONCE = 200;

    private final Database database;
    private final HealthConfig config;

    Retention(Database database, HealthConfig config) {
        this.database = database;
        this.config = config;
    }

    /** Does one batch. @return whether there may be more to do */
    Future<Boolean> step(Instant now) {
        long samplesUntil = hour(now.minus(config.samplesKept()).toEpochMilli());
        long historyUntil = hour(now.minus(config.historyKept()).toEpochMilli());
        return database.read("SELECT MIN(at) AS oldest FROM link_health_samples")
                .compose(rows -> {
                    var oldest = rows.getFirst().getLong("oldest");
                    return oldest == null || oldest >= samplesUntil
                            ? delete(historyUntil)
                            : compact(hour(oldest)).map(true);
                });
    }

    private static long hour(long millis) {
        return Math.floorDiv(millis, Hour.MILLIS) * Hour.MILLIS;
    }

    private Future<Void> compact(long hour) {
        return database.read(
                        "SELECT DISTINCT link_id FROM link_health_samples WHERE at >= ? AND at < ? ORDER BY link_id"
                                + " LIMIT ?",
                        hour,
                        hour + Hour.MILLIS,
                        LINKS_AT_ONCE)
                .compose(rows -> compact(
                        hour,
                        rows.getFirst().getString("link_id"),
                        rows.getLast().getString("link_id")));
    }

    private Future<Void> compact(long hour, String first, String last) {
        var samples = database.read(
                "SELECT link_id, result, latency_millis FROM link_health_samples WHERE at >= ? AND at < ?"
                        + " AND link_id >= ? AND link_id <= ?",
                hour,
                hour + Hour.MILLIS,
                first,
                last);
        var known = database.read(
                "SELECT * FROM link_health_hours WHERE hour = ? AND link_id >= ? AND link_id <= ?", hour, first, last);
        return Future.all(samples, known).compose(_ -> {
            Map<String, Hour> hours = new TreeMap<>();
            known.result().forEach(row -> merge(hours, Hour.of(row)));
            samples.result().stream()
                    .filter(row -> !row.getString("result").equals(Health.Result.UNKNOWN.name()))
                    .forEach(row -> merge(hours, sample(row, hour)));
            List<Statement> statements = new ArrayList<>();
            hours.values().forEach(each -> statements.add(each.put()));
            statements.add(Statement.of(
                    "DELETE FROM link_health_samples WHERE at >= ? AND at < ? AND link_id >= ? AND link_id <= ?",
                    hour,
                    hour + Hour.MILLIS,
                    first,
                    last));
            return database.write(statements);
        });
    }

    private static void merge(Map<String, Hour> hours, Hour hour) {
        hours.merge(hour.linkId(), hour, Hour::plus);
    }

    private static Hour sample(Row row, long hour) {
        @Nullable Long latency = row.getLong("latency_millis");
        var isFailure = row.getString("result").equals(Health.Result.OFFLINE.name());
        return new Hour(
                row.getString("link_id"), hour, 1, isFailure ? 1 : 0, latency == null ? List.of() : List.of(latency));
    }

    /** One hour of each, the oldest. */
    private Future<Boolean> delete(long until) {
        return database.read("SELECT (SELECT MIN(hour) FROM link_health_hours) AS hours, (SELECT MIN(at) FROM"
                        + " link_health_changes) AS changes, (SELECT MIN(ends_at) FROM maintenance_windows) AS"
                        + " windows")
                .compose(rows -> {
                    var row = rows.getFirst();
                    List<Statement> statements = new ArrayList<>();
                    delete(statements, "link_health_hours", "hour", row.getLong("hours"), until);
                    delete(statements, "link_health_changes", "at", row.getLong("changes"), until);
                    delete(statements, "maintenance_windows", "ends_at", row.getLong("windows"), until);
                    return statements.isEmpty()
                            ? Future.succeededFuture(false)
                            : database.write(statements).map(true);
                });
    }

    private static void delete(
            List<Statement> statements, String table, String column, @Nullable Long oldest, long until) {
        if (oldest != null && oldest < until) {
            statements.add(Statement.of(
                    "DELETE FROM " + table + " WHERE " + column + " < ?", Math.min(hour(oldest) + Hour.MILLIS, until)));
        }
    }
}
