package io.linkops.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A set of sequences, kept as ranges: a whole chain of a million rows is one of them. */
final class Places {
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** From one place to another, both included. */
    record Range(long from, long to) {}

    boolean has(long place) {
        var range = ranges.floorEntry(place);
        return range != null && range.getValue() >= place;
    }

    void add(long place) {
        if (has(place)) {
            return;
        }
        long from = place;
        long to = place;
        Map.Entry<Long, Long> before = ranges.floorEntry(place);
        if (before != null && before.getValue() == place - 1) {
            from = before.getKey();
        }
        var after = ranges.remove(place + 1);
        if (after != null) {
            to = after;
        }
        ranges.put(from, to);
    }

    long last(long otherwise) {
        return ranges.isEmpty() ? otherwise : ranges.lastEntry().getValue();
    }

    /** What is not in it. */
    List<Range> gaps(long from, long to) {
        List<Range> gaps = new ArrayList<>();
        long next = from;
        for (var range : ranges.entrySet()) {
            if (range.getKey() > to) {
                break;
            }
            if (range.getKey() > next) {
                gaps.add(new Range(next, range.getKey() - 1));
            }
            next = Math.max(next, range.getValue() + 1);
        }
        if (next <= to) {
            gaps.add(new Range(next, to));
        }
        return gaps;
    }
}
