package io.linkops.api;

import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.Group;
import io.linkops.orchestrator.Operations.Groups;
import io.linkops.orchestrator.Operations.Operation;
import io.linkops.orchestrator.Operations.Page;
import io.linkops.orchestrator.Operations.Pause;
import io.linkops.orchestrator.Operations.Progress;
import io.linkops.orchestrator.Operations.Summary;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Operations and executions as the API shows them. */
final class OperationJson {
    private OperationJson() {}

    static JsonObject of(Page page) {
        return new JsonObject()
                .put("operations", Json.list(page.operations(), OperationJson::of))
                .put("next", page.next());
    }

    static JsonObject of(Operation operation) {
        return of(operation.summary())
                .put("retries", Json.texts(operation.retries()))
                .put("inputs", Json.list(operation.inputs(), RehearsalJson::of))
                .put("executions", Json.list(operation.executions(), OperationJson::of));
    }

    static JsonObject of(Groups groups) {
        return new JsonObject().put("groups", Json.list(groups.groups(), OperationJson::of));
    }

    private static JsonObject of(Group group) {
        return new JsonObject()
                .put("status", Texts.word(group.status()))
                .put("exit_code", group.exitCode())
                .put("stdout_sha256", group.stdoutSha256())
                .put("stderr_sha256", group.stderrSha256())
                .put("count", group.count())
                .put("targets", Json.texts(group.targets()))
                .put("sample", group.sample());
    }

    static JsonObject of(Summary summary) {
        return new JsonObject()
                .put("id", summary.id())
                .put("kind", Texts.word(summary.kind()))
                .put("status", Texts.word(summary.status()))
                .put("scripts", Json.texts(summary.scripts()))
                .put("selectors", Json.texts(summary.selectors()))
                .put("targets", summary.targets())
                .put("concurrency", summary.concurrency())
                .put("commit", summary.commit())
                .put("started_by", summary.startedBy())
                .put("queued_at", Json.time(summary.queuedAt()))
                .put("started_at", Json.time(summary.startedAt()))
                .put("ended_at", Json.time(summary.endedAt()))
                .put("duration_ms", Json.millis(summary.startedAt(), summary.endedAt()))
                .put("counts", counts(summary.counts()))
                .put("reason", summary.reason())
                .put("batch", of(summary.progress()))
                .put("pause", of(summary.pause()))
                .put("retry_of", summary.retryOf());
    }

    private static @Nullable JsonObject of(@Nullable Progress progress) {
        if (progress == null) {
            return null;
        }
        var batches = progress.batches();
        return new JsonObject()
                .put("size", batches.size())
                .put("percent", batches.percent())
                .put("pause_s", batches.pause().toSeconds())
                .put("max_failures", batches.maxFailures())
                .put("max_failure_percent", batches.maxFailurePercent())
                .put("canary", batches.canary())
                .put("pause_after_canary", batches.pausesAfterCanary())
                .put("current", progress.batch())
                .put("of", progress.of());
    }

    private static @Nullable JsonObject of(@Nullable Pause pause) {
        return pause == null
                ? null
                : new JsonObject()
                        .put("reason", pause.reason())
                        .put("until", Json.time(pause.until()))
                        .put("by", pause.by());
    }

    private static JsonObject counts(Map<ExecutionStatus, Integer> counts) {
        var json = new JsonObject();
        for (var status : ExecutionStatus.values()) {
            json.put(Texts.word(status), counts.getOrDefault(status, 0));
        }
        return json;
    }

    private static JsonObject of(Execution execution) {
        return new JsonObject()
                .put("id", execution.id())
                .put("index", execution.index())
                .put("target", execution.target())
                .put("script", execution.script())
                .put("arguments", Json.texts(execution.arguments()))
                .put("sha256", execution.sha256())
                .put("status", Texts.word(execution.status()))
                .put("started_at", Json.time(execution.startedAt()))
                .put("ended_at", Json.time(execution.endedAt()))
                .put("duration_ms", Json.millis(execution.duration()))
                .put("exit_code", execution.exitCode())
                .put("signal", execution.signal())
                .put("output_bytes", execution.outputBytes())
                .put("is_truncated", execution.isTruncated())
                .put("reason", execution.reason())
                .put("error", execution.error())
                .put("stdout_sha256", execution.stdoutSha256())
                .put("stderr_sha256", execution.stderrSha256())
                .put("durability", execution.durability());
    }
}
