package io.linkops.health;

import io.linkops.bus.Bus;
import io.linkops.health.Health.Change;
import io.linkops.health.Health.Check;
import io.linkops.health.Health.HealthChanged;
import io.linkops.health.Health.Result;
import io.linkops.health.HealthPolicy.Track;
import io.linkops.inventory.Inventory;
import io.linkops.inventory.Inventory.LinkSeen;
import io.linkops.inventory.Inventory.LinkState;
import io.linkops.inventory.Inventory.LinkStatus;
import io.linkops.inventory.Inventory.RecordHealth;
import io.linkops.inventory.Inventory.RecordMaintenance;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of each link: what a check changes is stored, then given to the inventory, then told. For one event loop.
 */
final class HealthStates {
    private static final Logger LOG = LoggerFactory.getLogger(HealthStates.class);

    private final Bus bus;
    private final HealthStore store;
    private final HealthPolicy policy;
    private final Map<String, Link> links = new HashMap<>();
    private Set<String> inMaintenance = Set.of();

    /** A link, and what was last told of it. */
    private static final class Link {
        private Track track;
        private LinkStatus told;
        private @Nullable String hop;
        private @Nullable String reason;

        Link(Track track) {
            this.track = track;
            this.told = track.status();
        }
    }

    HealthStates(Bus bus, HealthStore store, HealthPolicy policy) {
        this.bus = bus;
        this.store = store;
        this.policy = policy;
    }

    /** These are the links; of those that are known already, what is known stays. */
    void keep(Collection<LinkState> states, java.time.Instant now) {
        links.keySet().retainAll(states.stream().map(state -> state.link().id()).toList());
        states.forEach(state -> links.computeIfAbsent(state.link().id(), _ -> new Link(track(state, now))));
    }

    private static Track track(LinkState state, java.time.Instant now) {
        var health = state.health();
        return Track.of(state.status(), health == null ? now : health.since());
    }

    /** It is another machine now: its first check decides. */
    void forget(String linkId, java.time.Instant now) {
        links.computeIfPresent(linkId, (_, _) -> new Link(Track.of(LinkStatus.UNKNOWN, now)));
    }

    int count(LinkStatus status) {
        return (int) links.values().stream()
                .filter(link -> link.track.status() == status)
                .count();
    }

    int countInMaintenance() {
        return (int) links.keySet().stream().filter(inMaintenance::contains).count();
    }

    /** Answered with the state it leads to, when all of it is on disk. */
    Future<Check> record(Check check, @Nullable String offeredHostKey, boolean isAsked) {
        var link = links.computeIfAbsent(check.linkId(), _ -> new Link(Track.of(LinkStatus.UNKNOWN, check.at())));
        var sample = HealthStore.sample(check, isAsked);
        if (check.result() == Result.UNKNOWN) {
            return store.record(sample, null).map(_ -> CheckVerdict.of(check, link.track.status()));
        }
        var before = link.track;
        link.track = policy.next(before, check.result() == Result.ONLINE, isAsked, check.at());
        link.hop = check.hop();
        link.reason = check.reason();
        var judged = CheckVerdict.of(check, link.track.status());
        var change = change(judged, before);
        return store.record(sample, change == null ? null : HealthStore.change(check.linkId(), change))
                .compose(_ -> bus.request(told(judged, link.track, offeredHostKey)))
                .map(_ -> {
                    tell(check.linkId(), link);
                    return judged;
                });
    }

    private @Nullable Change change(Check check, Track before) {
        return check.status() == before.status()
                ? null
                : new Change(
                        check.at(),
                        before.status(),
                        check.status(),
                        check.hop(),
                        check.reason(),
                        check.error(),
                        inMaintenance.contains(check.linkId()));
    }

    private static RecordHealth told(Check check, Track track, @Nullable String offeredHostKey) {
        var health = new Inventory.Health(
                track.status(),
                track.since(),
                check.at(),
                check.latencyMillis(),
                check.latency(),
                check.stage(),
                check.hop(),
                check.reason(),
                check.error());
        var seenAt = check.result() == Result.ONLINE ? check.at() : null;
        return new RecordHealth(check.linkId(), health, seenAt, check.enrollment(), offeredHostKey);
    }

    /** A look of an operation or a person counts as a check that was asked for; the inventory knows it already. */
    void saw(LinkSeen seen) {
        var link = links.get(seen.linkId());
        if (link == null) {
            return;
        }
        var before = link.track;
        link.track = policy.next(before, seen.isOnline(), true, seen.at());
        link.hop = null;
        link.reason = seen.reason();
        var change = link.track.status() == before.status()
                ? null
                : new Change(
                        seen.at(),
                        before.status(),
                        link.track.status(),
                        null,
                        seen.reason(),
                        null,
                        inMaintenance.contains(seen.linkId()));
        store.record(HealthStore.sample(seen), change == null ? null : HealthStore.change(seen.linkId(), change))
                .onSuccess(_ -> tell(seen.linkId(), link))
                .onFailure(cause -> LOG.warn("What was seen of {} could not be kept", seen.linkId(), cause));
    }

    /** These links are in a maintenance window now; what changed in a window and stays so is told at its end. */
    Future<Void> maintain(List<String> now) {
        var next = Set.copyOf(now);
        if (next.equals(inMaintenance)) {
            return Future.succeededFuture();
        }
        inMaintenance = next;
        links.forEach(this::tell);
        return bus.request(new RecordMaintenance(now)).mapEmpty();
    }

    private void tell(String linkId, Link link) {
        if (link.told == link.track.status() || inMaintenance.contains(linkId)) {
            return;
        }
        var from = link.told;
        link.told = link.track.status();
        LOG.info("Link {} is {} (was {}): {}", linkId, link.told, from, link.reason == null ? "-" : link.reason);
        bus.publish(new HealthChanged(linkId, from, link.told, link.track.since(), link.hop, link.reason));
    }
}
