package io.linkops.orchestrator;

import io.linkops.bus.Bytes;
import io.linkops.journal.Journal;
import io.linkops.orchestrator.Operations.Chunk;
import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.Summary;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events of an operation as JSON, and output read back from them. */
final class OperationEvents {
    static final String STARTED = "operation.started";
    static final String BATCH_STARTED = "batch.started";
    static final String PAUSED = "operation.paused";
    static final String RESUMED = "operation.resumed";
    static final String EXECUTION_STARTED = "execution.started";
    static final String OUTPUT = "execution.output";
    static final String EXECUTION_FINISHED = "execution.finished";
    static final String FINISHED = "operation.finished";

    static final String ATTACHED = "execution.attached";
    static final String DETACHED = "execution.detached";

    private OperationEvents() {}

    static Journal.Event started(Summary operation) {
        return event(
                STARTED,
                new JsonObject()
                        .put("operation", operation.id())
                        .put("kind", word(operation.kind()))
                        .put("scripts", operation.scripts())
                        .put("targets", operation.targets())
                        .put("at", text(operation.startedAt())));
    }

    /** @param targets how many are in the batch */
    static Journal.Event batchStarted(Summary operation, int targets, Instant now) {
        var json = new JsonObject().put("operation", operation.id());
        var progress = operation.progress();
        if (progress != null) {
            json.put("batch", progress.batch()).put("of", progress.of());
        }
        return event(BATCH_STARTED, json.put("targets", targets).put("at", text(now)));
    }

    /**
     * That it pauses from now on, or goes on again.
     *
     * @param by who did it; null if nobody did
     */
    static Journal.Event paused(Summary operation, @Nullable String by, Instant now) {
        var json = new JsonObject().put("operation", operation.id());
        var pause = operation.pause();
        if (pause == null) {
            return event(RESUMED, json.put("by", by).put("at", text(now)));
        }
        return event(
                PAUSED,
                json.put("reason", pause.reason())
                        .put("until", text(pause.until()))
                        .put("by", pause.by())
                        .put("at", text(now)));
    }

    static Journal.Event executionStarted(Execution execution) {
        return event(EXECUTION_STARTED, named(execution).put("at", text(execution.startedAt())));
    }

    /** Bytes that are no UTF-8 travel as base64 besides, so that nothing is lost. */
    static Journal.Event output(Execution execution, boolean isError, Bytes data) {
        var json = new JsonObject()
                .put("execution", execution.id())
                .put("target", execution.target())
                .put("script", execution.script())
                .put("stream", isError ? "stderr" : "stdout")
                .put("data", data.text());
        if (!isUtf8(data)) {
            json.put("base64", Base64.getEncoder().encodeToString(data.toArray()));
        }
        return new Journal.Event(OUTPUT, execution.id(), json.encode(), false);
    }

    static Journal.Event attached(Runners.Attached attached, Instant now) {
        return event(
                ATTACHED,
                new JsonObject()
                        .put("execution", attached.executionId())
                        .put("target", attached.target())
                        .put("script", attached.script())
                        .put("durability", attached.way())
                        .put("elapsed_ms", attached.elapsed().toMillis())
                        .put("at", text(now)));
    }

    static Journal.Event detached(Runners.Detached detached, Instant now) {
        return event(
                DETACHED,
                new JsonObject()
                        .put("execution", detached.executionId())
                        .put("target", detached.target())
                        .put("script", detached.script())
                        .put("reason", detached.reason())
                        .put("error", detached.error())
                        .put("at", text(now)));
    }

    static Journal.Event executionFinished(Execution execution) {
        var duration = execution.duration();
        return event(
                EXECUTION_FINISHED,
                named(execution)
                        .put("status", word(execution.status()))
                        .put("exit_code", execution.exitCode())
                        .put("signal", execution.signal())
                        .put("reason", execution.reason())
                        .put("error", execution.error())
                        .put("duration_ms", duration == null ? null : duration.toMillis())
                        .put("at", text(execution.endedAt())));
    }

    static Journal.Event finished(Summary operation) {
        var json = new JsonObject()
                .put("operation", operation.id())
                .put("status", word(operation.status()))
                .put("counts", counts(operation.counts()))
                .put("reason", operation.reason())
                .put("at", text(operation.endedAt()));
        return new Journal.Event(FINISHED, null, json.encode(), true);
    }

    static JsonObject counts(Map<ExecutionStatus, Integer> counts) {
        var json = new JsonObject();
        for (var status : ExecutionStatus.values()) {
            json.put(word(status), counts.getOrDefault(status, 0));
        }
        return json;
    }

    /** The bytes of an {@link #output} event. */
    static Chunk chunk(long seq, Instant at, String data) {
        var json = new JsonObject(data);
        var base64 = json.getString("base64");
        var bytes = base64 == null
                ? Bytes.utf8(json.getString("data"))
                : Bytes.of(Base64.getDecoder().decode(base64));
        return new Chunk(seq, at, json.getString("stream"), bytes);
    }

    private static JsonObject named(Execution execution) {
        return new JsonObject()
                .put("execution", execution.id())
                .put("index", execution.index())
                .put("target", execution.target())
                .put("script", execution.script());
    }

    private static Journal.Event event(String type, JsonObject data) {
        return new Journal.Event(type, null, data.encode(), false);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }

    private static boolean isUtf8(Bytes data) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data.toArray()));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
