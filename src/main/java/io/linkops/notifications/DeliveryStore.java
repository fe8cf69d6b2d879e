package io.linkops.notifications;

import io.linkops.notifications.Notifications.Delivery;
import io.linkops.notifications.Notifications.DeliveryStatus;
import io.linkops.notifications.Notifications.Topic;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL of the outbox. */
final class DeliveryStore {
    /** How many old ones go at a time. */
    private static final int SWEPT = 500;

    private static final String INSERT =
            "INSERT INTO notification_deliveries (id, channel_id, line, topic, body, status, is_aside, attempts,"
                    + " created_at, tried_since, next_at, folded, folded_names)"
                    + " VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?)";

    private final Database database;

    DeliveryStore(Database database) {
        this.database = database;
    }

    Future<Void> write(List<Statement> statements) {
        return database.write(statements);
    }

    static Statement insert(String id, String channel, long line, Topic topic, String body, Instant now) {
        var at = now.toEpochMilli();
        return Statement.of(
                INSERT, id, channel, line, topic.name(), body, DeliveryStatus.WAITING.name(), at, at, at, 0, "[]");
    }

    /** Makes a summary or lets it grow. */
    static Statement collect(Summaries.Growing summary, String body) {
        return Statement.of(
                INSERT + " ON CONFLICT (id) DO UPDATE SET body = excluded.body, folded = excluded.folded,"
                        + " folded_names = excluded.folded_names",
                summary.id(),
                summary.key().channel(),
                summary.line(),
                summary.key().topic().name(),
                body,
                DeliveryStatus.COLLECTING.name(),
                summary.from().toEpochMilli(),
                summary.from().toEpochMilli(),
                summary.until().toEpochMilli(),
                summary.count(),
                summary.namesJson());
    }

    /** A summary is complete and takes its place in the line. */
    static Statement close(String id, long line, Instant now) {
        return Statement.of(
                "UPDATE notification_deliveries SET status = 'WAITING', line = ?, tried_since = ?, next_at = ?"
                        + " WHERE id = ? AND status = 'COLLECTING'",
                line,
                now.toEpochMilli(),
                now.toEpochMilli(),
                id);
    }

    /** What a try came to. */
    static Statement tried(Stored stored) {
        var delivery = stored.delivery();
        return Statement.of(
                "UPDATE notification_deliveries SET status = ?, is_aside = ?, attempts = ?, next_at = ?,"
                        + " last_status = ?, last_error = ?, ended_at = ? WHERE id = ? AND status = 'WAITING'",
                delivery.status().name(),
                stored.isAside(),
                delivery.attempts(),
                stored.nextAt().toEpochMilli(),
                delivery.lastStatus(),
                delivery.lastError(),
                ChannelStore.millis(delivery.endedAt()),
                stored.id());
    }

    /** It goes again, beside the line, with all its time before it. */
    Future<Void> again(String id, Instant now) {
        return database.write(Statement.of(
                "UPDATE notification_deliveries SET status = 'WAITING', is_aside = 1, tried_since = ?, next_at = ?,"
                        + " ended_at = NULL WHERE id = ? AND status IN ('FAILED', 'WAITING')",
                now.toEpochMilli(),
                now.toEpochMilli(),
                id));
    }

    /** The next one of a channel: of its line, the first; of those aside, the one due first. */
    Future<Optional<Stored>> next(String channel, boolean isAside) {
        return database.read(
                        "SELECT * FROM notification_deliveries WHERE channel_id = ? AND status = 'WAITING'"
                                + " AND is_aside = ? ORDER BY " + (isAside ? "next_at, line" : "line") + " LIMIT 1",
                        channel,
                        isAside)
                .map(rows -> rows.stream().findFirst().map(DeliveryStore::stored));
    }

    Future<Optional<Stored>> find(String id) {
        return database.read("SELECT * FROM notification_deliveries WHERE id = ?", id)
                .map(rows -> rows.stream().findFirst().map(DeliveryStore::stored));
    }

    /** Newest first. */
    Future<List<Delivery>> page(@Nullable String channel, @Nullable DeliveryStatus status, int limit) {
        var where = new ArrayList<String>();
        var values = new ArrayList<@Nullable Object>();
        if (channel != null) {
            where.add("channel_id = ?");
            values.add(channel);
        }
        if (status != null) {
            where.add("status = ?");
            values.add(status.name());
        }
        values.add(limit);
        var filter = where.isEmpty() ? "" : " WHERE " + String.join(" AND ", where);
        return database.read(
                        "SELECT * FROM notification_deliveries" + filter + " ORDER BY line DESC LIMIT ?",
                        values.toArray())
                .map(rows -> rows.stream()
                        .map(DeliveryStore::stored)
                        .map(Stored::delivery)
                        .toList());
    }

    Future<Long> lastLine() {
        return database.read("SELECT COALESCE(MAX(line), 0) AS line FROM notification_deliveries")
                .map(rows -> rows.getFirst().getLong("line"));
    }

    /** Summaries that still grew when LinkOps ended. */
    Future<List<Summaries.Growing>> growing() {
        return database.read("SELECT * FROM notification_deliveries WHERE status = 'COLLECTING'")
                .map(rows -> rows.stream().map(DeliveryStore::growing).toList());
    }

    private static Summaries.Growing growing(Row row) {
        return new Summaries.Growing(
                new Summaries.Key(row.getString("channel_id"), Topic.valueOf(row.getString("topic"))),
                row.getString("id"),
                row.getLong("line"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("next_at")),
                row.getInteger("folded"),
                Summaries.names(row.getString("folded_names")));
    }

    /** Removes a batch of what ended before then. @return whether there may be more */
    Future<Boolean> sweep(Instant before) {
        return database.read(
                        "SELECT id FROM notification_deliveries WHERE ended_at < ? LIMIT ?",
                        before.toEpochMilli(),
                        SWEPT)
                .compose(rows -> rows.isEmpty()
                        ? Future.succeededFuture(false)
                        : database.write(rows.stream()
                                        .map(row -> Statement.of(
                                                "DELETE FROM notification_deliveries WHERE id = ? AND ended_at < ?",
                                                row.getString("id"),
                                                before.toEpochMilli()))
                                        .toList())
                                .map(_ -> rows.size() == SWEPT));
    }

    private static Stored stored(Row row) {
        var status = DeliveryStatus.valueOf(row.getString("status"));
        var nextAt = Instant.ofEpochMilli(row.getLong("next_at"));
        var isOpen = status == DeliveryStatus.WAITING || status == DeliveryStatus.COLLECTING;
        return new Stored(
                new Delivery(
                        row.getString("id"),
                        row.getString("channel_id"),
                        Topic.valueOf(row.getString("topic")),
                        Stored.text(row.getString("body")),
                        status,
                        row.getInteger("attempts"),
                        Instant.ofEpochMilli(row.getLong("created_at")),
                        isOpen ? nextAt : null,
                        row.getInteger("last_status"),
                        row.getString("last_error"),
                        ChannelStore.instant(row.getLong("ended_at"))),
                row.getString("body"),
                Instant.ofEpochMilli(row.getLong("tried_since")),
                nextAt,
                row.getLong("is_aside") != 0);
    }
}
