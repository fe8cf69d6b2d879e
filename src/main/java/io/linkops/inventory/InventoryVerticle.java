package io.linkops.inventory;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory.ConfirmHostKey;
import io.linkops.inventory.Inventory.FindLink;
import io.linkops.inventory.Inventory.FindLinks;
import io.linkops.inventory.Inventory.FindReach;
import io.linkops.inventory.Inventory.FindScripts;
import io.linkops.inventory.Inventory.InventoryChanged;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.LinkChanged;
import io.linkops.inventory.Inventory.LinkReset;
import io.linkops.inventory.Inventory.LinkSeen;
import io.linkops.inventory.Inventory.LinkState;
import io.linkops.inventory.Inventory.Links;
import io.linkops.inventory.Inventory.Reach;
import io.linkops.inventory.Inventory.RecordEnrollment;
import io.linkops.inventory.Inventory.RecordHealth;
import io.linkops.inventory.Inventory.RecordMaintenance;
import io.linkops.inventory.Inventory.Recorded;
import io.linkops.inventory.Inventory.Replace;
import io.linkops.inventory.Inventory.Replaced;
import io.linkops.inventory.Inventory.Resolve;
import io.linkops.inventory.Inventory.Script;
import io.linkops.inventory.Inventory.Scripts;
import io.linkops.inventory.Inventory.Targets;
import io.linkops.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Owns links, scripts and what was seen of them. Everything is answered from memory; every change is on disk before it
 * is in memory, answered and told.
 */
public final class InventoryVerticle extends VerticleBase {
    private final InventoryStore store;
    private final InstantSource clock;
    private final Fleet fleet = new Fleet();
    private Future<?> lastReplace = Future.succeededFuture();

    public InventoryVerticle(Database database, InstantSource clock) {
        this.store = new InventoryStore(database);
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        return store.links()
                .compose(links -> store.scripts()
                        .compose(scripts -> store.commit().onSuccess(commit -> fleet.load(links, scripts, commit))))
                .onSuccess(_ -> listen(Bus.of(vertx)));
    }

    private void listen(Bus bus) {
        bus.answer(Replace.class, replace -> replaceInTurn(bus, replace));
        bus.answer(FindLinks.class, this::findLinks);
        bus.answer(FindLink.class, find -> Future.succeededFuture(fleet.state(fleet.find(find.id()))));
        bus.answer(FindScripts.class, _ -> Future.succeededFuture(new Scripts(fleet.commit(), fleet.scripts())));
        bus.answer(Resolve.class, this::resolve);
        bus.answer(FindReach.class, this::reach);
        bus.answer(RecordEnrollment.class, look -> record(bus, look));
        bus.answer(RecordHealth.class, told -> record(bus, told));
        bus.answer(RecordMaintenance.class, now -> {
            fleet.maintain(Set.copyOf(now.linkIds())).forEach(id -> bus.publish(new LinkChanged(id)));
            return Future.succeededFuture(new Recorded());
        });
        bus.answer(ConfirmHostKey.class, confirm -> confirm(bus, confirm));
    }

    private Future<Links> findLinks(FindLinks question) {
        var states = fleet.links().stream().map(fleet::state);
        return Future.succeededFuture(new Links(new LinkFilter(question).of(states)));
    }

    private Future<Targets> resolve(Resolve resolve) {
        var routes = fleet.routes();
        var ids = new Selectors(choosable(resolve.within())).resolve(resolve.selectors());
        return Future.succeededFuture(
                new Targets(ids.stream().map(fleet::find).map(routes::target).toList()));
    }

    private SortedMap<String, Link> choosable(@Nullable Set<String> within) {
        if (within == null) {
            return fleet.choosable();
        }
        var rest = new TreeMap<>(fleet.choosable());
        rest.keySet().retainAll(within);
        return rest;
    }

    private Future<Reach> reach(FindReach question) {
        return Future.succeededFuture(new Reach(
                LinkScope.links(
                        question.targets(),
                        fleet.links().stream().map(KnownLink::link).toList()),
                LinkScope.scripts(
                        question.scripts(),
                        fleet.scripts().stream().map(Script::id).toList())));
    }

    /** One after the other: a plan is made from what the one before left. */
    private Future<Replaced> replaceInTurn(Bus bus, Replace replace) {
        var result = lastReplace.transform(_ -> replace(bus, replace));
        lastReplace = result;
        return result;
    }

    private Future<Replaced> replace(Bus bus, Replace replace) {
        var now = now();
        var isKnown = replace.commit().equals(fleet.commit())
                && replace.scripts().equals(fleet.scripts())
                && fleet.plan(replace, now).links().isEmpty();
        var plan = fleet.plan(replace, now);
        if (isKnown) {
            return Future.succeededFuture(plan.replaced());
        }
        return store.replace(plan, replace, now).map(_ -> {
            fleet.apply(replace, now);
            plan.reset().forEach(id -> bus.publish(new LinkReset(id)));
            bus.publish(new InventoryChanged(replace.commit()));
            return plan.replaced();
        });
    }

    private Future<Recorded> record(Bus bus, RecordEnrollment look) {
        var sighting = Sighting.of(look);
        fleet.find(look.linkId());
        return store.seen(sighting).map(_ -> {
            fleet.change(look.linkId(), known -> known.seen(sighting));
            var at = sighting.enrollment().verifiedAt();
            if (at != null) {
                var reason = sighting.isOnline() ? null : look.enrollment().reason();
                bus.publish(new LinkSeen(look.linkId(), sighting.isOnline(), at, reason));
            }
            bus.publish(new LinkChanged(look.linkId()));
            return new Recorded();
        });
    }

    private Future<Recorded> record(Bus bus, RecordHealth told) {
        var enrollment = told.enrollment();
        var sighting = enrollment == null
                ? null
                : Sighting.of(new RecordEnrollment(told.linkId(), enrollment, told.offeredHostKey(), null));
        fleet.find(told.linkId());
        return store.told(told, sighting).map(_ -> {
            fleet.change(
                    told.linkId(),
                    known -> (sighting == null ? known : known.seen(sighting)).told(told.health(), told.seenAt()));
            bus.publish(new LinkChanged(told.linkId()));
            return new Recorded();
        });
    }

    private Future<LinkState> confirm(Bus bus, ConfirmHostKey confirm) {
        refuseUnfit(fleet.find(confirm.linkId()), confirm.fingerprint());
        var now = now();
        return store.confirmed(confirm.linkId(), confirm.fingerprint(), confirm.confirmedBy(), now)
                .map(_ -> {
                    var known = fleet.change(confirm.linkId(), link -> link.confirmed(confirm.fingerprint(), now));
                    bus.publish(new LinkReset(confirm.linkId()));
                    bus.publish(new LinkChanged(confirm.linkId()));
                    return fleet.state(known);
                });
    }

    private static void refuseUnfit(KnownLink known, String fingerprint) {
        var id = known.link().id();
        if (known.isRetired()) {
            throw conflict("Link " + id + " is gone from links.yaml; there is nothing to confirm");
        }
        if (known.link().hostKey() != null) {
            throw conflict("The host key of link " + id + " is pinned by ssh.hostKey in links.yaml; change it there");
        }
        if (known.offered() == null) {
            throw conflict(
                    "Link " + id + " was not refused for its host key; verify it first and look at what it shows");
        }
        if (!fingerprint.equals(known.offered())) {
            throw conflict("Link " + id + " showed " + known.offered()
                    + ", which is not the fingerprint to be confirmed; compare them again");
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static Failure conflict(String message) {
        return new Failure(ErrorCode.CONFLICT, message);
    }
}
