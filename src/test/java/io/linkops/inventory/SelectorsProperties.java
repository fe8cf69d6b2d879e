package io.linkops.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory.Link;
import io.linkops.worlds.Fleets;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Selectors choose exactly what they say, or nothing at all. */
class SelectorsProperties {
    @Provide
    Arbitrary<List<Link>> links() {
        return Fleets.links(8);
    }

    @Provide
    Arbitrary<List<String>> selectors() {
        var globs = Arbitraries.strings().withChars("abvZ7.*?-").ofMinLength(1).ofMaxLength(4);
        var named = Arbitraries.of("tag:web", "tag:db", "type:VM", "type:VPS", "tag:none", "type:vm", "*", "tag:", "nobody");
        var one = Arbitraries.oneOf(globs, named, Fleets.ids());
        return Arbitraries.oneOf(one, one, one.map(selector -> "!" + selector)).list().ofMaxSize(4);
    }

    /** For any selectors: the links are those the positive ones match without those the negative ones do, or a refusal. */
    @Property(tries = 1000)
    void choosesExactlyWhatIsSaid(@ForAll("links") List<Link> links, @ForAll("selectors") List<String> selectors) {
        var chosen = new HashSet<String>();
        var excluded = new HashSet<String>();
        var isAllMatched = true;
        for (var selector : selectors) {
            var matches = matches(links, selector.startsWith("!") ? selector.substring(1) : selector);
            isAllMatched &= !matches.isEmpty();
            (selector.startsWith("!") ? excluded : chosen).addAll(matches);
        }
        chosen.removeAll(excluded);
        var resolver = new Selectors(byId(links));
        if (!isAllMatched || chosen.isEmpty()) {
            assertThatThrownBy(() -> resolver.resolve(selectors)).isInstanceOf(Failure.class);
        } else {
            assertThat(resolver.resolve(selectors)).doesNotHaveDuplicates().hasSameElementsAs(chosen);
        }
    }

    /** For any link, its id chooses it alone, and the order is that of the selectors. */
    @Property(tries = 200)
    void idsChooseThemselvesInTheirOrder(@ForAll("links") List<Link> links) {
        var ids = links.stream().map(Link::id).toList().reversed();
        var resolver = new Selectors(byId(links));
        if (!ids.isEmpty()) {
            assertThat(resolver.resolve(ids)).isEqualTo(ids);
        }
        ids.forEach(id -> assertThat(resolver.resolve(List.of(id))).containsExactly(id));
    }

    /** No list of selectors without a positive one ever chooses anything. */
    @Property(tries = 200)
    void exclusionsAloneChooseNothing(@ForAll("links") List<Link> links, @ForAll("selectors") List<String> selectors) {
        var negated = selectors.stream().filter(selector -> selector.startsWith("!")).toList();
        assertThatThrownBy(() -> new Selectors(byId(links)).resolve(negated))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.VALIDATION_FAILED));
    }

    /** What matches nothing is named in the details. */
    @Property(tries = 200)
    void whatMatchesNothingIsNamed(@ForAll("links") List<Link> links) {
        assertThatThrownBy(() -> new Selectors(byId(links)).resolve(List.of("*", "no:such", "!nobody-*")))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.LINK_NOT_FOUND);
                    assertThat(failure.details().get("selectors"))
                            .isEqualTo(links.isEmpty() ? List.of("*", "no:such", "!nobody-*") : List.of("no:such", "!nobody-*"));
                });
    }

    private static List<String> matches(List<Link> links, String selector) {
        return links.stream()
                .filter(link -> selector.startsWith("tag:")
                        ? link.tags().contains(selector.substring(4))
                        : selector.startsWith("type:")
                                ? link.type().equals(selector.substring(5))
                                : regex(selector).matcher(link.id()).matches())
                .map(Link::id)
                .toList();
    }

    private static Pattern regex(String glob) {
        return Pattern.compile(glob.chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf((char) c)))
                .collect(Collectors.joining()));
    }

    private static SortedMap<String, Link> byId(List<Link> links) {
        var map = new TreeMap<String, Link>();
        links.forEach(link -> map.put(link.id(), link));
        return map;
    }
}
