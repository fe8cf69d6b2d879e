package io.linkops.notifications;

import io.linkops.gitsync.GitSync.SyncResult;
import io.linkops.inventory.Inventory.LinkState;
import io.linkops.inventory.Inventory.LinkStatus;
import io.linkops.notifications.Notifications.Topic;
import io.linkops.orchestrator.Operations.Summary;
import io.linkops.vault.Masking;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is said of what happened, for people and for programs; foreign text is cleaned and cut. */
final class Wording {
    /** Of anything foreign in a notice. */
    static final int LONGEST = 1_000;

    private static final int MOST_LISTED = 20;

    private Wording() {}

    static Notice of(Summary operation, Instant now) {
        var topic = Topic.valueOf("OPERATION_" + operation.status().name());
        var scripts =
                operation.scripts().isEmpty() ? word(operation.kind()) : String.join(", ", first(operation.scripts()));
        var name = scripts + " (" + operation.id() + ")";
        var counts = new JsonObject();
        operation.counts().forEach((status, count) -> counts.put(word(status), count));
        var subject = new JsonObject()
                .put("type", "operation")
                .put("id", operation.id())
                .put("kind", word(operation.kind()))
                .put("status", word(operation.status()))
                .put("scripts", new JsonArray(first(operation.scripts())))
                .put("targets", operation.targets())
                .put("counts", counts)
                .put("started_by", clean(operation.startedBy()))
                .put("started_at", time(operation.startedAt()))
                .put("ended_at", time(operation.endedAt()))
                .put("reason", cleanOrNull(operation.reason()));
        var text = "Operation " + name + " on " + links(operation.targets()) + " ended: " + word(operation.status())
                + because(operation.reason());
        var at = operation.endedAt() == null ? now : operation.endedAt();
        var path = "/operations/" + inPath(operation.id());
        return new Notice(topic, at, clean(name), subject, clean(text), path, operation.kind(), null);
    }

    static Notice of(LinkState state, Instant now) {
        var id = state.link().id();
        var isOnline = state.status() == LinkStatus.ONLINE;
        var health = state.health();
        var error = isOnline ? null : health == null ? state.enrollment().error() : health.error();
        var reason = isOnline ? null : health == null ? state.enrollment().reason() : health.reason();
        var subject = new JsonObject()
                .put("type", "link")
                .put("id", id)
                .put("status", word(state.status()))
                .put("link_type", clean(state.link().type()))
                .put("tags", new JsonArray(first(state.link().tags())))
                .put("last_seen", time(state.lastSeen()))
                .put("reason", reason)
                .put("error", cleanOrNull(error));
        var text = "Link " + id + " is " + word(state.status()) + because(error);
        return new Notice(
                isOnline ? Topic.LINK_ONLINE : Topic.LINK_OFFLINE,
                now,
                clean(id),
                subject,
                clean(text),
                "/links/" + inPath(id),
                null,
                id);
    }

    static Notice of(SyncResult sync) {
        var subject = new JsonObject()
                .put("type", "sync")
                .put("id", sync.id())
                .put("success", sync.isSuccess())
                .put("started_by", clean(sync.startedBy()))
                .put("commit", sync.commit())
                .put("error_code", sync.errorCode())
                .put("error", cleanOrNull(sync.error()));
        var text = sync.isSuccess()
                ? "The repository is synced again, at commit " + sync.commit()
                : "The sync of the repository failed" + because(sync.error());
        return new Notice(
                sync.isSuccess() ? Topic.GIT_RECOVERED : Topic.GIT_FAILED,
                sync.endedAt(),
                "sync " + sync.id(),
                subject,
                clean(text),
                "/git",
                null,
                null);
    }

    static Notice test(String channel, Instant now) {
        return new Notice(
                Topic.CHANNEL_TEST,
                now,
                "test",
                new JsonObject().put("type", "test").put("channel", clean(channel)),
                clean("This is a test of the channel " + channel + "; nothing has happened"),
                "/",
                null,
                null);
    }

    /** The many that would have been told one by one. */
    static Notice summary(Topic topic, int count, List<String> names, Instant now) {
        var subject =
                new JsonObject().put("type", "summary").put("count", count).put("first", new JsonArray(names));
        var more = count > names.size() ? ", …" : "";
        var text = count + " more notices of " + topic.word() + ": " + String.join(", ", names) + more;
        var path = topic.name().startsWith("LINK_") ? "/links" : "/operations";
        return new Notice(topic, now, "summary", subject, clean(text), path, null, null);
    }

    /** One line without control characters or credentials, at most {@link #LONGEST} characters long. */
    static String clean(String text) {
        var line = text.length() > 4 * LONGEST ? text.substring(0, 4 * LONGEST) : text;
        var cleaned = Masking.urls(line)
                .replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029\\p{Cs}\\s]+", " ")
                .strip();
        return cleaned.length() <= LONGEST ? cleaned : cleaned.substring(0, LONGEST - 1) + "…";
    }

    private static @Nullable String cleanOrNull(@Nullable String text) {
        return text == null ? null : clean(text);
    }

    private static String because(@Nullable String reason) {
        return reason == null ? "" : ": " + reason;
    }

    private static String links(int count) {
        return count == 1 ? "1 link" : count + " links";
    }

    private static List<String> first(List<String> texts) {
        return texts.stream().limit(MOST_LISTED).map(Wording::clean).toList();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static String inPath(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
