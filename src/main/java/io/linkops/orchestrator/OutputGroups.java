package io.linkops.orchestrator;

import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.Group;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Executions that came to the same, the largest group first, among equals the one that comes first. Pure. */
final class OutputGroups {
    private static final int MOST_TARGETS = 100;

    private record Outcome(
            ExecutionStatus status,
            @Nullable Integer exitCode,
            @Nullable String stdout,
            @Nullable String stderr) {}

    private OutputGroups() {}

    /** @param script only executions of this one; null for all */
    static List<Group> of(List<Execution> executions, @Nullable String script) {
        Map<Outcome, List<Execution>> groups = new LinkedHashMap<>();
        for (var each : executions) {
            if (script == null || script.equals(each.script())) {
                var outcome = new Outcome(each.status(), each.exitCode(), each.stdoutSha256(), each.stderrSha256());
                groups.computeIfAbsent(outcome, _ -> new ArrayList<>()).add(each);
            }
        }
        return groups.entrySet().stream()
                .map(group -> group(group.getKey(), group.getValue()))
                .sorted(Comparator.comparingInt(Group::count).reversed())
                .toList();
    }

    private static Group group(Outcome outcome, List<Execution> members) {
        return new Group(
                outcome.status(),
                outcome.exitCode(),
                outcome.stdout(),
                outcome.stderr(),
                members.size(),
                members.stream()
                        .map(Execution::target)
                        .distinct()
                        .limit(MOST_TARGETS)
                        .toList(),
                members.getFirst().id());
    }
}
