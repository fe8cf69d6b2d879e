package io.linkops.gitsync;

import io.linkops.inventory.Inventory;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The ways from link to link ({@code ssh.proxyJump}): each must end, and not after too many hops. */
final class Jumps {
    /** Jump hosts before a link. */
    static final int MAX_JUMPS = 8;

    private final Map<String, Inventory.Link> links = new HashMap<>();
    private final Map<String, Integer> depths = new HashMap<>();
    private final TreeMap<String, String> problems = new TreeMap<>();

    Jumps(List<Inventory.Link> links) {
        links.forEach(link -> this.links.put(link.id(), link));
    }

    /** What is wrong, by the id of the link where it is to be put right. */
    Map<String, String> problems() {
        links.keySet().stream().sorted().forEach(this::follow);
        return problems;
    }

    /** Walks to the first link whose depth is known, then gives each link on the way its own. */
    private void follow(String start) {
        var way = new LinkedHashSet<String>();
        var id = start;
        while (id != null && !depths.containsKey(id)) {
            var link = links.get(id);
            if (link == null) {
                problems.put(way.getLast(), "names " + Texts.shown(id) + ", but there is no such link");
                break;
            }
            if (!way.add(id)) {
                problems.put(id, "leads back to the link itself: " + String.join(" → ", loop(way, id)));
                break;
            }
            id = link.proxyJump();
        }
        var depth = id == null ? -1 : depths.getOrDefault(id, -1);
        for (var step : way.reversed()) {
            depths.put(step, ++depth);
            if (depth == MAX_JUMPS + 1) {
                problems.putIfAbsent(step, "goes through more than " + MAX_JUMPS + " jump hosts");
            }
        }
    }

    private static List<String> loop(Set<String> way, String id) {
        var loop = new java.util.ArrayList<>(
                way.stream().dropWhile(step -> !step.equals(id)).limit(10).toList());
        loop.add(id);
        return loop;
    }
}
