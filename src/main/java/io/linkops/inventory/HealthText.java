package io.linkops.inventory;

import io.linkops.inventory.Inventory.Health;
import io.linkops.inventory.Inventory.Latency;
import io.linkops.inventory.Inventory.LinkStatus;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What health said of a link, as the text that is stored with the link. */
final class HealthText {
    private HealthText() {}

    static String of(Health health) {
        return new JsonObject()
                .put("status", health.status().name())
                .put("since", health.since().toEpochMilli())
                .put("checked_at", health.checkedAt().toEpochMilli())
                .put("latency_millis", health.latencyMillis())
                .put(
                        "latency",
                        health.latency() == null ? null : health.latency().name())
                .put("stage", health.stage())
                .put("hop", health.hop())
                .put("reason", health.reason())
                .put("error", health.error())
                .encode();
    }

    static @Nullable Health read(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var json = new JsonObject(text);
        var latency = json.getString("latency");
        return new Health(
                LinkStatus.valueOf(Objects.requireNonNull(json.getString("status"))),
                Instant.ofEpochMilli(json.getLong("since")),
                Instant.ofEpochMilli(json.getLong("checked_at")),
                json.getLong("latency_millis"),
                latency == null ? null : Latency.valueOf(latency),
                json.getString("stage"),
                json.getString("hop"),
                json.getString("reason"),
                json.getString("error"));
    }
}
