package io.linkops.notifications;

import io.linkops.notifications.Notifications.Channel;
import io.linkops.notifications.Notifications.ChannelKind;
import io.linkops.notifications.Notifications.Topic;
import io.linkops.orchestrator.Operations;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The SQL of channels. The secret is in the database as it is: who may read that file may read it (decision 14). */
final class ChannelStore {
    private final Database database;

    ChannelStore(Database database) {
        this.database = database;
    }

    Future<List<StoredChannel>> all() {
        return database.read("SELECT * FROM notification_channels")
                .map(rows -> rows.stream().map(ChannelStore::channel).toList());
    }

    /** How many notices wait, by channel. */
    Future<Map<String, Integer>> waiting() {
        return database.read("SELECT channel_id, COUNT(*) AS waiting FROM notification_deliveries"
                        + " WHERE status IN ('COLLECTING', 'WAITING') GROUP BY channel_id")
                .map(rows -> {
                    Map<String, Integer> waiting = new HashMap<>();
                    rows.forEach(row -> waiting.put(row.getString("channel_id"), row.getInteger("waiting")));
                    return waiting;
                });
    }

    Future<Void> insert(StoredChannel stored) {
        var channel = stored.channel();
        return database.write(Statement.of(
                "INSERT INTO notification_channels (name, url, secret, recipients, topics, kinds, links, is_enabled,"
                        + " id, kind, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                channel.name(),
                channel.url(),
                reveal(stored),
                new JsonArray(channel.to()).encode(),
                names(channel.topics()),
                names(channel.kinds()),
                new JsonArray(channel.links()).encode(),
                channel.isEnabled(),
                channel.id(),
                channel.kind().name(),
                channel.createdAt().toEpochMilli(),
                channel.createdBy()));
    }

    Future<Void> update(StoredChannel stored) {
        var channel = stored.channel();
        return database.write(Statement.of(
                "UPDATE notification_channels SET name = ?, url = ?, secret = ?, recipients = ?, topics = ?, kinds = ?,"
                        + " links = ?, is_enabled = ? WHERE id = ?",
                channel.name(),
                channel.url(),
                reveal(stored),
                new JsonArray(channel.to()).encode(),
                names(channel.topics()),
                names(channel.kinds()),
                new JsonArray(channel.links()).encode(),
                channel.isEnabled(),
                channel.id()));
    }

    /** What the last try came to. */
    static Statement tried(Channel channel) {
        return Statement.of(
                "UPDATE notification_channels SET failing_since = ?, last_error = ?, last_delivered_at = ? WHERE id ="
                        + " ?",
                millis(channel.failingSince()),
                channel.lastError(),
                millis(channel.lastDeliveredAt()),
                channel.id());
    }

    Future<Void> delete(String id) {
        return database.write(
                Statement.of("DELETE FROM notification_deliveries WHERE channel_id = ?", id),
                Statement.of("DELETE FROM notification_channels WHERE id = ?", id));
    }

    private static @Nullable String reveal(StoredChannel stored) {
        return stored.secret() == null ? null : stored.secret().reveal();
    }

    private static StoredChannel channel(Row row) {
        var secret = row.getString("secret");
        return new StoredChannel(
                new Channel(
                        row.getString("id"),
                        row.getString("name"),
                        ChannelKind.valueOf(row.getString("kind")),
                        row.getString("url"),
                        list(row.getString("recipients"), text -> text),
                        list(row.getString("topics"), Topic::valueOf),
                        list(row.getString("kinds"), Operations.Kind::valueOf),
                        list(row.getString("links"), text -> text),
                        row.getLong("is_enabled") != 0,
                        Instant.ofEpochMilli(row.getLong("created_at")),
                        row.getString("created_by"),
                        instant(row.getLong("failing_since")),
                        row.getString("last_error"),
                        instant(row.getLong("last_delivered_at")),
                        0),
                secret == null ? null : new Secret(secret));
    }

    private static <T> List<T> list(String json, Function<String, T> reading) {
        return new JsonArray(json).stream().map(String::valueOf).map(reading).toList();
    }

    private static String names(Collection<? extends Enum<?>> values) {
        return new JsonArray(values.stream().map(Enum::name).toList()).encode();
    }

    static @Nullable Long millis(@Nullable Instant at) {
        return at == null ? null : at.toEpochMilli();
    }

    static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
