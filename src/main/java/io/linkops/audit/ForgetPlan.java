package io.linkops.audit;

import java.time.Instant;
import java.util.List;

/** Which rows of the audit retention removes. Pure. */
final class ForgetPlan {
    private ForgetPlan() {}

    /**
     * The first rows that are older, up to the first that is not; never the last of those given, so that the newest row
     * stays.
     *
     * @param lines the oldest rows, in order
     */
    static List<Line> victims(List<Line> lines, Instant before, int limit) {
        return lines.stream()
                .limit(Math.min(limit, Math.max(0, lines.size() - 1)))
                .takeWhile(line -> line.field("at").matches("-?[0-9]{1,18}")
                        && Long.parseLong(line.field("at")) < before.toEpochMilli())
                .toList();
    }
}
