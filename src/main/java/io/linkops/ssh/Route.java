package io.linkops.ssh;

import java.util.List;

/** How to reach a link: the jump hosts in order, then the link itself. Equal routes share a kept connection. */
public record Route(List<Hop> hops) {
    public Route {
        hops = List.copyOf(hops);
        if (hops.isEmpty()) {
            throw new IllegalArgumentException("a route has at least one hop");
        }
    }

    /** The link itself. */
    public Hop destination() {
        return hops.getLast();
    }
}
