package io.linkops.bench;

import java.util.Comparator;
import java.util.List;

/**
 * One fan-out over all targets, or several.
 *
 * @param cpuMillis of the one who fans out, not of the servers
 * @param sshdMillis of the servers and what they ran
 * @param foreign cores that somebody else used meanwhile
 */
record Pass(String name, int targets, double wallMillis, double cpuMillis, double sshdMillis, double foreign) {
    double cpuPerTarget() {
        return cpuMillis / targets;
    }

    /** How long one of the places was taken up by one target. */
    double overhead(int concurrency) {
        return wallMillis * Math.min(concurrency, targets) / targets;
    }

    static Pass median(List<Pass> passes) {
        return passes.stream()
                .sorted(Comparator.comparingDouble(Pass::wallMillis))
                .toList()
                .get(passes.size() / 2);
    }

    static double percentile(List<Double> values, int percent) {
        var sorted = values.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }
}
