package io.linkops.notifications;

import io.linkops.bus.Contract;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.orchestrator.Operations;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What can be asked of those who tell others. They own channels, the outbox and how far each source was told. */
@Contract
public interface Notifications {

    /** What a notice is about; a channel chooses some of them. */
    enum Topic {
        /** Any end of an operation; only to choose: the notice itself has the topic of the end there was. */
        OPERATION_FINISHED,
        OPERATION_SUCCESS,
        OPERATION_PARTIAL,
        OPERATION_FAILED,
        OPERATION_STOPPED,
        OPERATION_INTERRUPTED,
        LINK_OFFLINE,
        /** It was offline before; a new link that answers is no news. */
        LINK_ONLINE,
        /** The first failed sync after a good one. */
        GIT_FAILED,
        /** The first good sync after a failed one. */
        GIT_RECOVERED,
        /** An admin tries a channel; not to choose: it is sent in any case. */
        CHANNEL_TEST;

        private static final List<Topic> CHOOSABLE =
                Stream.of(values()).filter(topic -> topic != CHANNEL_TEST).toList();

        /** As people and programs see it: {@code operation.failed}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '.');
        }

        public static List<Topic> choosable() {
            return CHOOSABLE;
        }

        /** The choosable one of this word. */
        public static Optional<Topic> choosable(String word) {
            return CHOOSABLE.stream().filter(topic -> topic.word().equals(word)).findFirst();
        }

        /** Whether choosing this one asks for notices of the other. */
        boolean covers(Topic other) {
            return this == other || (this == OPERATION_FINISHED && other.name().startsWith("OPERATION_"));
        }
    }

    /** How a channel tells. */
    enum ChannelKind {
        /** A signed POST to a URL. */
        WEBHOOK,
        MAIL
    }

    /** Where a delivery is. */
    enum DeliveryStatus {
        /** A summary that still grows. */
        COLLECTING,
        /** To be sent, for the first time or again. */
        WAITING,
        DELIVERED,
        /** Given up. */
        FAILED
    }

    /**
     * A channel as an admin wants it.
     *
     * @param url of a webhook, http or https; null for mail
     * @param secret signs webhooks; null to have one made, or to keep it; never shown again
     * @param to addresses of a mail; empty for a webhook
     * @param topics at least one
     * @param kinds tell only of operations of these kinds; empty for all
     * @param links tell only of links that these selectors name (as in {@code Inventory.Resolve}); empty for all
     */
    record Wish(
            String name,
            ChannelKind kind,
            @Nullable String url,
            @Nullable String secret,
            List<String> to,
            List<Topic> topics,
            List<Operations.Kind> kinds,
            List<String> links,
            boolean isEnabled) {
        public Wish {
            to = List.copyOf(to);
            topics = topics.stream().distinct().sorted().toList();
            kinds = kinds.stream().distinct().sorted().toList();
            links = List.copyOf(links);
        }

        /** Without URL and secret: some receivers' URLs are secrets, too. */
        @Override
        public String toString() {
            return "Wish[" + name + ", " + kind + "]";
        }
    }

    /**
     * A channel, without its secret.
     *
     * @param failingSince when the first of the failed tries since the last good one was; null if the last was good
     * @param lastError of the last failed try, for people; null if the last was good
     * @param waiting notices that are yet to be delivered
     */
    record Channel(
            String id,
            String name,
            ChannelKind kind,
            @Nullable String url,
            List<String> to,
            List<Topic> topics,
            List<Operations.Kind> kinds,
            List<String> links,
            boolean isEnabled,
            Instant createdAt,
            String createdBy,
            @Nullable Instant failingSince,
            @Nullable String lastError,
            @Nullable Instant lastDeliveredAt,
            int waiting)
            implements Reply {
        public Channel {
            to = List.copyOf(to);
            topics = List.copyOf(topics);
            kinds = List.copyOf(kinds);
            links = List.copyOf(links);
        }

        @Override
        public String toString() {
            return "Channel[" + id + ", " + name + ", " + kind + "]";
        }
    }

    /** All of them, by name. */
    record FindChannels() implements Request<Channels> {}

    record Channels(List<Channel> channels) implements Reply {
        public Channels {
            channels = List.copyOf(channels);
        }
    }

    /** VALIDATION_FAILED names what is wrong with the wish; CONFLICT when there are too many channels. */
    record CreateChannel(Wish wish, String createdBy) implements Request<CreatedChannel> {}

    /** @param secret the one that was made, shown this once; null if it was given or none is needed */
    record CreatedChannel(Channel channel, @Nullable String secret) implements Reply {
        @Override
        public String toString() {
            return "CreatedChannel[" + channel + "]";
        }
    }

    /** All of it is replaced but the kind (CONFLICT) and, unless a new one is given, the secret; NOT_FOUND. */
    record UpdateChannel(String id, Wish wish) implements Request<Channel> {}

    /** With all that waits for it and its deliveries. NOT_FOUND if there is none. */
    record DeleteChannel(String id) implements Request<Deleted> {}

    record Deleted() implements Reply {}

    /** Sends a test now, once, past everything that waits; NOT_FOUND. Have patience for connecting and answering. */
    record TestChannel(String id) implements Request<Tested> {}

    /**
     * What came of a test.
     *
     * @param id the delivery's id, as the receiver sees it
     * @param status of the HTTP answer; null if there was none
     * @param error for people; null if it was delivered
     */
    record Tested(
            String id,
            boolean isDelivered,
            @Nullable Integer status,
            @Nullable String error,
            long millis) implements Reply {}

    /** Newest first, at most {@code limit} (1–200). */
    record FindDeliveries(
            @Nullable String channelId, @Nullable DeliveryStatus status, int limit) implements Request<Deliveries> {}

    record Deliveries(List<Delivery> deliveries) implements Reply {
        public Deliveries {
            deliveries = List.copyOf(deliveries);
        }
    }

    /**
     * One notice for one channel.
     *
     * @param id the same in every try
     * @param text what it says
     * @param attempts made so far
     * @param lastStatus of the last HTTP answer; null if there was none
     * @param lastError of the last try; null if there was none or it was good
     * @param nextAt of the next try; null unless it waits
     * @param endedAt when it was delivered or given up
     */
    record Delivery(
            String id,
            String channelId,
            Topic topic,
            String text,
            DeliveryStatus status,
            int attempts,
            Instant createdAt,
            @Nullable Instant nextAt,
            @Nullable Integer lastStatus,
            @Nullable String lastError,
            @Nullable Instant endedAt)
            implements Reply {}

    /** Tries again now what failed or waits; NOT_FOUND; CONFLICT if it was delivered or still grows. */
    record RetryDelivery(String id) implements Request<Delivery> {}
}
