package io.linkops.notifications;

import io.linkops.notifications.Notifications.Channel;
import io.linkops.vault.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A channel with what is never shown of it.
 *
 * @param secret null for mail
 */
record StoredChannel(Channel channel, @Nullable Secret secret) {
    String id() {
        return channel.id();
    }

    /** Whether it wants to hear of this; links are looked at elsewhere. */
    boolean wants(Notice notice) {
        return channel.isEnabled()
                && channel.topics().stream().anyMatch(topic -> topic.covers(notice.topic()))
                && (notice.kind() == null
                        || channel.kinds().isEmpty()
                        || channel.kinds().contains(notice.kind()));
    }

    StoredChannel tried(Attempt attempt, Instant now) {
        if (attempt.isDelivered()) {
            return seen(null, null, now);
        }
        var since = channel.failingSince() == null ? now : channel.failingSince();
        return seen(since, attempt.error(), channel.lastDeliveredAt());
    }

    private StoredChannel seen(
            @Nullable Instant failingSince, @Nullable String lastError, @Nullable Instant lastDeliveredAt) {
        return new StoredChannel(
                new Channel(
                        channel.id(),
                        channel.name(),
                        channel.kind(),
                        channel.url(),
                        channel.to(),
                        channel.topics(),
                        channel.kinds(),
                        channel.links(),
                        channel.isEnabled(),
                        channel.createdAt(),
                        channel.createdBy(),
                        failingSince,
                        lastError,
                        lastDeliveredAt,
                        channel.waiting()),
                secret);
    }
}
