package io.linkops.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.health.HealthPolicy.Track;
import io.linkops.inventory.Inventory.LinkStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What checks make of a link's state, for any policy and any checks. */
class HealthPolicyProperties {
    private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");

    @Provide
    Arbitrary<HealthPolicy> policies() {
        return Arbitraries.integers()
                .between(1, 8)
                .flatMap(window -> Combinators.combine(
                                Arbitraries.integers().between(1, window),
                                Arbitraries.integers().between(1, 6))
                        .as((failures, successes) -> new HealthPolicy(failures, window, successes)));
    }

    private static List<Track> walk(HealthPolicy policy, LinkStatus first, List<Boolean> checks) {
        var tracks = new ArrayList<Track>();
        var track = Track.of(first, BEGIN);
        for (int i = 0; i < checks.size(); i++) {
            track = policy.next(track, checks.get(i), false, BEGIN.plusSeconds(i));
            tracks.add(track);
        }
        return tracks;
    }

    /** The first check ever decides, and so does each that somebody asked for, whatever was before. */
    @Property(tries = 300)
    void theFirstAndTheAskedForDecideAtOnce(
            @ForAll("policies") HealthPolicy policy,
            @ForAll @Size(max = 20) List<Boolean> before,
            @ForAll boolean now) {
        var expected = now ? LinkStatus.ONLINE : LinkStatus.OFFLINE;
        assertThat(policy.next(Track.of(LinkStatus.UNKNOWN, BEGIN), now, false, BEGIN)
                        .status())
                .isEqualTo(expected);
        var tracks = walk(policy, LinkStatus.UNKNOWN, before);
        var last = tracks.isEmpty() ? Track.of(LinkStatus.UNKNOWN, BEGIN) : tracks.getLast();
        assertThat(policy.next(last, now, true, BEGIN).status()).isEqualTo(expected);
    }

    /** A link goes offline only with enough failures in the window, and back only after enough successes in a row. */
    @Property(tries = 500)
    void aStateChangesOnlyForEnoughReason(
            @ForAll("policies") HealthPolicy policy, @ForAll @Size(max = 60) List<Boolean> checks) {
        var tracks = walk(policy, LinkStatus.ONLINE, checks);
        var status = LinkStatus.ONLINE;
        for (int i = 0; i < checks.size(); i++) {
            var next = tracks.get(i).status();
            if (next != status) {
                assertThat(tracks.get(i).since()).isEqualTo(BEGIN.plusSeconds(i));
            }
            if (status == LinkStatus.ONLINE && next == LinkStatus.OFFLINE) {
                var window = checks.subList(Math.max(0, i + 1 - policy.window()), i + 1);
                assertThat(window.stream().filter(gotIn -> !gotIn).count()).isGreaterThanOrEqualTo(policy.failures());
            }
            if (status == LinkStatus.OFFLINE && next == LinkStatus.ONLINE) {
                assertThat(i + 1).isGreaterThanOrEqualTo(policy.successes());
                assertThat(checks.subList(i + 1 - policy.successes(), i + 1)).containsOnly(true);
            }
            status = next;
        }
    }

    /** A link that is really down is offline after so many checks, one that is really up is online after so many. */
    @Property(tries = 300)
    void whatStaysIsNoticed(@ForAll("policies") HealthPolicy policy, @ForAll @Size(max = 20) List<Boolean> before) {
        for (var stays : List.of(true, false)) {
            var checks = new ArrayList<>(before);
            for (int i = 0; i < Math.max(policy.failures(), policy.successes()) + 1; i++) {
                checks.add(stays);
            }
            assertThat(walk(policy, LinkStatus.UNKNOWN, checks).getLast().status())
                    .isEqualTo(stays ? LinkStatus.ONLINE : LinkStatus.OFFLINE);
        }
    }

    /** A link that alternates between success and failure does not flap: it changes its state once at most. */
    @Property(tries = 300)
    void whatAlternatesDoesNotFlap(
            @ForAll @IntRange(min = 1, max = 8) int failures,
            @ForAll @IntRange(min = 2, max = 6) int successes,
            @ForAll boolean startsUp) {
        var policy = new HealthPolicy(failures, 2 * failures, successes);
        var checks = new ArrayList<Boolean>();
        for (int i = 0; i < 100; i++) {
            checks.add(startsUp == (i % 2 == 0));
        }
        var statuses = walk(policy, LinkStatus.UNKNOWN, checks).stream()
                .map(Track::status)
                .toList();
        long changes = 0;
        for (int i = 1; i < statuses.size(); i++) {
            changes += statuses.get(i) == statuses.get(i - 1) ? 0 : 1;
        }
        assertThat(changes).isLessThanOrEqualTo(1);
    }
}
