package io.linkops.health;

import io.linkops.health.Health.Change;
import io.linkops.health.Health.Check;
import io.linkops.inventory.Inventory.LinkSeen;
import io.linkops.inventory.Inventory.LinkStatus;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQL of samples and changes of state; that of making them fewer is in {@link Retention}. */
final class HealthStore {
    private static final int MAX_CHANGES = 1_000;

    private static final String SAMPLE = """
        INSERT INTO link_health_samples (link_id, at, result, stage, hop, reason, latency_millis, took_millis, is_asked)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """;

    private static final String CHANGE = """
        INSERT INTO link_health_changes (link_id, at, from_status, to_status, hop, reason, error, is_in_maintenance)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)\
        """;

    private final Database database;

    HealthStore(Database database) {
        this.database = database;
    }

    /** A sample and what it changed, together. */
    Future<Void> record(Statement sample, @Nullable Statement change) {
        return change == null ? database.write(sample) : database.write(sample, change);
    }

    static Statement sample(Check check, boolean isAsked) {
        return Statement.of(
                SAMPLE,
                check.linkId(),
                check.at().toEpochMilli(),
                check.result().name(),
                check.stage(),
                check.hop(),
                check.reason(),
                check.latencyMillis(),
                check.took().toMillis(),
                isAsked);
    }

    static Statement sample(LinkSeen seen) {
        return Statement.of(
                SAMPLE,
                seen.linkId(),
                seen.at().toEpochMilli(),
                (seen.isOnline() ? Health.Result.ONLINE : Health.Result.OFFLINE).name(),
                null,
                null,
                seen.reason(),
                null,
                null,
                true);
    }

    static Statement change(String linkId, Change change) {
        return Statement.of(
                CHANGE,
                linkId,
                change.at().toEpochMilli(),
                change.from().name(),
                change.to().name(),
                change.hop(),
                change.reason(),
                change.error(),
                change.isInMaintenance());
    }

    /** What there is of a link in that time: samples, and hours before them. */
    Future<Buckets> fill(Buckets buckets, String linkId, Instant from, Instant to) {
        var samples = database.read(
                "SELECT at, result, latency_millis FROM link_health_samples WHERE link_id = ? AND at >= ? AND at < ?"
                        + " AND result <> 'UNKNOWN'",
                linkId,
                from.toEpochMilli(),
                to.toEpochMilli());
        var hours = database.read(
                "SELECT * FROM link_health_hours WHERE link_id = ? AND hour >= ? AND hour < ?",
                linkId,
                from.toEpochMilli(),
                to.toEpochMilli());
        return Future.all(samples, hours).map(_ -> {
            samples.result().forEach(row -> {
                var latency = row.getLong("latency_millis");
                var isFailure = row.getString("result").equals(Health.Result.OFFLINE.name());
                buckets.add(row.getLong("at"), 1, isFailure ? 1 : 0, latency == null ? List.of() : List.of(latency));
            });
            hours.result().stream()
                    .map(Hour::of)
                    .forEach(hour -> buckets.add(hour.hour(), hour.checks(), hour.failures(), hour.latencies()));
            return buckets;
        });
    }

    Future<List<Change>> changes(String linkId, Instant from, Instant to) {
        return database.read(
                        "SELECT * FROM link_health_changes WHERE link_id = ? AND at >= ? AND at < ? ORDER BY at DESC"
                                + " LIMIT ?",
                        linkId,
                        from.toEpochMilli(),
                        to.toEpochMilli(),
                        MAX_CHANGES)
                .map(rows -> {
                    var changes = new ArrayList<Change>();
                    rows.forEach(row -> changes.addFirst(change(row)));
                    return changes;
                });
    }

    private static Change change(Row row) {
        return new Change(
                Instant.ofEpochMilli(row.getLong("at")),
                LinkStatus.valueOf(row.getString("from_status")),
                LinkStatus.valueOf(row.getString("to_status")),
                row.getString("hop"),
                row.getString("reason"),
                row.getString("error"),
                row.getLong("is_in_maintenance") != 0);
    }
}
