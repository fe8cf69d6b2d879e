package io.linkops.gitsync;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.gitsync.GitSync.HoldReason;
import io.linkops.gitsync.GitSync.HoldRule;
import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.HostKey;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.LinkState;
import io.linkops.worlds.Fleets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What a commit may do without an admin's word, and what it may not (decision 8). */
class SyncGuardProperties {
    private static final String KEY = "SHA256:" + "k".repeat(43);
    private static final String OTHER = "SHA256:" + "o".repeat(43);

    @Provide
    Arbitrary<List<Link>> links() {
        return Fleets.links(20);
    }

    private static LinkState state(Link link, boolean isRetired, String confirmed) {
        var trusted = link.hostKey() != null ? link.hostKey() : confirmed;
        return new LinkState(
                link,
                Enrollment.UNVERIFIED,
                new HostKey(trusted == null ? List.of() : List.of(trusted), null),
                isRetired,
                null,
                null,
                null,
                false);
    }

    private static List<LinkState> active(List<Link> links) {
        return links.stream().map(link -> state(link, false, null)).toList();
    }

    static Link pinned(Link link, String hostKey) {
        return new Link(
                link.id(),
                link.type(),
                link.provider(),
                link.host(),
                link.port(),
                link.user(),
                link.tags(),
                link.clientId(),
                link.clientIdPath(),
                link.keyRef(),
                link.proxyJump(),
                hostKey,
                link.metadata());
    }

    /** For any fleet, a commit that changes nothing, or only adds, passes. */
    @Property(tries = 200)
    void addingIsFree(@ForAll("links") List<Link> links, @ForAll @IntRange(min = 0, max = 20) int known) {
        var before = active(links.subList(0, Math.min(known, links.size())));
        assertThat(new SyncGuard(0).judge(before, links, Map.of())).isEmpty();
    }

    /** For any fleet and any share of it retired, it is held if and only if these are 3 or more and too many. */
    @Property(tries = 500)
    void tooManyRetiredAreHeld(
            @ForAll("links") List<Link> links,
            @ForAll @IntRange(min = 0, max = 20) int kept,
            @ForAll @IntRange(min = 0, max = 100) int percent) {
        var rest = links.subList(0, Math.min(kept, links.size()));
        int retired = links.size() - rest.size();
        var reasons = new SyncGuard(percent).judge(active(links), rest, Map.of());
        var isTooMany = retired >= 3 && retired > links.size() * percent / 100.0;
        assertThat(reasons).hasSize(isTooMany ? 1 : 0).allMatch(reason -> reason.rule() == HoldRule.TOO_MANY_RETIRED);
    }

    /** Links that are retired already are not retired once more, however many. */
    @Property(tries = 100)
    void theRetiredDoNotCount(@ForAll("links") List<Link> links) {
        var retired = links.stream().map(link -> state(link, true, null)).toList();
        assertThat(new SyncGuard(0).judge(retired, List.of(), Map.of())).isEmpty();
    }

    /** For any known link, retired ones too, another pin, no pin any more, or a pin against an admin's word is held. */
    @Property(tries = 300)
    void whatProvesALinkIsNotChangedSilently(
            @ForAll("links") List<Link> links,
            @ForAll int which,
            @ForAll("pins") Optional<String> before,
            @ForAll("pins") Optional<String> confirmed,
            @ForAll("pins") Optional<String> after,
            @ForAll boolean isRetired) {
        Assume.that(!links.isEmpty());
        int at = Math.floorMod(which, links.size());
        var known = new ArrayList<>(active(links));
        known.set(at, state(pinned(links.get(at), before.orElse(null)), isRetired, confirmed.orElse(null)));
        var next = new ArrayList<>(links);
        next.set(at, pinned(links.get(at), after.orElse(null)));
        var rules = new SyncGuard(20)
                .judge(known, next, Map.of()).stream()
                        .peek(reason -> assertThat(reason.linkId())
                                .isEqualTo(links.get(at).id()))
                        .map(HoldReason::rule)
                        .toList();
        List<HoldRule> expected;
        if (before.isPresent()) {
            expected = after.isEmpty()
                    ? List.of(HoldRule.HOST_KEY_REMOVED)
                    : after.equals(before) ? List.of() : List.of(HoldRule.HOST_KEY_CHANGED);
        } else {
            expected = after.isPresent() && confirmed.isPresent() && !after.equals(confirmed)
                    ? List.of(HoldRule.CONFIRMED_KEY_OVERRULED)
                    : List.of();
        }
        assertThat(rules).isEqualTo(expected);
    }

    /** Exactly what an admin has written passes; anything else of the same link does not. */
    @Property(tries = 200)
    void anAdminsEditPassesExactlyAsItIs(@ForAll("links") List<Link> links, @ForAll int which) {
        Assume.that(!links.isEmpty());
        int at = Math.floorMod(which, links.size());
        var known = new ArrayList<>(active(links));
        known.set(at, state(pinned(links.get(at), KEY), false, null));
        var next = new ArrayList<>(links);
        next.set(at, pinned(links.get(at), OTHER));
        var id = links.get(at).id();
        var guard = new SyncGuard(20);
        assertThat(guard.judge(known, next, Map.of(id, Optional.of(next.get(at)))))
                .isEmpty();
        assertThat(guard.judge(known, next, Map.of(id, Optional.of(pinned(links.get(at), null)))))
                .isNotEmpty();
        assertThat(guard.judge(known, next, Map.of(id, Optional.empty()))).isNotEmpty();
        next.remove(at);
        assertThat(new SyncGuard(0).judge(known, next, Map.of(id, Optional.empty())))
                .isEmpty();
    }

    @Provide
    Arbitrary<Optional<String>> pins() {
        return Arbitraries.of(Optional.empty(), Optional.of(KEY), Optional.of(OTHER));
    }
}
