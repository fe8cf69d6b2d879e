package io.linkops.orchestrator;

import io.linkops.bus.Bytes;
import io.linkops.bus.Contract;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.figures.Figures;
import io.linkops.inventory.Inventory.Reach;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the engine can be asked. It owns operations and executions; their events are in the journal's stream
 * {@code operation:ID}: {@code operation.started}, {@code batch.started}, {@code operation.paused},
 * {@code operation.resumed}, {@code execution.started}, {@code execution.output}, {@code execution.finished},
 * {@code operation.finished} (the last).
 */
@Contract
public interface Operations {

    /** What an operation is for. */
    enum Kind {
        /** Catalogued scripts on links. */
        SCRIPT,
        /** Only the look whether each link is what it claims to be. */
        VERIFY,
        /** The look whether scripts could run on each link. */
        PREFLIGHT
    }

    /** Where an operation is. */
    enum Status {
        QUEUED,
        RUNNING,
        /** Every execution succeeded. */
        SUCCESS,
        /** None did. */
        FAILED,
        /** Some did. */
        PARTIAL,
        /** Ended by a person before it was through. */
        STOPPED,
        /** LinkOps itself ended while it ran. */
        INTERRUPTED;

        public boolean isFinal() {
            return this != QUEUED && this != RUNNING;
        }
    }

    /** Where an execution is. */
    enum ExecutionStatus {
        QUEUED,
        RUNNING,
        /** Exit code 0. */
        SUCCESS,
        /** Another exit code, or it could not be started; {@code reason} tells. */
        FAILED,
        /** Past its time limit, and seen to be gone. */
        TIMEOUT,
        /** Ended by a person, and seen to be gone. */
        STOPPED,
        /** Never started: the operation was stopped, too many targets or an earlier script on this link failed. */
        SKIPPED,
        /** LinkOps itself ended while it ran; what became of it is not known. */
        INTERRUPTED,
        /** The connection was lost or the end was not seen: what became of it is not known; {@code reason} tells. */
        LOST;

        public boolean isFinal() {
            return this != QUEUED && this != RUNNING;
        }
    }

    /** What to do with the rest of a link's scripts after one failed there. */
    enum OnFailure {
        STOP,
        CONTINUE
    }

    /**
     * In which portions the targets come, in their order: one after the other, and when too many failed none any more.
     *
     * @param size targets of a batch; null for one batch of all, unless {@code percent} is given
     * @param percent of all targets in a batch, rounded up
     * @param pause between the end of a batch and the begin of the next
     * @param maxFailures when more targets than this have failed nothing starts any more; null for no such limit
     * @param maxFailurePercent as {@code maxFailures}, as a part of all targets, rounded down
     * @param canary targets of an additional first batch
     * @param pausesAfterCanary whether it waits for somebody to resume it after the canary
     */
    record Batches(
            @Nullable Integer size,
            @Nullable Integer percent,
            Duration pause,
            @Nullable Integer maxFailures,
            @Nullable Integer maxFailurePercent,
            @Nullable Integer canary,
            boolean pausesAfterCanary) {}

    /**
     * Scripts on links.
     *
     * @param scripts ids, run in this order on each link
     * @param flags arguments for each script, by its id; values may be any text without NUL
     * @param targets selectors, see {@code Inventory.Resolve}
     * @param concurrency executions at once; null for the configured default
     * @param requireEnrollment false only where the configuration does not insist
     * @param batch null for all targets in one batch without a limit
     * @param timeouts how long a script may take, by its id; the catalog's word for those not named
     * @param parameters values for the catalog's parameters, by script and name; of a secret its name
     */
    record Run(
            List<String> scripts,
            Map<String, List<String>> flags,
            List<String> targets,
            @Nullable Integer concurrency,
            boolean requireEnrollment,
            OnFailure onFailure,
            @Nullable Batches batch,
            Map<String, Duration> timeouts,
            Map<String, Map<String, String>> parameters,
            String startedBy)
            implements Request<Queued> {
        public Run {
            scripts = List.copyOf(scripts);
            targets = List.copyOf(targets);
            var copy = new TreeMap<String, List<String>>();
            flags.forEach((script, values) -> copy.put(script, List.copyOf(values)));
            flags = Collections.unmodifiableMap(copy);
            timeouts = Map.copyOf(timeouts);
            var values = new TreeMap<String, Map<String, String>>();
            parameters.forEach((script, given) -> values.put(script, Map.copyOf(given)));
            parameters = Collections.unmodifiableMap(values);
        }
    }

    /** Looks at many links; each target is one execution without a script. */
    record VerifyLinks(
            List<String> targets,
            @Nullable Integer concurrency,
            @Nullable Batches batch,
            String startedBy) implements Request<Queued> {
        public VerifyLinks {
            targets = List.copyOf(targets);
        }
    }

    /**
     * Looks whether these scripts could run: each target is one execution that tries what they need and prints what it
     * found. Links that are not enrolled are looked at, too.
     */
    record Preflight(
            List<String> scripts,
            List<String> targets,
            @Nullable Integer concurrency,
            String startedBy) implements Request<Queued> {
        public Preflight {
            scripts = List.copyOf(scripts);
            targets = List.copyOf(targets);
        }
    }

    /**
     * Runs again what did not succeed, as a new operation: on each target the scripts in question, in their order, with
     * the bytes, arguments and options of the first time, whatever the repository says by now.
     *
     * <p>CONFLICT if it is not over, was no operation of scripts, or its scripts cannot be read any more;
     * VALIDATION_FAILED if nothing is left to run; else as {@link Run}.
     *
     * @param statuses final ones but success; empty for all of these
     * @param targets selectors; empty for all targets of the operation
     */
    record Retry(String operationId, List<ExecutionStatus> statuses, List<String> targets, String startedBy)
            implements Request<Queued> {
        public Retry {
            statuses = List.copyOf(statuses);
            targets = List.copyOf(targets);
        }
    }

    record Queued(String operationId) implements Reply {}

    /** What a {@link Run} would do. Nothing is connected to and nothing is recorded. */
    record Rehearse(Run run) implements Request<Rehearsal> {}

    /**
     * @param targets in the order in which they come
     * @param batches targets of each batch
     * @param mayRun whether it would be taken now; links never looked at, or not lately, are looked at first
     */
    record Rehearsal(
            @Nullable String commit,
            List<ScriptInput> scripts,
            List<RehearsedTarget> targets,
            List<Integer> batches,
            int concurrency,
            OnFailure onFailure,
            boolean mayRun)
            implements Reply {
        public Rehearsal {
            scripts = List.copyOf(scripts);
            targets = List.copyOf(targets);
            batches = List.copyOf(batches);
        }
    }

    /**
     * @param route the hosts on the way, the link itself last
     * @param batch from 1
     * @param reason why it would refuse the operation, a stable word; null if it would not
     * @param error the same as a sentence
     */
    record RehearsedTarget(
            String target,
            List<String> route,
            int batch,
            @Nullable String reason,
            @Nullable String error) {
        public RehearsedTarget {
            route = List.copyOf(route);
        }
    }

    /**
     * What a script of an operation is run with, the same on each target.
     *
     * @param path in the repository, at the operation's commit
     * @param fileName what it is called on the link
     * @param sha256 of its bytes, lower-case hex
     * @param options of its shebang line
     * @param environment variables besides those of the log-in
     * @param secrets names of secrets by the variable that gets the value
     * @param parameters values by name, as given or by default; of a secret its name
     * @param isDurable whether its runs outlive the connection and LinkOps itself
     */
    record ScriptInput(
            String script,
            String path,
            String fileName,
            String sha256,
            List<String> options,
            List<String> arguments,
            Duration timeout,
            Map<String, String> environment,
            Map<String, String> secrets,
            Map<String, String> parameters,
            boolean isDurable) {
        public ScriptInput {
            options = List.copyOf(options);
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
            secrets = Map.copyOf(secrets);
            parameters = Map.copyOf(parameters);
        }
    }

    /**
     * Why nothing starts for the moment.
     *
     * @param reason {@code by_hand}, {@code canary} (both wait for {@link Resume}) or {@code between_batches}
     * @param until when it goes on by itself; null if it does not
     * @param by who paused it; null if nobody did
     */
    record Pause(
            String reason,
            @Nullable Instant until,
            @Nullable String by) {}

    /**
     * How far the batches have come.
     *
     * @param batch the one that started last, from 1; 0 before the first
     * @param of how many there are
     */
    record Progress(Batches batches, int batch, int of) {}

    /**
     * An operation without its executions.
     *
     * @param commit the commit its scripts come from; null for kinds without scripts
     * @param selectors what was asked for
     * @param targets how many links that was
     * @param counts executions by status
     * @param reason why it is not a success, for people; null otherwise
     * @param progress of its batches; null if it has none
     * @param pause why nothing starts for the moment; null if it goes on, or is over
     * @param retryOf the operation that it runs again, or a part of it; null for an operation of its own
     */
    record Summary(
            String id,
            Kind kind,
            Status status,
            List<String> scripts,
            List<String> selectors,
            int targets,
            int concurrency,
            @Nullable String commit,
            String startedBy,
            Instant queuedAt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            Map<ExecutionStatus, Integer> counts,
            @Nullable String reason,
            @Nullable Progress progress,
            @Nullable Pause pause,
            @Nullable String retryOf)
            implements Reply {
        public Summary {
            scripts = List.copyOf(scripts);
            selectors = List.copyOf(selectors);
            counts = Map.copyOf(counts);
        }

        Summary paused(@Nullable Pause by) {
            return with(progress, by);
        }

        Summary progressed(Progress to) {
            return with(to, pause);
        }

        private Summary with(@Nullable Progress far, @Nullable Pause held) {
            return new Summary(
                    id,
                    kind,
                    status,
                    scripts,
                    selectors,
                    targets,
                    concurrency,
                    commit,
                    startedBy,
                    queuedAt,
                    startedAt,
                    endedAt,
                    counts,
                    reason,
                    far,
                    held,
                    retryOf);
        }
    }

    /**
     * One script on one link.
     *
     * @param index position in the operation, from 0: link by link, on each link in the order of the scripts
     * @param script id; null for a verification
     * @param sha256 of the script's bytes, lower-case hex; null for a verification
     * @param signal name of the signal that ended it (TERM, KILL, …), if one did
     * @param outputBytes of stdout and stderr together, as stored
     * @param isTruncated whether output went past the limit and was cut
     * @param reason a stable word: {@code exit_code}, {@code signal}, {@code client_id_mismatch}, {@code unreachable},
     *     …
     * @param error a sentence for people that says what to do
     * @param stdoutSha256 of its stdout as stored, lower-case hex; null if it did not run to its end, or is not over
     * @param stderrSha256 as {@code stdoutSha256}
     * @param durability what keeps it on its link when the connection or LinkOps goes: {@code systemd}, {@code session}
     *     or {@code none}; null while that is not known
     */
    record Execution(
            String id,
            int index,
            String target,
            @Nullable String script,
            List<String> arguments,
            @Nullable String sha256,
            ExecutionStatus status,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable Duration duration,
            @Nullable Integer exitCode,
            @Nullable String signal,
            long outputBytes,
            boolean isTruncated,
            @Nullable String reason,
            @Nullable String error,
            @Nullable String stdoutSha256,
            @Nullable String stderrSha256,
            @Nullable String durability) {
        public Execution {
            arguments = List.copyOf(arguments);
        }

        /** One that waits for its turn. */
        static Execution queued(
                String id,
                int index,
                String target,
                @Nullable String script,
                List<String> arguments,
                @Nullable String sha256) {
            return new Execution(
                    id,
                    index,
                    target,
                    script,
                    arguments,
                    sha256,
                    ExecutionStatus.QUEUED,
                    null,
                    null,
                    null,
                    null,
                    null,
                    0,
                    false,
                    null,
                    null,
                    null,
                    null,
                    null);
        }

        Execution running(Instant now) {
            return moved(ExecutionStatus.RUNNING, now, null, null, null, 0, false, null, null);
        }

        Execution skipped(String why, String sentence, Instant now) {
            return moved(ExecutionStatus.SKIPPED, null, now, null, null, 0, false, why, sentence);
        }

        /**
         * One that ran while LinkOps ended.
         *
         * @param bytes of output that are kept of it
         */
        Execution interrupted(String sentence, long bytes, Instant now) {
            var begun = startedAt == null ? now : startedAt;
            return moved(
                    ExecutionStatus.INTERRUPTED, begun, now, null, null, bytes, isTruncated, "interrupted", sentence);
        }

        Execution ended(Runners.Ended end) {
            return moved(
                    end.status(),
                    end.startedAt(),
                    end.endedAt(),
                    end.exitCode(),
                    end.signal(),
                    end.outputBytes(),
                    end.isTruncated(),
                    end.reason(),
                    end.error());
        }

        /** With the sums of what it printed. */
        Execution summed(String stdout, String stderr) {
            return new Execution(
                    id,
                    index,
                    target,
                    script,
                    arguments,
                    sha256,
                    status,
                    startedAt,
                    endedAt,
                    duration,
                    exitCode,
                    signal,
                    outputBytes,
                    isTruncated,
                    reason,
                    error,
                    stdout,
                    stderr,
                    durability);
        }

        private Execution moved(
                ExecutionStatus to,
                @Nullable Instant begun,
                @Nullable Instant over,
                @Nullable Integer code,
                @Nullable String by,
                long bytes,
                boolean isCut,
                @Nullable String why,
                @Nullable String sentence) {
            var took = begun == null || over == null ? null : Duration.between(begun, over);
            return new Execution(
                    id,
                    index,
                    target,
                    script,
                    arguments,
                    sha256,
                    to,
                    begun,
                    over,
                    took,
                    code,
                    by,
                    bytes,
                    isCut,
                    why,
                    sentence,
                    stdoutSha256,
                    stderrSha256,
                    durability);
        }
    }

    /**
     * @param inputs what its scripts are run with; empty for kinds without scripts
     * @param retries the operations that ran this one, or a part of it, again, oldest first
     */
    record Operation(Summary summary, List<Execution> executions, List<ScriptInput> inputs, List<String> retries)
            implements Reply {
        public Operation {
            executions = List.copyOf(executions);
            inputs = List.copyOf(inputs);
            retries = List.copyOf(retries);
        }
    }

    /** OPERATION_NOT_FOUND if there is none. */
    record FindOperation(String id) implements Request<Operation> {}

    /**
     * Which of these operations are within a reach (decision 15): all of their targets are, and all of their scripts.
     * Those there are not are not among them.
     *
     * @param ids at most 1000
     */
    record FindVisible(List<String> ids, Reach reach) implements Request<Visible> {
        public FindVisible {
            ids = List.copyOf(ids);
        }
    }

    record Visible(Set<String> ids) implements Reply {
        public Visible {
            ids = Set.copyOf(ids);
        }
    }

    /** An operation without its executions; OPERATION_NOT_FOUND if there is none. */
    record FindSummary(String id) implements Request<Summary> {}

    /**
     * Newest first. All that match every given criterion.
     *
     * @param from queued then or later
     * @param to queued before
     * @param user who started it
     * @param target a link it had an execution on, by id
     * @param script one of its scripts, by id
     * @param before only operations older than this one (its id), for the next page
     * @param limit 1–200
     */
    record FindOperations(
            @Nullable Status status,
            @Nullable Kind kind,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String user,
            @Nullable String target,
            @Nullable String script,
            @Nullable String before,
            int limit)
            implements Request<Page> {

        /** The newest of all. */
        public static FindOperations newest(int limit) {
            return new FindOperations(null, null, null, null, null, null, null, null, limit);
        }
    }

    /**
     * Executions of an operation that came to the same.
     *
     * @param script only executions of this one; null for all
     */
    record FindGroups(String operationId, @Nullable String script) implements Request<Groups> {}

    /** @param groups the largest first */
    record Groups(List<Group> groups) implements Reply {
        public Groups {
            groups = List.copyOf(groups);
        }
    }

    /**
     * Executions with the same status, exit code and, byte for byte, output.
     *
     * @param targets the first 100 of them, in the operation's order
     * @param sample id of the first of them, to read the output of
     */
    record Group(
            ExecutionStatus status,
            @Nullable Integer exitCode,
            @Nullable String stdoutSha256,
            @Nullable String stderrSha256,
            int count,
            List<String> targets,
            String sample) {
        public Group {
            targets = List.copyOf(targets);
        }
    }

    /** @param next what to give as {@code before} for the next page; null if this was the last */
    record Page(List<Summary> operations, @Nullable String next) implements Reply {
        public Page {
            operations = List.copyOf(operations);
        }
    }

    /**
     * The output of one execution, from the journal.
     *
     * @param after sequence number in the operation's stream, 0 for the beginning
     */
    record ReadOutput(String operationId, String executionId, long after) implements Request<OutputPage> {}

    /** @param next what to give as {@code after} for more; null when there was nothing newer */
    record OutputPage(List<Chunk> chunks, @Nullable Long next) implements Reply {
        public OutputPage {
            chunks = List.copyOf(chunks);
        }
    }

    /** @param stream {@code stdout} or {@code stderr} */
    record Chunk(long seq, Instant at, String stream, Bytes data) {}

    /** Ends what runs, skips what waits. Answered when the order is given, not when all is gone: watch the events. */
    record Stop(String operationId, String stoppedBy) implements Request<Stopping> {}

    /** @param isStopping false if the operation was over already */
    record Stopping(boolean isStopping) implements Reply {}

    /**
     * Removes a bite of the oldest operation that ended before then: output first, the record last. What is not over is
     * never removed. Ask again until there is no more.
     */
    record Forget(Instant endedBefore) implements Request<Forgotten> {}

    /**
     * What a bite was.
     *
     * @param isGone whether the operation is removed with it
     */
    record Forgotten(boolean isGone, long outputBytes, boolean isMore) implements Reply {}

    /** The figures of this room. */
    record FindFigures() implements Request<Figures.Page> {}
    /** Starts nothing any more until somebody resumes it; what runs goes on. */
    record Hold(String operationId, String heldBy) implements Request<Holding> {}

    /** @param isHeld false if the operation was over already */
    record Holding(boolean isHeld) implements Reply {}

    /** Goes on, whatever it paused for. */
    record Resume(String operationId, String resumedBy) implements Request<Resuming> {}

    /** @param isResumed false if it was not paused */
    record Resuming(boolean isResumed) implements Reply {}

    /**
     * LinkOps is stopping: nothing is taken on or started any more, what runs may finish within the grace and is ended
     * then; durable executions are left to run (P37). Answered when there is nothing left to wait for.
     */
    record Drain(Duration grace) implements Request<Drained> {}

    /**
     * @param unended executions whose end was not seen; the next start closes them
     * @param goingOn durable executions that run on
     */
    record Drained(int unended, int goingOn) implements Reply {}

    /** From now on no work is taken: LinkOps is stopping. */
    record DrainBegun() implements io.linkops.bus.Event {}

    /** An operation's summary has changed; ask for it. */
    record OperationChanged(String operationId) implements io.linkops.bus.Event {}
}
