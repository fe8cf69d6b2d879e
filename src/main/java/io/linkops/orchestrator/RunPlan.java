package io.linkops.orchestrator;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.OperationsConfig;
import io.linkops.config.SecurityConfig;
import io.linkops.gitsync.GitSync.Content;
import io.linkops.inventory.Inventory.EnrollmentStatus;
import io.linkops.inventory.Inventory.Script;
import io.linkops.inventory.Inventory.Scripts;
import io.linkops.inventory.Inventory.Target;
import io.linkops.orchestrator.OperationPlan.Payload;
import io.linkops.orchestrator.OperationPlan.Step;
import io.linkops.orchestrator.OperationPlan.TargetPlan;
import io.linkops.orchestrator.Operations.Kind;
import io.linkops.orchestrator.Operations.OnFailure;
import io.linkops.orchestrator.Operations.Run;
import io.linkops.orchestrator.Operations.VerifyLinks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns what was asked for into a plan, or into a refusal that says which part of it is the trouble. Pure. */
final class RunPlan {
    private static final Set<String> UNKNOWN = Set.of("unverified", "stale");

    private final OperationsConfig limits;
    private final SecurityConfig security;

    RunPlan(OperationsConfig limits, SecurityConfig security) {
        this.limits = limits;
        this.security = security;
    }

    /** The shape of the request, before anything is looked up. @throws Failure VALIDATION_FAILED naming each field */
    void check(Run run) {
        var problems = new TreeMap<String, String>();
        if (run.scripts().isEmpty() || run.scripts().size() > limits.maxScripts()) {
            problems.put("scripts", "must name 1 to " + limits.maxScripts() + " scripts");
        } else if (new HashSet<>(run.scripts()).size() < run.scripts().size()) {
            problems.put("scripts", "names a script twice; run it in a second operation");
        }
        run.flags().forEach((script, values) -> checkFlags(run, script, values, problems));
        checkTargets(run.targets(), problems);
        checkConcurrency(run.concurrency(), problems);
        if (!run.requireEnrollment() && security.enrollmentRequired()) {
            problems.put("require_enrollment", "cannot be false: security.enrollment_required is true");
        }
        refuse(problems);
    }

    /** As {@link #check(Run)}. */
    void check(VerifyLinks verify) {
        var problems = new TreeMap<String, String>();
        checkTargets(verify.targets(), problems);
        checkConcurrency(verify.concurrency(), problems);
        refuse(problems);
    }

    /**
     * The scripts of a request in the catalog, in order. @throws Failure SCRIPT_NOT_FOUND naming those there are not
     */
    static List<Script> scripts(Run run, Scripts catalog) {
        List<Script> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (var id : run.scripts()) {
            catalog.scripts().stream()
                    .filter(script -> script.id().equals(id))
                    .findFirst()
                    .ifPresentOrElse(found::add, () -> missing.add(id));
        }
        if (!missing.isEmpty()) {
            throw new Failure(
                    ErrorCode.SCRIPT_NOT_FOUND,
                    "There is no script " + String.join(", ", missing) + " in the catalog; see /api/scripts",
                    Map.of("scripts", missing));
        }
        return found;
    }

    /**
     * The plan for scripts on links.
     *
     * @param contents of the scripts, in their order
     * @throws Failure NOT_BASH, NOT_ENROLLED with the list of targets, or VALIDATION_FAILED
     */
    OperationPlan script(
            Run run, Scripts catalog, List<Script> scripts, List<Content> contents, List<Target> targets, Instant now) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < scripts.size(); i++) {
            steps.add(step(run, scripts.get(i), contents.get(i)));
        }
        checkCount(targets);
        if (run.requireEnrollment()) {
            checkEnrolled(targets, now);
        }
        return new OperationPlan(
                Kind.SCRIPT,
                run.scripts(),
                run.targets(),
                targets.stream().map(target -> new TargetPlan(target, steps)).toList(),
                concurrency(run.concurrency()),
                run.onFailure(),
                run.requireEnrollment(),
                catalog.commit(),
                run.startedBy());
    }

    /** The plan for a look at links. */
    OperationPlan verify(VerifyLinks verify, List<Target> targets) {
        checkCount(targets);
        var look = List.of(new Step(null, List.of(), limits.scriptTimeout()));
        return new OperationPlan(
                Kind.VERIFY,
                List.of(),
                verify.targets(),
                targets.stream().map(target -> new TargetPlan(target, look)).toList(),
                concurrency(verify.concurrency()),
                OnFailure.STOP,
                true,
                null,
                verify.startedBy());
    }

    private Step step(Run run, Script script, Content content) {
        var bytes = content.bytes();
        var options = BashScript.options(script.id(), bytes.toArray());
        var payload = new Payload(script.id(), fileName(script), bytes, content.sha256(), options);
        Duration timeout = script.timeout() == null ? limits.scriptTimeout() : script.timeout();
        return new Step(payload, run.flags().getOrDefault(script.id(), List.of()), timeout);
    }

    /** What the script is called on the link: plain characters only. */
    private static String fileName(Script script) {
        var path = script.path();
        return path.substring(path.lastIndexOf('/') + 1)
                .replaceAll("[^A-Za-z0-9._-]", "_")
                .replaceAll("^[.-]", "_");
    }

    private void checkFlags(Run run, String script, List<String> values, Map<String, String> problems) {
        if (!run.scripts().contains(script)) {
            problems.put("flags." + script, "belongs to no script of this operation");
        }
        if (values.stream().anyMatch(value -> value.indexOf('\0') >= 0)) {
            problems.put("flags." + script, "contains a NUL character, which no argument can");
        }
        if (!values.stream().allMatch(RunPlan::hasBytes)) {
            problems.put("flags." + script, "contains half a surrogate pair, which has no UTF-8 form");
        }
        int bytes = values.stream()
                .mapToInt(value -> value.getBytes(StandardCharsets.UTF_8).length + 1)
                .sum();
        if (bytes > limits.maxArgumentBytes()) {
            problems.put("flags." + script, "is longer than " + limits.maxArgumentBytes() + " bytes");
        }
    }

    private static boolean hasBytes(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
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

    private void checkCount(List<Target> targets) {
        if (targets.isEmpty() || targets.size() > limits.maxTargets()) {
            refuse(Map.of(
                    "targets", "come to " + targets.size() + " links; an operation has 1 to " + limits.maxTargets()));
        }
    }

    private static void refuse(Map<String, String> problems) {
        if (!problems.isEmpty()) {
            var text = new StringBuilder();
            problems.forEach((field, problem) -> text.append(text.isEmpty() ? "" : "; ")
                    .append(field)
                    .append(' ')
                    .append(problem));
            throw new Failure(ErrorCode.VALIDATION_FAILED, text.toString(), Map.of("fields", problems));
        }
    }

    private int concurrency(@Nullable Integer asked) {
        return asked == null ? limits.defaultConcurrency() : asked;
    }

    /** The links of which it is not known, or not lately, whether they are enrolled. */
    List<String> unknown(List<Target> targets, Instant now) {
        return targets.stream()
                .filter(target -> refusal(target, now)
                        .filter(refusal -> UNKNOWN.contains(refusal.get("reason")))
                        .isPresent())
                .map(Target::linkId)
                .toList();
    }

    private void checkEnrolled(List<Target> targets, Instant now) {
        List<Map<String, String>> refused = new ArrayList<>();
        for (var target : targets) {
            refusal(target, now).ifPresent(refused::add);
        }
        if (!refused.isEmpty()) {
            var names =
                    refused.stream().limit(10).map(each -> each.get("target")).toList();
            throw new Failure(
                    ErrorCode.NOT_ENROLLED,
                    refused.size() + " of " + targets.size() + " targets are not enrolled (" + String.join(", ", names)
                            + (refused.size() > 10 ? ", …" : "") + "); verify them first. Nothing was run",
                    Map.of("targets", refused));
        }
    }

    private Optional<Map<String, String>> refusal(Target target, Instant now) {
        var enrollment = target.enrollment();
        var verifiedAt = enrollment.verifiedAt();
        if (enrollment.status() == EnrollmentStatus.UNVERIFIED || verifiedAt == null) {
            return refusal(target, "unverified", "was never verified");
        }
        if (enrollment.status() == EnrollmentStatus.REFUSED) {
            return refusal(
                    target,
                    Objects.requireNonNullElse(enrollment.reason(), "refused"),
                    Objects.requireNonNullElse(enrollment.error(), "was refused at the last verification"));
        }
        return verifiedAt.plus(security.enrollmentMaxAge()).isBefore(now)
                ? refusal(target, "stale", "was verified too long ago (" + verifiedAt + ")")
                : Optional.empty();
    }

    private static Optional<Map<String, String>> refusal(Target target, String reason, String error) {
        return Optional.of(Map.of("target", target.linkId(), "reason", reason, "error", error));
    }
}
