package io.linkops.orchestrator;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.OperationsConfig;
import io.linkops.config.SecurityConfig;
import io.linkops.orchestrator.Operations.Batches;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.Preflight;
import io.linkops.orchestrator.Operations.Retry;
import io.linkops.orchestrator.Operations.Run;
import io.linkops.orchestrator.Operations.VerifyLinks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The shape of what is asked for, before anything is looked up. Every method throws VALIDATION_FAILED naming each field
 * that is wrong. Pure.
 */
final class RequestCheck {
    private static final Duration LONGEST_PAUSE = Duration.ofDays(7);

    private final OperationsConfig limits;
    private final SecurityConfig security;

    RequestCheck(OperationsConfig limits, SecurityConfig security) {
        this.limits = limits;
        this.security = security;
    }

    void check(Run run) {
        var problems = new TreeMap<String, String>();
        checkScripts(run.scripts(), problems);
        run.flags().forEach((script, values) -> {
            checkBelongs(run, "flags." + script, script, problems);
            checkArguments("flags." + script, values, problems);
        });
        run.parameters().keySet().forEach(script -> checkBelongs(run, "parameters." + script, script, problems));
        run.timeouts().forEach((script, timeout) -> checkTimeout(run, script, timeout, problems));
        checkTargets(run.targets(), problems);
        checkConcurrency(run.concurrency(), problems);
        checkBatches(run.batch(), problems);
        if (!run.requireEnrollment() && security.enrollmentRequired()) {
            problems.put("require_enrollment", "cannot be false: security.enrollment_required is true");
        }
        refuse(problems);
    }

    void check(VerifyLinks verify) {
        var problems = new TreeMap<String, String>();
        checkTargets(verify.targets(), problems);
        checkConcurrency(verify.concurrency(), problems);
        checkBatches(verify.batch(), problems);
        refuse(problems);
    }

    void check(Preflight preflight) {
        var problems = new TreeMap<String, String>();
        checkScripts(preflight.scripts(), problems);
        checkTargets(preflight.targets(), problems);
        checkConcurrency(preflight.concurrency(), problems);
        refuse(problems);
    }

    void check(Retry retry) {
        if (retry.statuses().stream().anyMatch(each -> !each.isFinal() || each == ExecutionStatus.SUCCESS)) {
            refuse(Map.of("statuses", "can be failed, timeout, interrupted, lost, skipped and stopped"));
        }
    }

    private void checkScripts(List<String> scripts, Map<String, String> problems) {
        if (scripts.isEmpty() || scripts.size() > limits.maxScripts()) {
            problems.put("scripts", "must name 1 to " + limits.maxScripts() + " scripts");
        } else if (new HashSet<>(scripts).size() < scripts.size()) {
            problems.put("scripts", "names a script twice; run it in a second operation");
        }
    }

    private static void checkBelongs(Run run, String field, String script, Map<String, String> problems) {
        if (!run.scripts().contains(script)) {
            problems.put(field, "belongs to no script of this operation");
        }
    }

    /** Whether the arguments of a script can travel. */
    void checkArguments(String field, List<String> values, Map<String, String> problems) {
        if (values.stream().anyMatch(value -> value.indexOf('\0') >= 0)) {
            problems.put(field, "contains a NUL character, which no argument can");
        }
        if (!values.stream().allMatch(RequestCheck::hasBytes)) {
            problems.put(field, "contains half a surrogate pair, which has no UTF-8 form");
        }
        int bytes = values.stream()
                .mapToInt(value -> value.getBytes(StandardCharsets.UTF_8).length + 1)
                .sum();
        if (bytes > limits.maxArgumentBytes()) {
            problems.put(field, "is longer than " + limits.maxArgumentBytes() + " bytes");
        }
    }

    private static boolean hasBytes(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private void checkTimeout(Run run, String script, Duration timeout, Map<String, String> problems) {
        var field = "timeouts." + script;
        checkBelongs(run, field, script, problems);
        if (!timeout.isPositive() || timeout.compareTo(limits.maxScriptTimeout()) > 0) {
            problems.put(
                    field, "must be between 1 and " + limits.maxScriptTimeout().toSeconds() + " s");
        }
    }

    private static void checkTargets(List<String> targets, Map<String, String> problems) {
        if (targets.isEmpty()) {
            problems.put("targets", "must name at least one link, glob, tag:… or type:…");
        }
    }

    private void checkConcurrency(@Nullable Integer concurrency, Map<String, String> problems) {
        if (concurrency != null && (concurrency < 1 || concurrency > limits.maxConcurrency())) {
            problems.put("concurrency", "must be between 1 and " + limits.maxConcurrency());
        }
    }

    private static void checkBatches(@Nullable Batches batches, Map<String, String> problems) {
        if (batches == null) {
            return;
        }
        checkNumber("batch.size", batches.size(), 1, Integer.MAX_VALUE, problems);
        checkNumber("batch.percent", batches.percent(), 1, 100, problems);
        checkNumber("batch.canary", batches.canary(), 1, Integer.MAX_VALUE, problems);
        checkNumber("batch.max_failures", batches.maxFailures(), 0, Integer.MAX_VALUE, problems);
        checkNumber("batch.max_failure_percent", batches.maxFailurePercent(), 0, 100, problems);
        if (batches.size() != null && batches.percent() != null) {
            problems.put("batch.percent", "cannot be given besides batch.size; choose one");
        }
        if (batches.maxFailures() != null && batches.maxFailurePercent() != null) {
            problems.put("batch.max_failure_percent", "cannot be given besides batch.max_failures; choose one");
        }
        if (batches.pausesAfterCanary() && batches.canary() == null) {
            problems.put("batch.pause_after_canary", "needs a batch.canary");
        }
        if (batches.pause().isNegative() || batches.pause().compareTo(LONGEST_PAUSE) > 0) {
            problems.put("batch.pause_s", "must be between 0 and " + LONGEST_PAUSE.toSeconds());
        }
    }

    private static void checkNumber(
            String field, @Nullable Integer value, int min, int max, Map<String, String> problems) {
        if (value != null && (value < min || value > max)) {
            problems.put(field, "must be " + (max == Integer.MAX_VALUE ? "at least " + min : min + " to " + max));
        }
    }

    static void refuse(Map<String, String> problems) {
        if (!problems.isEmpty()) {
            var text = new StringBuilder();
            problems.forEach((field, problem) -> text.append(text.isEmpty() ? "" : "; ")
                    .append(field)
                    .append(' ')
                    .append(problem));
            throw new Failure(ErrorCode.VALIDATION_FAILED, text.toString(), Map.of("fields", problems));
        }
    }
}
