package io.linkops.orchestrator;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.gitsync.GitSync.Content;
import io.linkops.inventory.Inventory.Target;
import io.linkops.orchestrator.OperationPlan.Step;
import io.linkops.orchestrator.OperationPlan.TargetPlan;
import io.linkops.orchestrator.OperationStore.Origin;
import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.Kind;
import io.linkops.orchestrator.Operations.Retry;
import io.linkops.orchestrator.Operations.ScriptInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which part of an operation is run again: for each link the scripts in question, both in their order. Pure.
 *
 * @param selectors what was asked for: those of the retry, or of the operation if it names none
 * @param inputs of the scripts that are needed, in their order
 * @param scriptsOf each link, by its id
 */
record RetryPlan(
        Origin origin, List<String> selectors, List<ScriptInput> inputs, Map<String, List<ScriptInput>> scriptsOf) {

    /**
     * @param chosen ids of the links that the selectors name; null for all
     * @throws Failure CONFLICT or VALIDATION_FAILED, saying why there is nothing to run
     */
    static RetryPlan of(Retry retry, Origin origin, List<Execution> executions, @Nullable Set<String> chosen) {
        var known = known(origin);
        Map<String, List<ScriptInput>> scriptsOf = new LinkedHashMap<>();
        for (var execution : executions) {
            if (isIn(retry, execution.status()) && (chosen == null || chosen.contains(execution.target()))) {
                scriptsOf
                        .computeIfAbsent(execution.target(), _ -> new ArrayList<>())
                        .add(input(known, execution));
            }
        }
        if (scriptsOf.isEmpty()) {
            throw new Failure(
                    ErrorCode.VALIDATION_FAILED,
                    "Operation " + retry.operationId() + " has nothing to run again with these statuses and targets: "
                            + origin.summary().counts());
        }
        var needed = known.stream()
                .filter(input -> scriptsOf.values().stream().anyMatch(each -> each.contains(input)))
                .toList();
        var selectors = retry.targets().isEmpty() ? origin.summary().selectors() : retry.targets();
        return new RetryPlan(origin, selectors, needed, scriptsOf);
    }

    private static List<ScriptInput> known(Origin origin) {
        var summary = origin.summary();
        if (!summary.status().isFinal()) {
            throw conflict(summary.id(), "is not over; stop it first, or wait for its end");
        }
        if (summary.kind() != Kind.SCRIPT) {
            throw conflict(summary.id(), "ran no scripts of the catalog; ask for the same again instead");
        }
        if (origin.inputs() == null || origin.inputs().isEmpty()) {
            throw conflict(summary.id(), "was made by an earlier LinkOps that did not keep what a retry needs");
        }
        return origin.inputs();
    }

    private static boolean isIn(Retry retry, ExecutionStatus status) {
        return retry.statuses().isEmpty()
                ? status != ExecutionStatus.SUCCESS
                : retry.statuses().contains(status);
    }

    private static ScriptInput input(List<ScriptInput> inputs, Execution execution) {
        return inputs.stream()
                .filter(input -> input.script().equals(execution.script()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no input of " + execution.script()));
    }

    /** @throws Failure CONFLICT if a script's bytes are not those of the first time */
    void checkBytes(Map<String, Content> contents) {
        for (var input : inputs) {
            var content = contents.get(input.script());
            if (content == null || !content.sha256().equals(input.sha256())) {
                throw conflict(
                        origin.summary().id(),
                        "ran another " + input.path() + " (sha256 " + input.sha256() + ") than commit "
                                + origin.summary().commit() + " holds; nothing was run");
            }
        }
    }

    /** What happens on each of these. */
    List<TargetPlan> targets(List<Target> targets, Map<String, Content> contents) {
        Map<ScriptInput, Step> steps = new LinkedHashMap<>();
        for (var input : inputs) {
            var content = contents.get(input.script());
            if (content != null) {
                steps.put(input, Step.of(input, content.bytes()));
            }
        }
        return targets.stream()
                .map(target -> new TargetPlan(
                        target,
                        scriptsOf.getOrDefault(target.linkId(), List.of()).stream()
                                .map(steps::get)
                                .toList()))
                .toList();
    }

    static Failure conflict(String operation, String why) {
        return new Failure(ErrorCode.CONFLICT, "Operation " + operation + " " + why, Map.of("operation", operation));
    }
}
