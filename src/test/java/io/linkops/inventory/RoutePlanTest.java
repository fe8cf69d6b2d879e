package io.linkops.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory.Link;
import io.linkops.ssh.Hop;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutePlanTest {
    private static final String PIN = "SHA256:" + "p".repeat(43);
    private static final String CONFIRMED = "SHA256:" + "c".repeat(43);

    private final Map<String, KnownLink> links = new HashMap<>();

    private KnownLink link(String id, String jump, String pin, String confirmed) {
        var link = new Link(
                id, "VM", null, id + ".example", 22, "root", List.of(), "LINKOPS-" + id, "/id", "key-" + id, jump, pin,
                Map.of());
        var known = KnownLink.added(link, Instant.EPOCH);
        var result = confirmed == null ? known : known.confirmed(confirmed, Instant.EPOCH);
        links.put(id, result);
        return result;
    }

    @Test
    void goesThroughTheJumpHostsInOrder() {
        link("outer", null, PIN, CONFIRMED);
        link("inner", "outer", null, CONFIRMED);
        var target = new RoutePlan(links).target(link("vm", "inner", null, null));
        assertThat(target.route().hops())
                .containsExactly(
                        new Hop("outer", "outer.example", 22, "root", "key-outer", List.of(PIN)),
                        new Hop("inner", "inner.example", 22, "root", "key-inner", List.of(CONFIRMED)),
                        new Hop("vm", "vm.example", 22, "root", "key-vm", List.of()));
        assertThat(target.clientId()).isEqualTo("LINKOPS-vm");
    }

    @Test
    void refusesAJumpHostThatIsGone() {
        var vm = link("vm", "gone", null, null);
        assertThatThrownBy(() -> new RoutePlan(links).route(vm))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("vm goes through gone");
        links.put("gone", link("gone", null, null, null).retired());
        assertThatThrownBy(() -> new RoutePlan(links).route(vm)).isInstanceOf(Failure.class);
    }

    @Test
    void doesNotRunInCircles() {
        link("a", "b", null, null);
        var b = link("b", "a", null, null);
        assertThatThrownBy(() -> new RoutePlan(links).route(b))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("circle");
    }
}
