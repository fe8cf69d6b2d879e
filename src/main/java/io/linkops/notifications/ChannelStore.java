package io.linkops.notifications;

import io.linkops.notifications.Notifications.Channel;
import io.linkops.notifications.Notifications.ChannelKind;
import io.linkops.notifications.Notifications.Topic;
import io.linkops.orchestrator.Operations;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.linkops.vault.DataKey;
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

/** The SQL of channels. Secret and URL, which often is one, are in the database sealed (decision 17). */
final class ChannelStore {
    private final Database database;
    private final DataKey atRest;

    ChannelStore(Database database, DataKey atRest) {
        this.database = database;
        this.atRest = atRest;
    }

    /** All of them; what an older version kept plain is sealed on the way. */
    Future<List<StoredChannel>> all() {
        return database.read("SELECT * FROM notification_channels").compose(rows -> {
            var all = rows.stream().map(this::channel).toList();
            var plain = rows.stream()
                    .filter(row -> isPlain(row.getString("secret")) || isPlain(row.getString("url")))
                    .map(row -> row.getString("id"))
                    .toList();
            var statements = all.stream()
                    .filter(each -> plain.contains(each.id()))
                    .map(each -> Statement.of(
                            "UPDATE notification_channels SET url = ?, secret = ? WHERE id = ?",
                            url(each.channel()),
                            secret(each),
                            each.id()))
                    .toList();
            return (statements.isEmpty() ? Future.<Void>succeededFuture() : database.write(statements)).map(all);
        });
    }

    private static boolean isPlain(@Nullable String kept) {
        return kept != null && !DataKey.isSealed(kept);
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
                url(channel),
                secret(stored),
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
                url(channel),
                secret(stored),
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

    private @Nullable String secret(StoredChannel stored) {
        return stored.secret() == null ? null : atRest.seal(place(stored.id(), "secret"), stored.secret());
    }

    private @Nullable String url(Channel channel) {
        return channel.url() == null ? null : atRest.seal(place(channel.id(), "url"), new Secret(channel.url()));
    }

    private static String place(String id, String column) {
        return "channel/" + id + "/" + column;
    }

    private @Nullable Secret opened(Row row, String column) {
        var kept = row.getString(column);
        if (kept == null) {
            return null;
        }
        return isPlain(kept) ? new Secret(kept) : atRest.open(place(row.getString("id"), column), kept);
    }

    private StoredChannel channel(Row row) {
        var url = opened(row, "url");
        return new StoredChannel(
                new Channel(
                        row.getString("id"),
                        row.getString("name"),
                        ChannelKind.valueOf(row.getString("kind")),
                        url == null ? null : url.reveal(),
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
                opened(row, "secret"));
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
