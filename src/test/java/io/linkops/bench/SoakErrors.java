package io.linkops.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;

/** What the load did not expect, by kind, with the first text of each. What comes soon after a cut is told apart. */
final class SoakErrors {
    /** Whoever waits for what was cut gives up after a minute, and later where the machine is busy. */
    private static final Duration ECHO = Duration.ofSeconds(150);

    private final Map<String, Kind> kinds = new TreeMap<>();
    private Instant lastCut = Instant.MIN;

    private record Kind(int count, String first) {}

    synchronized void cut() {
        lastCut = Instant.now();
    }

    synchronized void add(String what, Throwable error) {
        var cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        boolean isExpected = Instant.now().minus(ECHO).isBefore(lastCut);
        var text = Instant.now() + " " + cause;
        var kind = (isExpected ? "(after a cut) " : "") + what + ": "
                + cause.getClass().getSimpleName();
        if (kinds.merge(kind, new Kind(1, text), (old, _) -> new Kind(old.count + 1, old.first)).count == 1) {
            System.out.println("unexpected, " + kind + ": " + text);
        }
    }

    /** Without those after a cut. */
    synchronized long count() {
        return kinds.entrySet().stream()
                .filter(each -> !each.getKey().startsWith("("))
                .mapToLong(each -> each.getValue().count)
                .sum();
    }

    synchronized String summary() {
        var text = new StringBuilder();
        kinds.forEach((kind, seen) -> text.append("%n  %5d %s, first: %s".formatted(seen.count, kind, seen.first)));
        return text.isEmpty() ? "nothing" : text.toString();
    }
}
