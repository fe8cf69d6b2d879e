package io.linkops.orchestrator;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a stop of LinkOps waits for, and what it ends (P37). Nothing starts any more; what runs may finish within the
 * grace; what does not is told to end, once; durable ones are left to run. Pure: it is told the time.
 */
final class DrainPlan {
    /** How long the end of what was told to end is waited for, besides the time between TERM and KILL. */
    static final Duration LAST = Duration.ofSeconds(10);

    private final Instant graceUntil;
    private final Instant lastUntil;
    private final Map<String, Boolean> running = new HashMap<>();
    private final Set<String> told = new TreeSet<>();

    /**
     * @param running the executions that run, and whether each is durable
     * @param killGrace between TERM and KILL
     */
    DrainPlan(Map<String, Boolean> running, Duration grace, Duration killGrace, Instant now) {
        this.running.putAll(running);
        this.graceUntil = now.plus(grace);
        this.lastUntil = graceUntil.plus(killGrace).plus(LAST);
    }

    /** One has ended. */
    void ended(String execution) {
        running.remove(execution);
    }

    /** Those that are to be told to end now; each is named once. */
    List<String> due(Instant now) {
        if (now.isBefore(graceUntil)) {
            return List.of();
        }
        return running.entrySet().stream()
                .filter(each -> !each.getValue())
                .map(Map.Entry::getKey)
                .filter(told::add)
                .sorted()
                .toList();
    }

    /** Whether nothing is left to wait for: all that is not durable has ended, or the last of the time is up. */
    boolean isOver(Instant now) {
        return running.values().stream().allMatch(isDurable -> isDurable) || !now.isBefore(lastUntil);
    }

    /** When to look again, unless one ends before. */
    Instant next(Instant now) {
        return now.isBefore(graceUntil) ? graceUntil : lastUntil;
    }

    /** Those whose end was not seen, durable ones left out. */
    List<String> unended() {
        return running.entrySet().stream()
                .filter(each -> !each.getValue())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** How many go on without LinkOps. */
    long goingOn() {
        return running.values().stream().filter(isDurable -> isDurable).count();
    }
}
