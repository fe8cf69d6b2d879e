package io.linkops.health;

import io.linkops.inventory.Inventory.LinkStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which state a link has after a check (pure, decision 7): so many failures among the last checks make it offline, so
 * many in a row that got in make it online again. The first check ever, and one that somebody asked for, decide alone.
 *
 * @param failures of the last {@code window} checks
 * @param successes in a row
 */
record HealthPolicy(int failures, int window, int successes) {

    /**
     * What is remembered of a link.
     *
     * @param recent the last checks, the newest last, no more than can matter; true for those that got in
     */
    record Track(LinkStatus status, Instant since, List<Boolean> recent) {
        Track {
            recent = List.copyOf(recent);
        }

        static Track of(LinkStatus status, Instant since) {
            return new Track(status, since, List.of());
        }
    }

    Track next(Track track, boolean gotIn, boolean isDecisive, Instant at) {
        var recent = new ArrayList<>(track.recent());
        recent.add(gotIn);
        while (recent.size() > Math.max(window, successes)) {
            recent.removeFirst();
        }
        var status = isDecisive || track.status() == LinkStatus.UNKNOWN
                ? (gotIn ? LinkStatus.ONLINE : LinkStatus.OFFLINE)
                : weighed(track.status(), recent);
        if (status == track.status()) {
            return new Track(status, track.since(), recent);
        }
        // what made it so is not counted again
        return new Track(status, at, List.of(gotIn));
    }

    private LinkStatus weighed(LinkStatus status, List<Boolean> recent) {
        if (status == LinkStatus.ONLINE) {
            long failed =
                    newest(recent, window).stream().filter(gotIn -> !gotIn).count();
            return failed >= failures ? LinkStatus.OFFLINE : status;
        }
        var last = newest(recent, successes);
        return last.size() == successes && !last.contains(false) ? LinkStatus.ONLINE : status;
    }

    private static List<Boolean> newest(List<Boolean> recent, int count) {
        return recent.subList(Math.max(0, recent.size() - count), recent.size());
    }
}
