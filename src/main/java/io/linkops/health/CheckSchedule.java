package io.linkops.health;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.CRC32;

/**
 * When each link is to be checked, on a clock that only goes forward: once in each interval, at a place in it that the
 * link's id gives, a little shaken so that no two links stay side by side. A link that was due more than once is due
 * once. For one event loop.
 */
final class CheckSchedule {
    /** A round is shaken by this part of the interval, at most. */
    private static final int SHAKE = 20;
    /** A link that is new is not kept waiting for a whole interval. */
    private static final int SOON = 10;

    private final long interval;
    private final long epoch;
    private final Map<String, Turn> turns = new HashMap<>();
    private final TreeSet<Turn> queue = new TreeSet<>();
    private boolean isFilled;

    private record Turn(long at, String id) implements Comparable<Turn> {
        @Override
        public int compareTo(Turn other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : id.compareTo(other.id);
        }
    }

    /** @param now nanoseconds of the clock that {@link #due} is asked with, from 0 */
    CheckSchedule(Duration interval, long now) {
        this.interval = interval.toNanos();
        this.epoch = now;
    }

    /** These are the links from now on. */
    void keep(Collection<String> ids, long time) {
        long now = elapsed(time);
        for (var id : List.copyOf(turns.keySet())) {
            if (!ids.contains(id)) {
                queue.remove(turns.remove(id));
            }
        }
        for (var id : ids) {
            if (!turns.containsKey(id)) {
                put(new Turn(isFilled ? now + offset(id) / SOON : next(id, now), id));
            }
        }
        isFilled = isFilled || !ids.isEmpty();
    }

    /** Those whose time has come, in their order; each has its next time after now. */
    List<String> due(long time) {
        long now = elapsed(time);
        List<String> due = new ArrayList<>();
        while (!queue.isEmpty() && queue.first().at() <= now) {
            var turn = queue.pollFirst();
            due.add(turn.id());
            put(new Turn(next(turn.id(), now), turn.id()));
        }
        return due;
    }

    /** Such a clock may begin anywhere and run over: only differences mean anything. */
    private long elapsed(long time) {
        return time - epoch;
    }

    private void put(Turn turn) {
        turns.put(turn.id(), turn);
        queue.add(turn);
    }

    /** The first place of this link that is not before half an interval from its last, which was now or earlier. */
    private long next(String id, long now) {
        long round = Math.floorDiv(now, interval);
        for (long at = place(id, round); ; at = place(id, ++round)) {
            var last = turns.get(id);
            if (at > now && (last == null || at - last.at() >= interval / 2)) {
                return at;
            }
        }
    }

    private long place(String id, long round) {
        long shake = Math.floorMod(hash(id + "#" + round), Math.max(1, interval / SHAKE));
        return round * interval + offset(id) + shake;
    }

    private long offset(String id) {
        return Math.floorMod(hash(id), interval);
    }

    /** Spread over all longs, the same in every process. */
    private static long hash(String text) {
        var crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        long mixed = (crc.getValue() + 1) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
        return mixed ^ (mixed >>> 32);
    }
}
