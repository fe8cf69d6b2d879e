package io.linkops.api;

import io.linkops.notifications.Notifications.Channel;
import io.linkops.notifications.Notifications.Channels;
import io.linkops.notifications.Notifications.CreatedChannel;
import io.linkops.notifications.Notifications.Deliveries;
import io.linkops.notifications.Notifications.Delivery;
import io.linkops.notifications.Notifications.Tested;
import io.linkops.notifications.Notifications.Topic;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Channels and deliveries as the API shows them; never a secret, but for the one just made. */
final class NotificationJson {
    private NotificationJson() {}

    static JsonObject of(Channels channels) {
        return new JsonObject().put("channels", Json.list(channels.channels(), NotificationJson::of));
    }

    static JsonObject of(CreatedChannel created) {
        return of(created.channel()).put("secret", created.secret());
    }

    static JsonObject of(Channel channel) {
        return new JsonObject()
                .put("id", channel.id())
                .put("name", channel.name())
                .put("kind", Texts.word(channel.kind()))
                .put("url", channel.url())
                .put("to", Json.texts(channel.to()))
                .put(
                        "events",
                        Json.texts(channel.topics().stream().map(Topic::word).toList()))
                .put(
                        "kinds",
                        new JsonArray(channel.kinds().stream().map(Texts::word).toList()))
                .put("links", Json.texts(channel.links()))
                .put("enabled", channel.isEnabled())
                .put("created_at", Json.time(channel.createdAt()))
                .put("created_by", channel.createdBy())
                .put("failing_since", Json.time(channel.failingSince()))
                .put("last_error", channel.lastError())
                .put("last_delivered_at", Json.time(channel.lastDeliveredAt()))
                .put("waiting", channel.waiting());
    }

    static JsonObject of(Tested tested) {
        return new JsonObject()
                .put("delivery", tested.id())
                .put("delivered", tested.isDelivered())
                .put("status", tested.status())
                .put("error", tested.error())
                .put("duration_ms", tested.millis());
    }

    static JsonObject of(Deliveries deliveries) {
        return new JsonObject().put("deliveries", Json.list(deliveries.deliveries(), NotificationJson::of));
    }

    static JsonObject of(Delivery delivery) {
        return new JsonObject()
                .put("id", delivery.id())
                .put("channel", delivery.channelId())
                .put("event", delivery.topic().word())
                .put("text", delivery.text())
                .put("status", Texts.word(delivery.status()))
                .put("attempts", delivery.attempts())
                .put("created_at", Json.time(delivery.createdAt()))
                .put("next_at", Json.time(delivery.nextAt()))
                .put("last_status", delivery.lastStatus())
                .put("last_error", delivery.lastError())
                .put("ended_at", Json.time(delivery.endedAt()));
    }
}
