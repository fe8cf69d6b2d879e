package io.linkops.orchestrator;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.OperationsConfig;
import io.linkops.config.SecurityConfig;
import io.linkops.gitsync.GitSync.Content;
import io.linkops.inventory.Inventory.Script;
import io.linkops.inventory.Inventory.Scripts;
import io.linkops.inventory.Inventory.Target;
import io.linkops.orchestrator.OperationPlan.Step;
import io.linkops.orchestrator.OperationPlan.TargetPlan;
import io.linkops.orchestrator.Operations.Kind;
import io.linkops.orchestrator.Operations.OnFailure;
import io.linkops.orchestrator.Operations.Preflight;
import io.linkops.orchestrator.Operations.Rehearsal;
import io.linkops.orchestrator.Operations.Run;
import io.linkops.orchestrator.Operations.ScriptInput;
import io.linkops.orchestrator.Operations.VerifyLinks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns what was asked for into a plan, or into a refusal that says which part of it is the trouble. Pure. */
final class RunPlan {
    private final OperationsConfig limits;
    private final RequestCheck check;
    private final EnrollmentCheck enrollments;

    RunPlan(OperationsConfig limits, SecurityConfig security) {
        this.limits = limits;
        this.check = new RequestCheck(limits, security);
        this.enrollments = new EnrollmentCheck(security.enrollmentMaxAge());
    }

    /** The shape of the request, before anything is looked up. @throws Failure VALIDATION_FAILED naming each field */
    void check(Run run) {
        check.check(run);
    }

    /** As {@link #check(Run)}. */
    void check(VerifyLinks verify) {
        check.check(verify);
    }

    /** As {@link #check(Run)}. */
    void check(Preflight preflight) {
        check.check(preflight);
    }

    /** As {@link #check(Run)}. */
    void check(Operations.Retry retry) {
        check.check(retry);
    }

    /** The links of which it is not known, or not lately, whether they are enrolled. */
    List<String> unknown(List<Target> targets, Instant now) {
        return enrollments.unknown(targets, now);
    }

    /**
     * Scripts in the catalog, in the order of their ids. @throws Failure SCRIPT_NOT_FOUND naming those there are not
     */
    static List<Script> scripts(List<String> ids, Scripts catalog) {
        List<Script> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (var id : ids) {
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
        var inputs = inputs(run, scripts, contents);
        checkCount(targets);
        if (run.requireEnrollment()) {
            enrollments.check(targets, now);
        }
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            steps.add(Step.of(inputs.get(i), contents.get(i).bytes()));
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
                run.batch(),
                inputs,
                null,
                run.startedBy());
    }

    /** What {@link #script} would come to; targets that would refuse it are named instead of thrown. */
    Rehearsal rehearse(
            Run run, Scripts catalog, List<Script> scripts, List<Content> contents, List<Target> targets, Instant now) {
        var inputs = inputs(run, scripts, contents);
        checkCount(targets);
        var plan = RehearsalPlan.of(run, targets, enrollments, now);
        return new Rehearsal(
                catalog.commit(),
                inputs,
                plan.targets(),
                plan.batches(),
                concurrency(run.concurrency()),
                run.onFailure(),
                plan.mayRun());
    }

    /** The plan for a look at links. */
    OperationPlan verify(VerifyLinks verify, List<Target> targets) {
        checkCount(targets);
        return new OperationPlan(
                Kind.VERIFY,
                List.of(),
                verify.targets(),
                onEach(targets, Step.look(limits.scriptTimeout())),
                concurrency(verify.concurrency()),
                OnFailure.STOP,
                true,
                null,
                verify.batch(),
                List.of(),
                null,
                verify.startedBy());
    }

    /** The plan for a look whether scripts could run on links. */
    OperationPlan preflight(Preflight preflight, Scripts catalog, List<Script> scripts, List<Target> targets) {
        checkCount(targets);
        return new OperationPlan(
                Kind.PREFLIGHT,
                preflight.scripts(),
                preflight.targets(),
                onEach(targets, PreflightScript.step(scripts)),
                concurrency(preflight.concurrency()),
                OnFailure.STOP,
                true,
                catalog.commit(),
                null,
                List.of(),
                null,
                preflight.startedBy());
    }

    private static List<TargetPlan> onEach(List<Target> targets, Step step) {
        return targets.stream()
                .map(target -> new TargetPlan(target, List.of(step)))
                .toList();
    }

    /**
     * The plan for what an earlier operation left undone.
     *
     * @param contents of the scripts by their id, as they are at its commit
     * @throws Failure NOT_ENROLLED with the list of targets, or VALIDATION_FAILED
     */
    OperationPlan retry(
            RetryPlan retry, Map<String, Content> contents, List<Target> targets, String startedBy, Instant now) {
        checkCount(targets);
        if (retry.origin().checksEnrollment()) {
            enrollments.check(targets, now);
        }
        var summary = retry.origin().summary();
        var progress = summary.progress();
        return new OperationPlan(
                Kind.SCRIPT,
                retry.inputs().stream().map(ScriptInput::script).toList(),
                retry.selectors(),
                retry.targets(targets, contents),
                Math.min(summary.concurrency(), limits.maxConcurrency()),
                retry.origin().onFailure(),
                retry.origin().checksEnrollment(),
                summary.commit(),
                progress == null ? null : progress.batches(),
                retry.inputs(),
                summary.id(),
                startedBy);
    }

    private List<ScriptInput> inputs(Run run, List<Script> scripts, List<Content> contents) {
        var problems = new TreeMap<String, String>();
        List<ScriptInput> inputs = new ArrayList<>();
        for (int i = 0; i < scripts.size(); i++) {
            inputs.add(input(run, scripts.get(i), contents.get(i), problems));
        }
        RequestCheck.refuse(problems);
        return inputs;
    }

    private ScriptInput input(Run run, Script script, Content content, Map<String, String> problems) {
        var options = BashScript.options(script.id(), content.bytes().toArray());
        var values = ParameterPlan.of(script, run.parameters().getOrDefault(script.id(), Map.of()), problems);
        List<String> arguments = new ArrayList<>(values.arguments());
        arguments.addAll(run.flags().getOrDefault(script.id(), List.of()));
        check.checkArguments("parameters." + script.id(), arguments, problems);
        check.checkArguments(
                "parameters." + script.id(), List.copyOf(values.environment().values()), problems);
        return new ScriptInput(
                script.id(),
                script.path(),
                fileName(script),
                content.sha256(),
                options,
                arguments,
                timeout(run, script),
                values.environment(),
                values.secrets(),
                values.values(),
                DurablePolicy.isDurable(
                        script.durable(), timeout(run, script), values.secrets().keySet(), limits.durableFrom()));
    }

    private Duration timeout(Run run, Script script) {
        var usual = script.timeout() == null ? limits.scriptTimeout() : script.timeout();
        return run.timeouts().getOrDefault(script.id(), usual);
    }

    /** What the script is called on the link: plain characters only. */
    private static String fileName(Script script) {
        var path = script.path();
        return path.substring(path.lastIndexOf('/') + 1)
                .replaceAll("[^A-Za-z0-9._-]", "_")
                .replaceAll("^[.-]", "_");
    }

    private void checkCount(List<Target> targets) {
        if (targets.isEmpty() || targets.size() > limits.maxTargets()) {
            RequestCheck.refuse(Map.of(
                    "targets", "come to " + targets.size() + " links; an operation has 1 to " + limits.maxTargets()));
        }
    }

    private int concurrency(@Nullable Integer asked) {
        return asked == null ? limits.defaultConcurrency() : asked;
    }
}
