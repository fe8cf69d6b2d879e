package io.linkops.notifications;

import io.linkops.notifications.Notifications.Topic;
import io.vertx.core.json.JsonArray;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered to fold storms: the minute of each topic on each channel, and the summaries that still grow. A
 * copy is changed and takes the place of the original once all is on disk.
 */
final class Summaries {
    /** How many are named in a summary. */
    static final int NAMED = 10;

    record Key(String channel, Topic topic) {}

    /** @param names the first of those folded */
    record Growing(Key key, String id, long line, Instant from, Instant until, int count, List<String> names) {
        Growing {
            names = List.copyOf(names);
        }

        Growing with(String name) {
            var longer = new ArrayList<>(names);
            if (names.size() < NAMED) {
                longer.add(name);
            }
            return new Growing(key, id, line, from, until, count + 1, longer);
        }

        String namesJson() {
            return new JsonArray(names).encode();
        }
    }

    private final StormPlan plan;
    private final Map<Key, StormPlan.Window> windows = new HashMap<>();
    private final Map<Key, Growing> growing = new HashMap<>();

    Summaries(StormPlan plan) {
        this.plan = plan;
    }

    /** Goes on with what was folded when LinkOps ended: still a storm. */
    void load(Growing summary) {
        growing.put(summary.key(), summary);
        windows.put(summary.key(), window(summary));
    }

    private StormPlan.Window window(Growing summary) {
        return new StormPlan.Window(summary.until().minus(StormPlan.MINUTE), summary.count() + plan.limit(), false);
    }

    Summaries copy() {
        var copy = new Summaries(plan);
        copy.windows.putAll(windows);
        copy.growing.putAll(growing);
        return copy;
    }

    /** @return the summary it went into; null if it goes singly */
    @Nullable
    Growing fold(Key key, String name, Instant now, Supplier<String> ids, long line) {
        var decision = plan.next(windows.get(key), now);
        windows.put(key, decision.after());
        if (!decision.isFolded()) {
            return null;
        }
        var open = growing.get(key);
        var until = decision.after().until();
        var before = open != null && open.until().equals(until)
                ? open
                : new Growing(key, ids.get(), line, now, until, 0, List.of());
        var after = before.with(name);
        growing.put(key, after);
        return after;
    }

    /** Those whose minute is over. */
    List<Growing> over(Instant now) {
        return growing.values().stream()
                .filter(each -> !now.isBefore(each.until()) || now.isBefore(each.from()))
                .toList();
    }

    @Nullable
    Growing growing(Key key) {
        return growing.get(key);
    }

    void close(Growing summary) {
        growing.remove(summary.key(), summary);
    }

    static List<String> names(String json) {
        return new JsonArray(json).stream().map(String::valueOf).toList();
    }
}
