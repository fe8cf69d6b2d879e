package io.linkops.notifications;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.notifications.Notifications.Channel;
import io.linkops.notifications.Notifications.ChannelKind;
import io.linkops.notifications.Notifications.Channels;
import io.linkops.notifications.Notifications.CreateChannel;
import io.linkops.notifications.Notifications.CreatedChannel;
import io.linkops.notifications.Notifications.UpdateChannel;
import io.linkops.notifications.Notifications.Wish;
import io.linkops.vault.Secret;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** All channels, in memory and on disk. */
final class ChannelBook {
    static final int MOST = 100;

    private final ChannelStore store;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final Supplier<Secret> secrets;
    private final boolean hasMail;
    private final Map<String, StoredChannel> channels = new TreeMap<>();

    /** @param hasMail whether a mail server is configured */
    ChannelBook(
            ChannelStore store, InstantSource clock, Supplier<String> ids, Supplier<Secret> secrets, boolean hasMail) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.secrets = secrets;
        this.hasMail = hasMail;
    }

    Future<Void> load() {
        return store.all()
                .onSuccess(all -> all.forEach(each -> channels.put(each.id(), each)))
                .mapEmpty();
    }

    List<StoredChannel> all() {
        return List.copyOf(channels.values());
    }

    /** NOT_FOUND if there is none. */
    StoredChannel find(String id) {
        var found = channels.get(id);
        if (found == null) {
            throw new Failure(ErrorCode.NOT_FOUND, "There is no notification channel " + id + "; list them all");
        }
        return found;
    }

    boolean has(String id) {
        return channels.containsKey(id);
    }

    Future<Channels> shown() {
        return store.waiting().map(waiting -> {
            var shown = new ArrayList<Channel>();
            channels.values().forEach(each -> shown.add(with(each.channel(), waiting.getOrDefault(each.id(), 0))));
            shown.sort(Comparator.comparing(Channel::name).thenComparing(Channel::id));
            return new Channels(shown);
        });
    }

    Future<CreatedChannel> create(CreateChannel create) {
        var wish = create.wish();
        WishCheck.require(wish, hasMail);
        if (channels.size() >= MOST) {
            throw new Failure(
                    ErrorCode.CONFLICT, "There are " + MOST + " notification channels already; remove one first");
        }
        var isMade = wish.kind() == ChannelKind.WEBHOOK && wish.secret() == null;
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var blank = new Channel(
                ids.get(),
                "",
                wish.kind(),
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                false,
                now,
                create.createdBy(),
                null,
                null,
                null,
                0);
        var secret = isMade ? secrets.get() : given(wish);
        var stored = new StoredChannel(as(wish, blank), secret);
        return store.insert(stored).map(_ -> {
            channels.put(stored.id(), stored);
            return new CreatedChannel(stored.channel(), isMade && secret != null ? secret.reveal() : null);
        });
    }

    Future<Channel> update(UpdateChannel update) {
        var old = find(update.id());
        var wish = update.wish();
        if (wish.kind() != old.channel().kind()) {
            throw new Failure(ErrorCode.CONFLICT, "A channel keeps its kind; make another channel");
        }
        WishCheck.require(wish, hasMail);
        var given = given(wish);
        var stored = new StoredChannel(as(wish, old.channel()), given == null ? old.secret() : given);
        return store.update(stored).map(_ -> {
            channels.computeIfPresent(
                    stored.id(), (_, now) -> new StoredChannel(as(wish, now.channel()), stored.secret()));
            return stored.channel();
        });
    }

    Future<Void> delete(String id) {
        find(id);
        // It is gone from memory first, so that nothing new is stored for it meanwhile.
        var gone = channels.remove(id);
        return store.delete(id).onFailure(_ -> {
            if (gone != null) {
                channels.put(id, gone);
            }
        });
    }

    /** What the last try came to; kept in memory now, on disk by the statement of the store. */
    Channel tried(String id, Attempt attempt, Instant now) {
        var tried = find(id).tried(attempt, now);
        channels.put(id, tried);
        return tried.channel();
    }

    private static @org.jspecify.annotations.Nullable Secret given(Wish wish) {
        return wish.secret() == null ? null : new Secret(wish.secret());
    }

    private static Channel as(Wish wish, Channel old) {
        return new Channel(
                old.id(),
                wish.name(),
                old.kind(),
                wish.url(),
                wish.to(),
                wish.topics(),
                wish.kinds(),
                wish.links(),
                wish.isEnabled(),
                old.createdAt(),
                old.createdBy(),
                old.failingSince(),
                old.lastError(),
                old.lastDeliveredAt(),
                old.waiting());
    }

    private static Channel with(Channel old, int waiting) {
        return new Channel(
                old.id(),
                old.name(),
                old.kind(),
                old.url(),
                old.to(),
                old.topics(),
                old.kinds(),
                old.links(),
                old.isEnabled(),
                old.createdAt(),
                old.createdBy(),
                old.failingSince(),
                old.lastError(),
                old.lastDeliveredAt(),
                waiting);
    }
}
