package io.linkops.health;

import io.linkops.store.Statement;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * What is kept of a link's checks in one hour.
 *
 * @param hour its begin, in epoch milliseconds
 * @param latencies all of them, sorted
 */
record Hour(String linkId, long hour, long checks, long failures, List<Long> latencies) {
    static final long MILLIS = 3_600_000;

    private static final String PUT = """
        INSERT INTO link_health_hours (link_id, hour, checks, failures, latencies) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (link_id, hour) DO UPDATE SET checks = excluded.checks, failures = excluded.failures,
          latencies = excluded.latencies\
        """;

    Hour {
        latencies = List.copyOf(latencies);
    }

    static Hour of(Row row) {
        var latencies = new JsonArray(row.getString("latencies"))
                .stream().map(number -> ((Number) number).longValue()).toList();
        return new Hour(
                row.getString("link_id"),
                row.getLong("hour"),
                row.getLong("checks"),
                row.getLong("failures"),
                latencies);
    }

    Hour plus(Hour other) {
        var all = new ArrayList<>(latencies);
        all.addAll(other.latencies);
        all.sort(null);
        return new Hour(linkId, hour, checks + other.checks, failures + other.failures, all);
    }

    Statement put() {
        return Statement.of(PUT, linkId, hour, checks, failures, new JsonArray(latencies).encode());
    }
}
