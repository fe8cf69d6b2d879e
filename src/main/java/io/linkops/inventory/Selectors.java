package io.linkops.inventory;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory.Link;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Turns selectors into link ids (pure): see {@link Inventory.Resolve}. What cannot be understood is never widened. */
final class Selectors {
    private static final int MAX_SELECTORS = 20_000;
    private static final int MAX_LENGTH = 200;
    private static final int MAX_REPORTED = 50;

    private final SortedMap<String, Link> links;

    /** @param links those that can be chosen, by id: retired ones are not among them */
    Selectors(SortedMap<String, Link> links) {
        this.links = links;
    }

    /** The chosen ids, each once, in the order of the selectors, then of the ids. */
    List<String> resolve(List<String> selectors) {
        refuseUnfit(selectors);
        var chosen = new LinkedHashSet<String>();
        var excluded = new LinkedHashSet<String>();
        var unmatched = new ArrayList<String>();
        for (var selector : selectors) {
            var isNegated = selector.startsWith("!");
            var matches = matches(isNegated ? selector.substring(1) : selector);
            if (matches.isEmpty()) {
                unmatched.add(selector);
            }
            (isNegated ? excluded : chosen).addAll(matches);
        }
        if (!unmatched.isEmpty()) {
            throw notFound(unmatched);
        }
        return without(excluded, chosen);
    }

    private static void refuseUnfit(List<String> selectors) {
        if (selectors.isEmpty() || selectors.stream().allMatch(selector -> selector.startsWith("!"))) {
            throw invalid(
                    "Name at least one link: an id, a pattern like vm-*, tag:NAME or type:NAME. Exclusions (!…) alone"
                            + " choose nothing");
        }
        if (selectors.size() > MAX_SELECTORS) {
            throw invalid("There are " + selectors.size() + " selectors; at most " + MAX_SELECTORS + " are allowed");
        }
        for (var selector : selectors) {
            if (selector.isBlank() || selector.equals("!") || selector.length() > MAX_LENGTH) {
                throw invalid("A selector must have between 1 and " + MAX_LENGTH + " characters");
            }
        }
    }

    private static List<String> without(Set<String> excluded, Set<String> chosen) {
        var rest = chosen.stream().filter(id -> !excluded.contains(id)).toList();
        if (rest.isEmpty()) {
            throw invalid("The exclusions (!…) leave none of the " + chosen.size() + " chosen links");
        }
        return rest;
    }

    private List<String> matches(String selector) {
        if (selector.startsWith("tag:")) {
            var tag = selector.substring("tag:".length());
            return ids(link -> link.tags().contains(tag));
        }
        if (selector.startsWith("type:")) {
            var type = selector.substring("type:".length());
            return ids(link -> link.type().equals(type));
        }
        if (Glob.isGlob(selector)) {
            var glob = new Glob(selector);
            return ids(link -> glob.matches(link.id()));
        }
        return links.containsKey(selector) ? List.of(selector) : List.of();
    }

    private List<String> ids(Predicate<Link> predicate) {
        return links.values().stream().filter(predicate).map(Link::id).toList();
    }

    private Failure notFound(List<String> unmatched) {
        var reported = unmatched.stream().limit(MAX_REPORTED).toList();
        var suggestions = new TreeMap<String, List<String>>();
        for (var selector : reported) {
            var similar = suggestions(selector.startsWith("!") ? selector.substring(1) : selector);
            if (!similar.isEmpty()) {
                suggestions.put(selector, similar);
            }
        }
        var hint = suggestions.isEmpty()
                ? ""
                : "; did you mean " + suggestions.firstEntry().getValue().getFirst() + "?";
        return new Failure(
                ErrorCode.LINK_NOT_FOUND,
                "No link matches "
                        + String.join(", ", reported.stream().limit(5).toList())
                        + (unmatched.size() > 5 ? " and " + (unmatched.size() - 5) + " more selectors" : "")
                        + hint,
                Map.of("selectors", reported, "suggestions", suggestions));
    }

    private List<String> suggestions(String selector) {
        var words = selector.startsWith("tag:")
                ? links.values().stream().flatMap(link -> link.tags().stream()).map(tag -> "tag:" + tag)
                : selector.startsWith("type:")
                        ? links.values().stream().map(link -> "type:" + link.type())
                        : links.keySet().stream();
        return similar(words, selector);
    }

    private static List<String> similar(Stream<String> words, String selector) {
        return words.distinct()
                .filter(word -> Likeness.isSimilar(word, selector))
                .limit(3)
                .toList();
    }

    private static Failure invalid(String message) {
        return new Failure(ErrorCode.VALIDATION_FAILED, message, Map.of("fields", Map.of("targets", message)));
    }
}
