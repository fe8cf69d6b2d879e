package io.linkops.inventory;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory.Target;
import io.linkops.ssh.Hop;
import io.linkops.ssh.Route;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;

/** The way to a link through its jump hosts (pure): each hop with its key and the fingerprints that are trusted. */
final class RoutePlan {
    private static final int MAX_HOPS = 20;

    private final Map<String, KnownLink> links;

    RoutePlan(Map<String, KnownLink> links) {
        this.links = links;
    }

    Target target(KnownLink known) {
        var link = known.link();
        return new Target(link.id(), route(known), link.clientId(), link.clientIdPath(), known.enrollment());
    }

    /** Jump hosts first; fails if one of them is gone or the way does not end. */
    Route route(KnownLink destination) {
        var hops = new ArrayDeque<Hop>();
        hops.add(hop(destination));
        for (var jump = destination.link().proxyJump(); jump != null; ) {
            var via = links.get(jump);
            if (via == null || via.isRetired()) {
                throw failure(destination, "goes through " + jump + ", which is not in the inventory");
            }
            if (hops.size() == MAX_HOPS) {
                throw failure(destination, "goes through more than " + MAX_HOPS + " jump hosts, or in a circle");
            }
            hops.addFirst(hop(via));
            jump = via.link().proxyJump();
        }
        return new Route(List.copyOf(hops));
    }

    private static Hop hop(KnownLink known) {
        var link = known.link();
        return new Hop(
                link.id(),
                link.host(),
                link.port(),
                link.user(),
                link.keyRef(),
                known.hostKey().trusted());
    }

    private static Failure failure(KnownLink link, String what) {
        return new Failure(
                ErrorCode.LINK_NOT_FOUND,
                "Link " + link.link().id() + " " + what + "; correct ssh.proxyJump in links.yaml and sync");
    }
}
