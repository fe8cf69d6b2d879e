package io.linkops.audit;

import io.linkops.audit.Audit.Auth;
import io.linkops.audit.Audit.Entry;
import io.linkops.audit.Audit.Who;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets a few failures of a kind pass each minute and counts the rest, so that nobody fills the disk with failed
 * log-ins. However many come, at most {@link #MOST_SINGLE} + {@link #MOST_KINDS} rows are written in a minute. Pure.
 */
final class FloodGate {
    static final Duration WINDOW = Duration.ofMinutes(1);
    /** Singly recorded of one kind in a window. */
    static final int SINGLE = 10;
    /** Singly recorded of all kinds in a window. */
    static final int MOST_SINGLE = 120;
    /** Kinds that are counted apart; those beyond are counted together. */
    static final int MOST_KINDS = 60;

    private static final Kind OTHERS = new Kind("*", "*", "*");

    private final Map<Kind, Counted> kinds = new LinkedHashMap<>();
    private Instant openedAt = Instant.MIN;
    private int singles;

    private record Kind(String action, String address, String result) {}

    private static final class Counted {
        private int single;
        private long folded;
        private String user = "";
        private String resourceKind = "";
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;
    }

    /** Whether this failure is recorded by itself; otherwise it is counted. */
    boolean passes(Entry entry, Instant now) {
        if (openedAt.equals(Instant.MIN)) {
            openedAt = now;
        }
        var kind = new Kind(entry.action(), entry.who().address(), entry.result());
        var counted = kinds.get(kind);
        if (counted == null) {
            counted = kinds.computeIfAbsent(kinds.size() < MOST_KINDS - 1 ? kind : OTHERS, _ -> new Counted());
        }
        if (counted.single < SINGLE && singles < MOST_SINGLE) {
            counted.single++;
            singles++;
            return true;
        }
        counted.user = counted.folded == 0 || counted.user.equals(entry.who().user())
                ? entry.who().user()
                : "*";
        counted.resourceKind = entry.kind();
        counted.folded++;
        counted.first = now.isBefore(counted.first) ? now : counted.first;
        counted.last = now.isAfter(counted.last) ? now : counted.last;
        return false;
    }

    /** What was counted in the window that is over, a row for each kind; nothing while it is open. */
    List<Entry> sums(Instant now, boolean isLast) {
        if (!isLast
                && !openedAt.equals(Instant.MIN)
                && now.isBefore(openedAt.plus(WINDOW))
                && !now.isBefore(openedAt)) {
            return List.of();
        }
        List<Entry> sums = new ArrayList<>();
        kinds.forEach((kind, counted) -> {
            if (counted.folded > 0) {
                sums.add(new Entry(
                        new Who(counted.user, "", Auth.NONE, kind.address()),
                        kind.action(),
                        counted.resourceKind,
                        "",
                        Map.of(
                                "times", Long.toString(counted.folded),
                                "first", counted.first.toString(),
                                "last", counted.last.toString()),
                        kind.result(),
                        ""));
            }
        });
        kinds.clear();
        singles = 0;
        openedAt = Instant.MIN;
        return sums;
    }
}
