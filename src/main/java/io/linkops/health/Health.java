package io.linkops.health;

import io.linkops.bus.Contract;
import io.linkops.bus.Event;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.figures.Figures;
import io.linkops.inventory.Inventory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked about the health of links, and what is told of it. It owns the samples, the changes of state and
 * the maintenance windows; what it says of a link it gives to the inventory ({@code Inventory.RecordHealth}).
 */
@Contract
public interface Health {

    // ---- checks --------------------------------------------------------------------------------------------------

    /** Checks a link now; what it comes to decides the link's state at once. LINK_NOT_FOUND, for retired links too. */
    record CheckLink(String linkId) implements Request<Check> {}

    /** Checks many now, as {@link CheckLink} does; have more patience than usual. */
    record CheckLinks(List<String> targets) implements Request<Checks> {
        public CheckLinks {
            targets = List.copyOf(targets);
        }
    }

    /** In the order of the targets. */
    record Checks(List<Check> checks) implements Reply {
        public Checks {
            checks = List.copyOf(checks);
        }
    }

    /** What one check came to (P28). */
    enum Result {
        /** Logged in to; the client id does not matter for this. */
        ONLINE,
        /** Not logged in to; the reason says why. */
        OFFLINE,
        /** LinkOps could not look, for reasons of its own; the state stays as it is. */
        UNKNOWN
    }

    /**
     * One act of a check.
     *
     * @param hop id of the link or jump host
     * @param act {@code dns}, {@code tcp}, {@code key_exchange}, {@code host_key}, {@code login}, {@code client_id}
     */
    record Stage(String hop, String act, Duration took, boolean isPassed) {}

    /**
     * One check.
     *
     * @param latencyMillis one question and its answer over the logged-in connection, rounded up; null unless online
     * @param latency the same against the thresholds
     * @param isKept whether a kept connection served, so that there was nothing to connect
     * @param stage the act that failed; null if online
     * @param hop id of the link at which it failed: this one or a jump host; null if online
     * @param reason a stable word: a name of {@code SshException.Reason} in lower case, or {@code jump_host} if a jump
     *     host is out of reach; null if online
     * @param error a sentence for people that says what to do; null if online
     * @param status the link's state after this check
     * @param enrollment what the client id file showed; null if the check did not come so far
     */
    record Check(
            String linkId,
            Result result,
            Instant at,
            Duration took,
            @Nullable Long latencyMillis,
            Inventory.@Nullable Latency latency,
            boolean isKept,
            List<Stage> stages,
            @Nullable String stage,
            @Nullable String hop,
            @Nullable String reason,
            @Nullable String error,
            Inventory.LinkStatus status,
            Inventory.@Nullable Enrollment enrollment)
            implements Reply {
        public Check {
            stages = List.copyOf(stages);
        }
    }

    /** A link has become another state; not told while it is in a maintenance window, but at its end. */
    record HealthChanged(
            String linkId,
            Inventory.LinkStatus from,
            Inventory.LinkStatus to,
            Instant at,
            @Nullable String hop,
            @Nullable String reason)
            implements Event {}

    // ---- history -------------------------------------------------------------------------------------------------

    /**
     * What became of the checks of a link between two times, in buckets of one width for a chart.
     *
     * @param from inclusive
     * @param to exclusive
     * @param points how many buckets, 1–1,000
     */
    record FindHistory(String linkId, Instant from, Instant to, int points) implements Request<History> {}

    /** @param changes the newest 1,000 in that time, oldest first */
    record History(String linkId, Instant from, Instant to, List<Bucket> buckets, List<Change> changes)
            implements Reply {
        public History {
            buckets = List.copyOf(buckets);
            changes = List.copyOf(changes);
        }
    }

    /**
     * Checks of a part of the time. Percentiles are nearest-rank, of the checks that got in; null if none did.
     *
     * @param checks without those that LinkOps could not do
     */
    record Bucket(
            Instant from,
            Instant to,
            long checks,
            long failures,
            @Nullable Long p50Millis,
            @Nullable Long p95Millis,
            @Nullable Long maxMillis) {}

    /** One change of state. */
    record Change(
            Instant at,
            Inventory.LinkStatus from,
            Inventory.LinkStatus to,
            @Nullable String hop,
            @Nullable String reason,
            @Nullable String error,
            boolean isInMaintenance) {}

    // ---- maintenance ---------------------------------------------------------------------------------------------

    /**
     * Opens a window: checks go on, nobody is alarmed.
     *
     * @param targets selectors, resolved now
     * @param from null for now
     */
    record OpenWindow(List<String> targets, @Nullable Instant from, Instant until, String reason, String createdBy)
            implements Request<Window> {
        public OpenWindow {
            targets = List.copyOf(targets);
        }
    }

    /** @param links what the targets meant when it was opened */
    record Window(
            String id,
            List<String> targets,
            List<String> links,
            Instant from,
            Instant until,
            String reason,
            String createdBy,
            Instant createdAt,
            @Nullable String endedBy)
            implements Reply {
        public Window {
            targets = List.copyOf(targets);
            links = List.copyOf(links);
        }
    }

    /** The soonest first: those that are open or to come, and with the past ones those that are kept. */
    record FindWindows(boolean withPast) implements Request<Windows> {}

    record Windows(List<Window> windows) implements Reply {
        public Windows {
            windows = List.copyOf(windows);
        }
    }

    /** Ends a window now; one that has not begun never does. NOT_FOUND, or CONFLICT if it is over. */
    record EndWindow(String id, String endedBy) implements Request<Window> {}

    /** The figures of this room. */
    record FindFigures() implements Request<Figures.Page> {}
}
