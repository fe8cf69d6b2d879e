package io.linkops.inventory;

import io.linkops.inventory.Inventory.Link;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What scopes leave: see {@link Inventory.FindReach}. Pure; what is not chosen, or is excluded, is not left. */
final class LinkScope {
    private LinkScope() {}

    static @Nullable Set<String> links(List<List<String>> scopes, Collection<Link> links) {
        if (scopes.isEmpty()) {
            return null;
        }
        var isLeft = all(scopes.stream().map(LinkScope::links).toList());
        return links.stream().filter(isLeft).map(Link::id).collect(Collectors.toUnmodifiableSet());
    }

    static @Nullable Set<String> scripts(List<List<String>> scopes, Collection<String> scripts) {
        if (scopes.isEmpty()) {
            return null;
        }
        var isLeft = all(scopes.stream().map(LinkScope::scripts).toList());
        return scripts.stream().filter(isLeft).collect(Collectors.toUnmodifiableSet());
    }

    private static Predicate<Link> links(List<String> selectors) {
        return chosen(selectors, LinkScope::link);
    }

    private static Predicate<String> scripts(List<String> names) {
        return chosen(names, LinkScope::name);
    }

    private static <T> Predicate<T> all(List<Predicate<T>> scopes) {
        return thing -> scopes.stream().allMatch(scope -> scope.test(thing));
    }

    /** Chosen by one at least, excluded by none. */
    private static <T> Predicate<T> chosen(
            List<String> entries, java.util.function.Function<String, Predicate<T>> meaning) {
        var chosen = entries.stream()
                .filter(entry -> !entry.startsWith("!"))
                .map(meaning)
                .toList();
        var excluded = entries.stream()
                .filter(entry -> entry.startsWith("!"))
                .map(entry -> meaning.apply(entry.substring(1)))
                .toList();
        return thing -> chosen.stream().anyMatch(each -> each.test(thing))
                && excluded.stream().noneMatch(each -> each.test(thing));
    }

    private static Predicate<Link> link(String selector) {
        if (selector.startsWith("tag:")) {
            var tag = selector.substring("tag:".length());
            return link -> link.tags().contains(tag);
        }
        if (selector.startsWith("type:")) {
            var type = selector.substring("type:".length());
            return link -> link.type().equals(type);
        }
        var name = name(selector);
        return link -> name.test(link.id());
    }

    private static Predicate<String> name(String entry) {
        if (Glob.isGlob(entry)) {
            var glob = new Glob(entry);
            return glob::matches;
        }
        return entry::equals;
    }
}
