package io.linkops.api;

import io.linkops.orchestrator.Operations.Batches;
import io.linkops.orchestrator.Operations.OnFailure;
import io.linkops.orchestrator.Operations.Run;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What {@code POST /api/operations/run} reads, and whether it is only to be tried out. */
record RunBody(Run run, boolean isDryRun) {
    // The configured limits are the orchestrator's; these keep nonsense from travelling there.
    static final int MOST_TARGETS = 100_000;
    private static final int MOST_SCRIPTS = 100;
    private static final int MOST_FLAGS = 1_000;
    private static final int MOST_PARAMETERS = 100;
    private static final int LONGEST_FLAG = 1_048_576;
    private static final int LONGEST_ID = 200;
    private static final int LONGEST_TIME = 604_800;

    static RunBody read(JsonReader json, String startedBy) {
        var scripts = scripts(json);
        var flags = json.textLists("flags", MOST_SCRIPTS, MOST_FLAGS, LONGEST_FLAG);
        var timeouts = new TreeMap<String, Duration>();
        json.numbers("timeouts", MOST_SCRIPTS, 1, LONGEST_TIME)
                .forEach((script, seconds) -> timeouts.put(script, Duration.ofSeconds(seconds)));
        var parameters = json.scalars("parameters", MOST_SCRIPTS, MOST_PARAMETERS, LONGEST_FLAG);
        Map.of("flags", flags, "timeouts", timeouts, "parameters", parameters)
                .forEach((field, given) -> given.keySet().stream()
                        .filter(script -> !scripts.contains(script))
                        .forEach(script -> json.problem(field + "." + script, "is not one of the scripts to run")));
        var onFailure = json.wordOrNull("on_failure", OnFailure.class);
        var run = new Run(
                scripts,
                flags,
                OperationRoutes.targets(json),
                OperationRoutes.concurrency(json),
                Objects.requireNonNullElse(json.flagOrNull("require_enrollment"), true),
                onFailure == null ? OnFailure.STOP : onFailure,
                batches(json),
                timeouts,
                parameters,
                startedBy);
        return new RunBody(run, Boolean.TRUE.equals(json.flagOrNull("dry_run")));
    }

    /** The same on these targets. */
    RunBody on(List<String> targets) {
        return new RunBody(
                new Run(
                        run.scripts(),
                        run.flags(),
                        targets,
                        run.concurrency(),
                        run.requireEnrollment(),
                        run.onFailure(),
                        run.batch(),
                        run.timeouts(),
                        run.parameters(),
                        run.startedBy()),
                isDryRun);
    }

    static List<String> scripts(JsonReader json) {
        return json.texts("scripts", MOST_SCRIPTS, LONGEST_ID);
    }

    static @Nullable Batches batches(JsonReader json) {
        return json.objectOrNull("batch", RunBody::readBatches);
    }

    private static Batches readBatches(JsonReader json) {
        var pause = json.numberOrNull("pause_s", 0, LONGEST_TIME);
        return new Batches(
                json.numberOrNull("size", 1, MOST_TARGETS),
                json.numberOrNull("percent", 1, 100),
                pause == null ? Duration.ZERO : Duration.ofSeconds(pause),
                json.numberOrNull("max_failures", 0, MOST_TARGETS),
                json.numberOrNull("max_failure_percent", 0, 100),
                json.numberOrNull("canary", 1, MOST_TARGETS),
                Boolean.TRUE.equals(json.flagOrNull("pause_after_canary")));
    }
}
