package io.linkops.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.inventory.Inventory.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A scope only ever narrows (decision 15). */
class ScopeProperties {
    @Property(tries = 500)
    void leavesNothingThatItsSelectorsDoNotChoose(
            @ForAll("links") List<Link> links, @ForAll("selectors") List<String> selectors) {
        var left = LinkScope.links(List.of(selectors), links);
        var byId = new TreeMap<String, Link>();
        links.forEach(link -> byId.put(link.id(), link));
        // the same words mean the same as in an operation, where all of them match something
        try {
            assertThat(left).containsExactlyInAnyOrderElementsOf(new Selectors(byId).resolve(selectors));
        } catch (io.linkops.bus.Failure nothing) {
            var matching = selectors.stream()
                    .filter(selector -> links.stream().anyMatch(link -> matches(byId, selector, link)))
                    .toList();
            if (matching.stream().noneMatch(selector -> !selector.startsWith("!"))) {
                assertThat(left).isEmpty();
            }
        }
    }

    private static boolean matches(Map<String, Link> all, String selector, Link link) {
        var plain = selector.startsWith("!") ? selector.substring(1) : selector;
        try {
            return new Selectors(new TreeMap<>(all)).resolve(List.of(plain)).contains(link.id());
        } catch (io.linkops.bus.Failure none) {
            return false;
        }
    }

    @Property(tries = 500)
    void anotherScopeNeverAddsAnything(
            @ForAll("links") List<Link> links,
            @ForAll("selectors") List<String> first,
            @ForAll("selectors") List<String> second) {
        var both = LinkScope.links(List.of(first, second), links);
        assertThat(LinkScope.links(List.of(first), links)).containsAll(both);
        assertThat(LinkScope.links(List.of(second), links)).containsAll(both);
        var each = new ArrayList<>(LinkScope.links(List.of(first), links));
        each.retainAll(LinkScope.links(List.of(second), links));
        assertThat(both).containsExactlyInAnyOrderElementsOf(each);
    }

    @Property(tries = 200)
    void anExclusionAddedNeverAddsAnything(
            @ForAll("links") List<Link> links,
            @ForAll("selectors") List<String> selectors,
            @ForAll("selector") String excluded) {
        var more = new ArrayList<>(selectors);
        more.add("!" + excluded);
        assertThat(LinkScope.links(List.of(selectors), links)).containsAll(LinkScope.links(List.of(more), links));
    }

    @Property(tries = 200)
    void scriptsAreChosenByNameAndGlobAlone(@ForAll("names") List<String> names, @ForAll("name") String name) {
        assertThat(LinkScope.scripts(List.of(List.of(name)), names))
                .isEqualTo(names.stream().filter(name::equals).collect(Collectors.toSet()));
        assertThat(LinkScope.scripts(List.of(List.of("*", "!" + name)), names))
                .isEqualTo(names.stream().filter(each -> !each.equals(name)).collect(Collectors.toSet()));
    }

    @Provide
    Arbitrary<String> name() {
        return Arbitraries.of("vm-1", "vm-2", "db-1", "web", "prod", "VM", "x");
    }

    @Provide
    Arbitrary<List<String>> names() {
        return name().list().uniqueElements();
    }

    @Provide
    Arbitrary<String> selector() {
        return Combinators.combine(Arbitraries.of("", "tag:", "type:"), name(), Arbitraries.of("", "*"))
                .as((prefix, name, star) -> prefix.isEmpty() ? name + star : prefix + name);
    }

    @Provide
    Arbitrary<List<String>> selectors() {
        var negated =
                Combinators.combine(Arbitraries.of("", "", "!"), selector()).as((not, one) -> not + one);
        return Combinators.combine(selector(), negated.list().ofMaxSize(3)).as((first, rest) -> {
            var all = new ArrayList<>(rest);
            all.addFirst(first);
            return all;
        });
    }

    @Provide
    Arbitrary<List<Link>> links() {
        var link = Combinators.combine(name(), name(), name().list().ofMaxSize(3))
                .as((id, type, tags) -> new Link(
                        id,
                        type,
                        null,
                        "10.0.0.1",
                        22,
                        "ops",
                        tags,
                        "id",
                        "/etc/linkops/client_id",
                        null,
                        null,
                        null,
                        Map.of()));
        return link.list().uniqueElements(Link::id).ofMaxSize(6);
    }
}
