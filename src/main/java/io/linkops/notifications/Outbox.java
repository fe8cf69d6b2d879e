package io.linkops.notifications;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory.Resolve;
import io.linkops.inventory.Inventory.Target;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns what happened into deliveries on disk, one for each channel that wants to hear of it, together with how far the
 * source was told: after a crash nothing is missing and nothing is there twice.
 */
final class Outbox {
    private final Bus bus;
    private final ChannelBook channels;
    private final DeliveryStore store;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final @Nullable String publicUrl;
    private final Consumer<String> bell;
    private Summaries summaries;
    private long lastLine;
    private Future<?> tail = Future.succeededFuture();

    /** @param bell hears of each channel that has something new to deliver */
    Outbox(
            Bus bus,
            ChannelBook channels,
            DeliveryStore store,
            StormPlan storms,
            InstantSource clock,
            Supplier<String> ids,
            @Nullable String publicUrl,
            Consumer<String> bell) {
        this.bus = bus;
        this.channels = channels;
        this.store = store;
        this.summaries = new Summaries(storms);
        this.clock = clock;
        this.ids = ids;
        this.publicUrl = publicUrl;
        this.bell = bell;
    }

    Future<Void> load() {
        return store.lastLine()
                .onSuccess(line -> lastLine = line)
                .compose(_ -> store.growing())
                .onSuccess(all -> all.forEach(summaries::load))
                .mapEmpty();
    }

    /**
     * Stores the notices for whom it may concern, in this order, and the statements with them.
     *
     * @return completes once all of it is on disk; fails if none of it is
     */
    Future<Void> add(List<Notice> notices, List<Statement> alongside) {
        return inTurn(() -> links(notices).compose(links -> store(notices, links, alongside)));
    }

    /** Sends off the summaries whose minute is over. */
    Future<Void> closeSummaries() {
        return inTurn(() -> {
            var now = now();
            var over = summaries.over(now);
            if (over.isEmpty()) {
                return Future.succeededFuture();
            }
            var statements = over.stream()
                    .map(each -> DeliveryStore.close(each.id(), ++lastLine, now))
                    .toList();
            return store.write(statements)
                    .onSuccess(_ -> over.forEach(each -> {
                        summaries.close(each);
                        bell.accept(each.key().channel());
                    }));
        });
    }

    /** What is sent. The id is part of it. */
    JsonObject body(String id, Notice notice) {
        return new JsonObject()
                .put("id", id)
                .put("event", notice.topic().word())
                .put("at", notice.at().toString())
                .put("subject", notice.subject())
                .put("text", notice.text())
                .put("url", publicUrl == null ? null : publicUrl + notice.path());
    }

    private Future<Void> inTurn(Supplier<Future<Void>> act) {
        var done = tail.transform(_ -> act.get());
        tail = done;
        return done;
    }

    /** The links that each choosy channel wants to hear of; asked only when there is something to say of links. */
    private Future<Map<String, Set<String>>> links(List<Notice> notices) {
        Map<String, Set<String>> found = new HashMap<>();
        Future<Void> done = Future.succeededFuture();
        for (var stored : channels.all()) {
            var channel = stored.channel();
            if (!channel.links().isEmpty()
                    && notices.stream().anyMatch(notice -> notice.link() != null && stored.wants(notice))) {
                done = done.compose(_ -> resolve(channel.links())).map(ids -> {
                    if (ids != null) {
                        found.put(channel.id(), ids);
                    }
                    return null;
                });
            }
        }
        return done.map(found);
    }

    /** None where the selectors name none (any more); null, which is all, where they cannot be looked up. */
    private Future<@Nullable Set<String>> resolve(List<String> selectors) {
        return bus.request(new Resolve(selectors))
                .<@Nullable Set<String>>map(targets ->
                        targets.targets().stream().map(Target::linkId).collect(Collectors.toSet()))
                .otherwise(cause -> isAboutSelectors(cause) ? Set.of() : null);
    }

    private static boolean isAboutSelectors(Throwable cause) {
        return cause instanceof Failure failure
                && (failure.code() == ErrorCode.LINK_NOT_FOUND || failure.code() == ErrorCode.VALIDATION_FAILED);
    }

    private Future<Void> store(List<Notice> notices, Map<String, Set<String>> links, List<Statement> alongside) {
        var now = now();
        var after = summaries.copy();
        var statements = new ArrayList<>(alongside);
        Map<String, Summaries.Growing> grown = new LinkedHashMap<>();
        Set<String> rung = new HashSet<>();
        for (var notice : notices) {
            for (var channel : channels.all()) {
                if (!channel.wants(notice) || !isChosen(channel.id(), notice, links)) {
                    continue;
                }
                var key = new Summaries.Key(channel.id(), notice.topic());
                var open = after.growing(key);
                var folded = after.fold(key, notice.name(), now, ids, lastLine + 1);
                if (folded == null) {
                    var id = ids.get();
                    var body = body(id, notice).encode();
                    statements.add(DeliveryStore.insert(id, channel.id(), ++lastLine, notice.topic(), body, now));
                    rung.add(channel.id());
                    continue;
                }
                lastLine = Math.max(lastLine, folded.line());
                if (open != null && !open.id().equals(folded.id())) {
                    // The minute is over and nobody closed it yet.
                    statements.add(DeliveryStore.close(open.id(), ++lastLine, now));
                    rung.add(channel.id());
                }
                grown.put(folded.id(), folded);
            }
        }
        grown.values().forEach(each -> statements.add(DeliveryStore.collect(each, body(each, now))));
        if (statements.isEmpty()) {
            return Future.succeededFuture();
        }
        return store.write(statements).onSuccess(_ -> {
            summaries = after;
            rung.forEach(bell);
        });
    }

    private static boolean isChosen(String channel, Notice notice, Map<String, Set<String>> links) {
        var chosen = links.get(channel);
        return notice.link() == null || chosen == null || chosen.contains(notice.link());
    }

    private String body(Summaries.Growing summary, Instant now) {
        var notice = Wording.summary(summary.key().topic(), summary.count(), summary.names(), now);
        return body(summary.id(), notice).encode();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
