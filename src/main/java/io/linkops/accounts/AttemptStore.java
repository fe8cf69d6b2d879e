package io.linkops.accounts;

import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The SQL of log-in attempts. */
final class AttemptStore {
    static final Duration KEPT = Duration.ofDays(90);
    static final int MAX_KEPT = 200_000;

    private static final Duration FAMILIAR_FOR = Duration.ofDays(30);

    private final Database database;

    AttemptStore(Database database) {
        this.database = database;
    }

    /**
     * The lane in which an attempt is counted: an address from which the user logged in lately has its own, all others
     * share one. So strangers can lock each other out, but not the user at the usual place.
     */
    Future<String> lane(String username, String ip, Instant now) {
        return database.read(
                        "SELECT 1 AS found FROM auth_attempts WHERE username = ? AND ip = ? AND success = 1"
                                + " AND attempted_at > ? LIMIT 1",
                        username,
                        ip,
                        now.minus(FAMILIAR_FOR).toEpochMilli())
                .map(rows -> rows.isEmpty() ? "" : ip);
    }

    /** The latest failures between the two that count, at most {@code limit}. */
    Future<List<Instant>> failures(Attempt attempt, Instant since, Instant until, int limit) {
        return database.read(
                        "SELECT attempted_at FROM auth_attempts WHERE username = ? AND lane = ? AND is_counted = 1"
                                + " AND attempted_at BETWEEN ? AND ? ORDER BY attempted_at DESC LIMIT ?",
                        attempt.username(),
                        attempt.lane(),
                        since.toEpochMilli(),
                        until.toEpochMilli(),
                        limit)
                .map(rows -> rows.stream()
                        .map(row -> Instant.ofEpochMilli(row.getLong("attempted_at")))
                        .toList());
    }

    /** The failures of users between the two that count, as (user, lane) → times. */
    Future<Map<Attempt, List<Instant>>> failures(Instant since, Instant until) {
        return database.read(
                        "SELECT username, lane, attempted_at FROM auth_attempts WHERE is_counted = 1"
                                + " AND attempted_at BETWEEN ? AND ? AND username IN (SELECT username FROM users)",
                        since.toEpochMilli(),
                        until.toEpochMilli())
                .map(rows -> rows.stream()
                        .collect(Collectors.groupingBy(
                                row -> new Attempt(row.getString("username"), "", row.getString("lane")),
                                Collectors.mapping(
                                        row -> Instant.ofEpochMilli(row.getLong("attempted_at")),
                                        Collectors.toList()))));
    }

    /** When the n-th failure, counted back from the newest, was made from a network, if there are so many. */
    Future<Optional<Instant>> nthFailure(String network, Instant since, int n) {
        return database.read(
                        "SELECT attempted_at FROM auth_attempts WHERE network = ? AND success = 0"
                                + " AND attempted_at > ? ORDER BY attempted_at DESC LIMIT 1 OFFSET ?",
                        network,
                        since.toEpochMilli(),
                        n - 1)
                .map(rows -> rows.stream().findFirst().map(row -> Instant.ofEpochMilli(row.getLong("attempted_at"))));
    }

    Future<Void> write(Statement... statements) {
        return database.write(List.of(statements)).mapEmpty();
    }

    static Statement success(String id, Attempt attempt, Instant now) {
        return insert(id, attempt, true, false, now);
    }

    static Statement failure(String id, Attempt attempt, Instant now) {
        return insert(id, attempt, false, true, now);
    }

    /** Made while the account was locked: recorded, but prolongs nothing. */
    static Statement whileLocked(String id, Attempt attempt, Instant now) {
        return insert(id, attempt, false, false, now);
    }

    static Statement forgive(Attempt attempt) {
        return Statement.of(
                "UPDATE auth_attempts SET is_counted = 0 WHERE username = ? AND lane = ? AND is_counted = 1",
                attempt.username(),
                attempt.lane());
    }

    static Statement forgiveAll(String username) {
        return Statement.of("UPDATE auth_attempts SET is_counted = 0 WHERE username = ? AND is_counted = 1", username);
    }

    static Statement forgetBefore(Instant end) {
        return Statement.of("DELETE FROM auth_attempts WHERE attempted_at < ?", end.toEpochMilli());
    }

    /** A flood of attempts must not fill the disk: of those that count no more, only the newest stay. */
    static Statement forgetBeyond(int newest) {
        return Statement.of(
                "DELETE FROM auth_attempts WHERE success = 0 AND is_counted = 0 AND attempted_at <"
                        + " (SELECT attempted_at FROM auth_attempts ORDER BY attempted_at DESC LIMIT 1 OFFSET ?)",
                newest);
    }

    private static Statement insert(String id, Attempt attempt, boolean success, boolean isCounted, Instant now) {
        return Statement.of(
                "INSERT INTO auth_attempts (id, username, ip, lane, success, is_counted, attempted_at, network)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                id,
                attempt.username(),
                attempt.ip(),
                attempt.lane(),
                success,
                isCounted,
                now.toEpochMilli(),
                Network.of(attempt.ip()));
    }
}
