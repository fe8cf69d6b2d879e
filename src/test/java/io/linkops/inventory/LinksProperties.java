package io.linkops.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.FindLink;
import io.linkops.inventory.Inventory.FindLinks;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.LinkColumn;
import io.linkops.inventory.Inventory.LinkState;
import io.linkops.inventory.Inventory.RecordEnrollment;
import io.linkops.inventory.Inventory.Replace;
import io.linkops.worlds.Fleets;
import io.linkops.worlds.Kernel;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** Links as the inventory's verticle finds them, over the bus and a real database. */
class LinksProperties {
    private static Kernel kernel;
    private static int commits;

    @BeforeContainer
    static void start() throws Exception {
        kernel = new Kernel(Files.createTempDirectory("linkops-links"), Inventory.class);
        kernel.deploy(new InventoryVerticle(kernel.database(), () -> Instant.EPOCH));
    }

    @AfterContainer
    static void stop() throws Exception {
        kernel.close();
    }

    /** Links, and what was seen of each. */
    record World(List<Link> links, List<Enrollment> seen, List<Long> latencies) {}

    @Provide
    Arbitrary<World> worlds() {
        var latencies = Arbitraries.longs().between(0, 5).injectNull(0.3);
        return Combinators.combine(
                        Fleets.links(7),
                        Fleets.enrollments().list().ofSize(7),
                        latencies.list().ofSize(7))
                .as(World::new);
    }

    @Provide
    Arbitrary<FindLinks> questions() {
        var columns =
                Arbitraries.of(LinkColumn.class).map(column -> column.name().toLowerCase(Locale.ROOT));
        return Combinators.combine(
                        Arbitraries.of("VM", "VPS", "none").injectNull(0.6),
                        Arbitraries.of("online", "offline", "unknown").injectNull(0.6),
                        Arbitraries.of("enrolled", "refused", "unverified").injectNull(0.6),
                        Arbitraries.of("web", "db", "4").injectNull(0.6),
                        Arbitraries.of("A", "root", "home", "0.0", "ZZ").injectNull(0.6),
                        columns.injectNull(0.1),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false))
                .as(FindLinks::new);
    }

    /**
     * P8 For any valid link id, asking for it gives exactly that link; P9, P10 for any criteria exactly those, sorted.
     */
    @Property(tries = 100)
    @Tag("P8")
    @Tag("P9")
    @Tag("P10")
    void findsExactlyWhatIsAskedFor(@ForAll("worlds") World world, @ForAll("questions") FindLinks question)
            throws Exception {
        kernel.ask(new Replace("c" + commits++, world.links(), List.of()));
        for (int i = 0; i < world.links().size(); i++) {
            kernel.ask(new RecordEnrollment(
                    world.links().get(i).id(),
                    world.seen().get(i),
                    null,
                    world.latencies().get(i)));
        }
        var all = kernel.ask(new FindLinks(null, null, null, null, null, null, false, true))
                .links();
        var found = kernel.ask(question).links();
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(
                        all.stream().filter(state -> matches(state, question)).toList());
        assertSorted(found, question);
        for (int i = 0; i < world.links().size(); i++) {
            var state = kernel.ask(new FindLink(world.links().get(i).id()));
            assertThat(state.link()).isEqualTo(world.links().get(i));
            assertThat(state.enrollment()).isEqualTo(world.seen().get(i));
            assertThat(state.isRetired()).isFalse();
        }
    }

    private static boolean matches(LinkState state, FindLinks question) {
        var link = state.link();
        var words = new ArrayList<>(List.of(link.id(), link.host(), link.user()));
        words.add(Objects.requireNonNullElse(link.provider(), ""));
        return (!state.isRetired() || question.withRetired())
                && is(question.type(), link.type())
                && is(question.status(), state.status().name().toLowerCase(Locale.ROOT))
                && is(question.enrollment(), state.enrollment().status().name().toLowerCase(Locale.ROOT))
                && (question.tag() == null || link.tags().contains(question.tag()))
                && (question.text() == null
                        || words.stream()
                                .anyMatch(word -> word.toUpperCase(Locale.ROOT)
                                        .contains(question.text().toUpperCase(Locale.ROOT))));
    }

    private static boolean is(@Nullable String wanted, String value) {
        return wanted == null || wanted.equals(value);
    }

    private static void assertSorted(List<LinkState> found, FindLinks question) {
        for (int i = 1; i < found.size(); i++) {
            var before = found.get(i - 1);
            var after = found.get(i);
            var order = compare(key(before, question.sort()), key(after, question.sort()), question.descending());
            assertThat(order).as("%s before %s", before, after).isLessThanOrEqualTo(0);
            if (order == 0) {
                assertThat(before.link().id()).isLessThan(after.link().id());
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static int compare(@Nullable Comparable<?> a, @Nullable Comparable<?> b, boolean isDescending) {
        if (a == null || b == null) {
            return Boolean.compare(a == null, b == null);
        }
        var order = ((Comparable<Object>) a).compareTo(b);
        return isDescending ? -order : order;
    }

    private static @Nullable Comparable<?> key(LinkState state, @Nullable String column) {
        return switch (column == null ? "id" : column) {
            case "type" -> state.link().type();
            case "provider" -> state.link().provider();
            case "host" -> state.link().host();
            case "port" -> state.link().port();
            case "user" -> state.link().user();
            case "enrollment" -> state.enrollment().status().name();
            case "status" -> state.status().name();
            case "latency" -> state.latencyMillis();
            case "last_seen" -> state.lastSeen();
            default -> state.link().id();
        };
    }

    /**
     * For any world and any next one: the fleet found is the next one, and everything gone is retired, after a restart
     * too.
     */
    @Property(tries = 100)
    void aCommitReplacesTheOneBefore(@ForAll("worlds") World before, @ForAll("worlds") World after) throws Exception {
        kernel.ask(new Replace("c" + commits++, before.links(), List.of()));
        var diff = kernel.ask(new Replace("c" + commits++, after.links(), List.of()));
        var old = before.links().stream().map(Link::id).toList();
        var now = after.links().stream().map(Link::id).toList();
        assertThat(diff.added())
                .containsExactlyElementsOf(
                        now.stream().filter(id -> !old.contains(id)).sorted().toList());
        assertThat(diff.retired())
                .containsExactlyElementsOf(
                        old.stream().filter(id -> !now.contains(id)).sorted().toList());
        assertThat(diff.changed())
                .containsExactlyElementsOf(after.links().stream()
                        .filter(link ->
                                old.contains(link.id()) && !before.links().contains(link))
                        .map(Link::id)
                        .sorted()
                        .toList());
        var links = kernel.ask(new FindLinks(null, null, null, null, null, null, false, false))
                .links();
        assertThat(links.stream().map(LinkState::link)).containsExactlyInAnyOrderElementsOf(after.links());
        var withRetired = kernel.ask(new FindLinks(null, null, null, null, null, null, false, true));
        var again = kernel.deploy(new InventoryVerticle(kernel.database(), () -> Instant.EPOCH));
        // two instances answer in turn now: the one that has just read the disk must say the same
        for (int i = 0; i < 2; i++) {
            assertThat(kernel.ask(new FindLinks(null, null, null, null, null, null, false, true)))
                    .isEqualTo(withRetired);
        }
        kernel.undeploy(again);
    }
}
