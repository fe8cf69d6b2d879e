package io.linkops.inventory;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.LinkState;
import io.linkops.inventory.Inventory.Replace;
import io.linkops.inventory.Inventory.Script;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The inventory in memory, as it is on disk: for the one event loop that owns it. */
final class Fleet {
    private final TreeMap<String, KnownLink> links = new TreeMap<>();
    private List<Script> scripts = List.of();
    private @Nullable String commit;
    private @Nullable SortedMap<String, Link> choosable;
    private Set<String> inMaintenance = Set.of();

    void load(Collection<KnownLink> storedLinks, List<Script> storedScripts, @Nullable String storedCommit) {
        links.clear();
        storedLinks.forEach(known -> links.put(known.link().id(), known));
        scripts = storedScripts;
        commit = storedCommit;
        choosable = null;
    }

    ReplacePlan plan(Replace replace, Instant now) {
        return ReplacePlan.of(Collections.unmodifiableMap(links), replace, now);
    }

    /** Planned anew: links may have been seen since. */
    void apply(Replace replace, Instant now) {
        plan(replace, now).links().forEach(known -> links.put(known.link().id(), known));
        scripts = replace.scripts().stream()
                .sorted(Comparator.comparing(Script::id))
                .toList();
        commit = replace.commit();
        choosable = null;
    }

    KnownLink change(String id, UnaryOperator<KnownLink> change) {
        var next = change.apply(find(id));
        links.put(id, next);
        return next;
    }

    /** A link as it is told. */
    LinkState state(KnownLink known) {
        return known.state(inMaintenance.contains(known.link().id()));
    }

    /** @return ids of the known links of which this has changed */
    Set<String> maintain(Collection<String> ids) {
        var changed = new TreeSet<>(ids);
        changed.removeAll(inMaintenance);
        inMaintenance.stream().filter(id -> !ids.contains(id)).forEach(changed::add);
        inMaintenance = Set.copyOf(ids);
        changed.retainAll(links.keySet());
        return changed;
    }

    /** Retired ones too. */
    KnownLink find(String id) {
        var known = links.get(id);
        if (known == null) {
            throw new Failure(ErrorCode.LINK_NOT_FOUND, "There is no link " + shown(id));
        }
        return known;
    }

    Collection<KnownLink> links() {
        return Collections.unmodifiableCollection(links.values());
    }

    /** What selectors choose from. */
    SortedMap<String, Link> choosable() {
        if (choosable == null) {
            var current = new TreeMap<String, Link>();
            links.forEach((id, known) -> {
                if (!known.isRetired()) {
                    current.put(id, known.link());
                }
            });
            choosable = Collections.unmodifiableSortedMap(current);
        }
        return choosable;
    }

    RoutePlan routes() {
        return new RoutePlan(Collections.unmodifiableMap(links));
    }

    List<Script> scripts() {
        return scripts;
    }

    @Nullable
    String commit() {
        return commit;
    }

    private static String shown(String id) {
        return id.length() > 128 ? id.substring(0, 128) + "…" : id;
    }
}
