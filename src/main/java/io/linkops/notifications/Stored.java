package io.linkops.notifications;

import io.linkops.notifications.Notifications.Delivery;
import io.linkops.notifications.Notifications.DeliveryStatus;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * A delivery as the outbox keeps it.
 *
 * @param body what is sent, the same in every try
 * @param triedSince from when its time for retries counts
 * @param isAside whether it let those behind it go on
 */
record Stored(Delivery delivery, String body, Instant triedSince, Instant nextAt, boolean isAside) {
    String id() {
        return delivery.id();
    }

    Stored tried(Attempt attempt, RetryPlan.Next next, Instant now) {
        var status = switch (next) {
            case RetryPlan.Done _ -> DeliveryStatus.DELIVERED;
            case RetryPlan.Later _ -> DeliveryStatus.WAITING;
            case RetryPlan.GiveUp _ -> DeliveryStatus.FAILED;
        };
        var later = next instanceof RetryPlan.Later found ? found : null;
        return new Stored(
                new Delivery(
                        id(),
                        delivery.channelId(),
                        delivery.topic(),
                        delivery.text(),
                        status,
                        delivery.attempts() + 1,
                        delivery.createdAt(),
                        later == null ? null : later.at(),
                        attempt.status(),
                        attempt.error(),
                        later == null ? now : null),
                body,
                triedSince,
                later == null ? nextAt : later.at(),
                isAside || (later != null && later.isAside()));
    }

    /** What people read of a body. */
    static String text(String body) {
        return new JsonObject(body).getString("text", "");
    }
}
