package io.linkops.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.Health;
import io.linkops.inventory.Inventory.HostKey;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.LinkState;
import io.linkops.inventory.Inventory.LinkStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which changes of links people hear of. */
class LinkPlanTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private static LinkState link(String id, LinkStatus status, boolean isRetired, boolean isInMaintenance) {
        var link =
                new Link(id, "VM", null, "192.0.2.1", 22, "root", List.of(), "id", "/id", null, null, null, Map.of());
        var health = new Health(status, NOW, NOW, null, null, null, null, null, null);
        return new LinkState(
                link,
                Enrollment.UNVERIFIED,
                new HostKey(List.of(), null),
                isRetired,
                null,
                null,
                health,
                isInMaintenance);
    }

    private static LinkPlan plan(Map<String, LinkStatus> known, LinkState... links) {
        return LinkPlan.of(known, List.of(links));
    }

    @Test
    void thatALinkDoesNotAnswerIsNewsAlsoOfANewOne() {
        var online = Map.of("a", LinkStatus.ONLINE);
        var plan = plan(
                online, link("a", LinkStatus.OFFLINE, false, false), link("new", LinkStatus.OFFLINE, false, false));
        assertThat(plan.news()).extracting(each -> each.link().id()).containsExactly("a", "new");
        assertThat(plan.seen()).isEqualTo(Map.of("a", LinkStatus.OFFLINE, "new", LinkStatus.OFFLINE));
        assertThat(plan.gone()).isEmpty();
    }

    @Test
    void thatANewOneAnswersIsRememberedButNoNews() {
        var plan = plan(
                Map.of("back", LinkStatus.OFFLINE),
                link("back", LinkStatus.ONLINE, false, false),
                link("new", LinkStatus.ONLINE, false, false));
        assertThat(plan.news()).extracting(each -> each.link().id()).containsExactly("back");
        assertThat(plan.seen()).isEqualTo(Map.of("back", LinkStatus.ONLINE, "new", LinkStatus.ONLINE));
    }

    @Test
    void whatIsAsItWasOrUnknownIsNoChange() {
        var known = Map.of("same", LinkStatus.OFFLINE, "dark", LinkStatus.ONLINE);
        var plan = plan(
                known, link("same", LinkStatus.OFFLINE, false, false), link("dark", LinkStatus.UNKNOWN, false, false));
        assertThat(plan).isEqualTo(new LinkPlan(List.of(), Map.of(), List.of()));
    }

    @Test
    void whatChangesInAMaintenanceWindowIsToldWhenItEndsIfItStaysSo() {
        var known = Map.of("a", LinkStatus.ONLINE);
        assertThat(plan(known, link("a", LinkStatus.OFFLINE, false, true)))
                .isEqualTo(new LinkPlan(List.of(), Map.of(), List.of()));
        assertThat(plan(known, link("a", LinkStatus.OFFLINE, false, false)).news())
                .hasSize(1);
    }

    @Test
    void aRetiredLinkIsForgottenWithoutAWord() {
        var plan = plan(
                Map.of("known", LinkStatus.ONLINE),
                link("known", LinkStatus.OFFLINE, true, false),
                link("never", LinkStatus.OFFLINE, true, false));
        assertThat(plan).isEqualTo(new LinkPlan(List.of(), Map.of(), List.of("known")));
    }
}
