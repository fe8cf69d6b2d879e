package io.linkops.inventory;

import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.Replace;
import io.linkops.inventory.Inventory.Replaced;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a commit changes (pure): each link that must be written, and the difference for people.
 *
 * @param links as they are to be, only those that are not so already, sorted by id
 * @param reset ids of known links of which nothing seen holds any more
 */
record ReplacePlan(List<KnownLink> links, List<String> reset, Replaced replaced) {
    ReplacePlan {
        links = List.copyOf(links);
        reset = List.copyOf(reset);
    }

    static ReplacePlan of(Map<String, KnownLink> known, Replace replace, Instant now) {
        var next = new TreeMap<String, Link>();
        replace.links().forEach(link -> next.put(link.id(), link));
        var links = new TreeMap<String, KnownLink>();
        var reset = new ArrayList<String>();
        var added = new ArrayList<String>();
        var changed = new ArrayList<String>();
        var retired = new ArrayList<String>();
        next.forEach((id, link) -> {
            var before = known.get(id);
            if (before == null || before.isRetired()) {
                added.add(id);
            } else if (!before.link().equals(link)) {
                changed.add(id);
            } else {
                return;
            }
            if (before != null && !before.isSameMachine(link)) {
                reset.add(id);
            }
            links.put(id, before == null ? KnownLink.added(link, now) : before.describedBy(link, now));
        });
        known.forEach((id, before) -> {
            if (!before.isRetired() && !next.containsKey(id)) {
                retired.add(id);
                links.put(id, before.retired());
            }
        });
        retired.sort(null);
        var replaced = new Replaced(
                added, changed, retired, next.size(), replace.scripts().size());
        return new ReplacePlan(List.copyOf(links.values()), reset, replaced);
    }
}
