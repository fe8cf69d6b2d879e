package io.linkops.orchestrator;

import io.linkops.bus.Bytes;
import io.linkops.inventory.Inventory.Target;
import io.linkops.orchestrator.Operations.Batches;
import io.linkops.orchestrator.Operations.Kind;
import io.linkops.orchestrator.Operations.OnFailure;
import io.linkops.orchestrator.Operations.ScriptInput;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done, decided before anything is: for each target an ordered list of steps. Features make plans; the
 * engine alone walks them.
 *
 * @param concurrency executions at once
 * @param checksEnrollment whether a link that turns out not to be enrolled refuses its steps
 * @param commit the commit the scripts come from; null for kinds without scripts
 * @param batches in which portions the targets come; null for all at once
 * @param inputs what its scripts are run with; empty for kinds without scripts
 * @param retryOf the operation that it runs again; null for one of its own
 */
record OperationPlan(
        Kind kind,
        List<String> scripts,
        List<String> selectors,
        List<TargetPlan> targets,
        int concurrency,
        OnFailure onFailure,
        boolean checksEnrollment,
        @Nullable String commit,
        @Nullable Batches batches,
        List<ScriptInput> inputs,
        @Nullable String retryOf,
        String startedBy) {

    OperationPlan {
        scripts = List.copyOf(scripts);
        selectors = List.copyOf(selectors);
        targets = List.copyOf(targets);
        inputs = List.copyOf(inputs);
    }

    /** One link and what happens there, in order. */
    record TargetPlan(Target target, List<Step> steps) {
        TargetPlan {
            steps = List.copyOf(steps);
        }
    }

    /**
     * One execution to be.
     *
     * @param payload the script; null for a step that only looks whether the link is what it claims to be
     * @param timeout from the start of the script to its forced end
     * @param environment variables besides those of the log-in
     * @param secrets names of secrets by the variable that gets the value
     */
    record Step(
            @Nullable Payload payload,
            List<String> arguments,
            Duration timeout,
            Map<String, String> environment,
            Map<String, String> secrets,
            boolean isDurable) {
        Step {
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
            secrets = Map.copyOf(secrets);
        }

        /** Only the look whether the link is what it claims to be. */
        static Step look(Duration timeout) {
            return new Step(null, List.of(), timeout, Map.of(), Map.of(), false);
        }

        /** A script with what it is run with. */
        static Step of(ScriptInput input, Bytes content) {
            var payload = new Payload(input.script(), input.fileName(), content, input.sha256(), input.options());
            return new Step(
                    payload,
                    input.arguments(),
                    input.timeout(),
                    input.environment(),
                    input.secrets(),
                    input.isDurable());
        }

        @Nullable
        String script() {
            return payload == null ? null : payload.script();
        }

        @Nullable
        String sha256() {
            return payload == null ? null : payload.sha256();
        }
    }

    /**
     * A script's bytes, as they are at the commit.
     *
     * @param script its id in the catalog
     * @param fileName what it is called on the link, for {@code $0}
     * @param options of its shebang line
     */
    record Payload(String script, String fileName, Bytes content, String sha256, List<String> options) {
        Payload {
            options = List.copyOf(options);
        }
    }

    /** How many executions it comes to. */
    int executions() {
        return targets.stream().mapToInt(target -> target.steps().size()).sum();
    }
}
