package io.linkops.orchestrator;

import io.linkops.bus.Bytes;
import io.linkops.bus.Contract;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.figures.Figures;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the engine can be asked. It owns operations and executions; their events are in the journal's stream
 * {@code operation:ID}: {@code operation.started}, {@code execution.started}, {@code execution.output},
 * {@code execution.finished}, {@code operation.finished} (the last).
 */
@Contract
public interface Operations {

    /** What an operation is for. */
    enum Kind {
        /** Catalogued scripts on links. */
        SCRIPT,
        /** Only the look whether each link is what it claims to be. */
        VERIFY
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
        /** Never started: the operation was stopped, or an earlier script failed on this link. */
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
     * Scripts on links.
     *
     * @param scripts ids, run in this order on each link
     * @param flags arguments for each script, by its id; values may be any text without NUL
     * @param targets selectors, see {@code Inventory.Resolve}
     * @param concurrency executions at once; null for the configured default
     * @param requireEnrollment false only where the configuration does not insist
     */
    record Run(
            List<String> scripts,
            Map<String, List<String>> flags,
            List<String> targets,
            @Nullable Integer concurrency,
            boolean requireEnrollment,
            OnFailure onFailure,
            String startedBy)
            implements Request<Queued> {
        public Run {
            scripts = List.copyOf(scripts);
            targets = List.copyOf(targets);
            var copy = new java.util.TreeMap<String, List<String>>();
            flags.forEach((script, values) -> copy.put(script, List.copyOf(values)));
            flags = java.util.Collections.unmodifiableMap(copy);
        }
    }

    /** Looks at many links; each target is one execution without a script. */
    record VerifyLinks(List<String> targets, @Nullable Integer concurrency, String startedBy)
            implements Request<Queued> {
        public VerifyLinks {
            targets = List.copyOf(targets);
        }
    }

    record Queued(String operationId) implements Reply {}

    /**
     * An operation without its executions.
     *
     * @param commit the commit its scripts come from; null for kinds without scripts
     * @param selectors what was asked for
     * @param targets how many links that was
     * @param counts executions by status
     * @param reason why it is not a success, for people; null otherwise
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
            @Nullable String reason) {
        public Summary {
            scripts = List.copyOf(scripts);
            selectors = List.copyOf(selectors);
            counts = Map.copyOf(counts);
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
            @Nullable String error) {
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
                    id, index, target, script, arguments, sha256, to, begun, over, took, code, by, bytes, isCut, why,
                    sentence);
        }
    }

    record Operation(Summary summary, List<Execution> executions) implements Reply {
        public Operation {
            executions = List.copyOf(executions);
        }
    }

    /** OPERATION_NOT_FOUND if there is none. */
    record FindOperation(String id) implements Request<Operation> {}

    /**
     * Newest first.
     *
     * @param before only operations older than this one (its id), for the next page
     * @param limit 1–200
     */
    record FindOperations(@Nullable Status status, @Nullable String before, int limit) implements Request<Page> {}

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

    /** The figures of this room. */
    record FindFigures() implements Request<Figures.Page> {}

    /** An operation's summary has changed; ask for it. */
    record OperationChanged(String operationId) implements io.linkops.bus.Event {}
}
