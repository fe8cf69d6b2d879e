package io.linkops.orchestrator;

import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.Kind;
import io.linkops.orchestrator.Operations.Progress;
import io.linkops.orchestrator.Operations.ScriptInput;
import io.linkops.orchestrator.Operations.Status;
import io.linkops.orchestrator.Operations.Summary;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The SQL of operations and executions. Writes are statements, so that they share a transaction with their events. */
final class OperationStore {
    private static final String INSERT = """
        INSERT INTO operations (id, kind, status, scripts, selectors, targets, concurrency, on_failure, git_commit,
          started_by, queued_at, counts, batches, batch, batch_count, inputs, checks_enrollment, retry_of)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """;

    private static final String INSERT_SCRIPT = "INSERT INTO operation_scripts (script, operation_id) VALUES (?, ?)";

    private static final String EXECUTIONS = """
        SELECT e.*, d.way, d.output_limit AS is_handed
        FROM executions e LEFT JOIN durable_executions d ON d.execution_id = e.id
        WHERE e.operation_id = ? ORDER BY e.position\
        """;

    private final Database database;

    /**
     * What is needed to run an operation again.
     *
     * @param inputs null if it was made by a LinkOps that did not keep them
     */
    record Origin(
            Summary summary,
            Operations.OnFailure onFailure,
            boolean checksEnrollment,
            @Nullable List<ScriptInput> inputs) {}

    /** What an operation has to do with. */
    record Touched(String id, Set<String> targets, List<String> scripts) {}

    OperationStore(Database database) {
        this.database = database;
    }

    static List<Statement> insert(Summary operation, OperationPlan plan) {
        var progress = operation.progress();
        List<Statement> rows = new ArrayList<>();
        rows.add(Statement.of(
                INSERT,
                operation.id(),
                operation.kind().name(),
                operation.status().name(),
                array(operation.scripts()),
                array(operation.selectors()),
                operation.targets(),
                operation.concurrency(),
                plan.onFailure().name(),
                operation.commit(),
                operation.startedBy(),
                operation.queuedAt().toEpochMilli(),
                OperationEvents.counts(operation.counts()).encode(),
                OperationInputs.text(plan.batches()),
                progress == null ? null : progress.batch(),
                progress == null ? null : progress.of(),
                OperationInputs.text(plan.inputs()),
                plan.checksEnrollment(),
                operation.retryOf()));
        operation.scripts().stream()
                .distinct()
                .forEach(script -> rows.add(Statement.of(INSERT_SCRIPT, script, operation.id())));
        return rows;
    }

    static Statement insert(String operationId, Execution execution) {
        return Statement.of(
                "INSERT INTO executions (id, operation_id, position, target, script, arguments, sha256, status,"
                        + " output_bytes, is_truncated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
                execution.id(),
                operationId,
                execution.index(),
                execution.target(),
                execution.script(),
                array(execution.arguments()),
                execution.sha256(),
                execution.status().name());
    }

    static Statement update(Summary operation) {
        return Statement.of(
                "UPDATE operations SET status = ?, started_at = ?, ended_at = ?, duration_millis = ?, counts = ?,"
                        + " reason = ?, batch = ? WHERE id = ?",
                operation.status().name(),
                millis(operation.startedAt()),
                millis(operation.endedAt()),
                durationMillis(operation),
                OperationEvents.counts(operation.counts()).encode(),
                operation.reason(),
                operation.progress() == null ? null : operation.progress().batch(),
                operation.id());
    }

    /** From its start to its end; -1 while it is not over. */
    private static long durationMillis(Summary operation) {
        var endedAt = operation.endedAt();
        if (endedAt == null) {
            return -1;
        }
        var startedAt = operation.startedAt();
        return startedAt == null
                ? 0
                : Math.max(0, Duration.between(startedAt, endedAt).toMillis());
    }

    static Statement update(Execution execution) {
        return Statement.of(
                "UPDATE executions SET status = ?, started_at = ?, ended_at = ?, exit_code = ?, signal = ?,"
                    + " output_bytes = ?, is_truncated = ?, reason = ?, error = ?, stdout_sha256 = ?, stderr_sha256 ="
                    + " ? WHERE id = ?",
                execution.status().name(),
                millis(execution.startedAt()),
                millis(execution.endedAt()),
                execution.exitCode(),
                execution.signal(),
                execution.outputBytes(),
                execution.isTruncated(),
                execution.reason(),
                execution.error(),
                execution.stdoutSha256(),
                execution.stderrSha256(),
                execution.id());
    }

    Future<Optional<Summary>> find(String id) {
        return database.read("SELECT * FROM operations WHERE id = ?", id)
                .map(rows -> rows.stream().findFirst().map(OperationStore::summary));
    }

    Future<List<Execution>> executions(String operationId) {
        return database.read(EXECUTIONS, operationId)
                .map(rows -> rows.stream().map(OperationStore::execution).toList());
    }

    /** Which links and scripts operations touch, by their ids; those there are not are not there. */
    Future<Map<String, Touched>> touched(List<String> ids) {
        if (ids.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        var places = String.join(", ", Collections.nCopies(ids.size(), "?"));
        Map<String, Touched> touched = new HashMap<>();
        return database.read("SELECT id, scripts FROM operations WHERE id IN (" + places + ")", ids.toArray())
                .compose(rows -> {
                    rows.forEach(row -> touched.put(
                            row.getString("id"),
                            new Touched(row.getString("id"), new HashSet<>(), strings(row.getString("scripts")))));
                    return database.read(
                            "SELECT DISTINCT operation_id, target FROM executions WHERE operation_id IN (" + places
                                    + ")",
                            ids.toArray());
                })
                .map(rows -> {
                    rows.forEach(row -> Objects.requireNonNull(touched.get(row.getString("operation_id")))
                            .targets()
                            .add(row.getString("target")));
                    return touched;
                });
    }

    /** Newest first. */
    Future<List<Summary>> page(HistoryQuery query) {
        return database.read(query.sql(), query.values().toArray())
                .map(found -> found.stream().map(OperationStore::summary).toList());
    }

    /** What an operation was asked for. */
    Future<Optional<Origin>> origin(String id) {
        return database.read("SELECT * FROM operations WHERE id = ?", id)
                .map(rows -> rows.stream().findFirst().map(OperationStore::origin));
    }

    private static Origin origin(Row row) {
        return new Origin(
                summary(row),
                Operations.OnFailure.valueOf(row.getString("on_failure")),
                !Long.valueOf(0).equals(row.getLong("checks_enrollment")),
                OperationInputs.inputs(row.getString("inputs")));
    }

    /** The operations that ran this one again, oldest first. */
    Future<List<String>> retries(String id) {
        return database.read("SELECT id FROM operations WHERE retry_of = ? ORDER BY id", id)
                .map(rows -> rows.stream().map(row -> row.getString("id")).toList());
    }

    /** The operation that ended first, if it did before then. */
    Future<Optional<String>> oldest(Instant endedBefore) {
        return database.read(
                        "SELECT id FROM operations WHERE ended_at < ? ORDER BY ended_at, id LIMIT 1",
                        endedBefore.toEpochMilli())
                .map(rows -> rows.stream().findFirst().map(row -> row.getString("id")));
    }

    /** All of an operation's rows; its output is the journal's. */
    static List<Statement> forget(String id) {
        return List.of(
                Statement.of("UPDATE operations SET retry_of = NULL WHERE retry_of = ?", id),
                Statement.of("DELETE FROM durable_executions WHERE operation_id = ?", id),
                Statement.of("DELETE FROM executions WHERE operation_id = ?", id),
                Statement.of("DELETE FROM operation_scripts WHERE operation_id = ?", id),
                Statement.of("DELETE FROM operations WHERE id = ? AND ended_at IS NOT NULL", id));
    }

    /** What a crash left open. */
    Future<List<Summary>> open() {
        return database.read("SELECT * FROM operations WHERE status IN ('QUEUED', 'RUNNING') ORDER BY id")
                .map(rows -> rows.stream().map(OperationStore::summary).toList());
    }

    private static Summary summary(Row row) {
        return new Summary(
                row.getString("id"),
                Kind.valueOf(row.getString("kind")),
                Status.valueOf(row.getString("status")),
                strings(row.getString("scripts")),
                strings(row.getString("selectors")),
                row.getInteger("targets"),
                row.getInteger("concurrency"),
                row.getString("git_commit"),
                row.getString("started_by"),
                Instant.ofEpochMilli(row.getLong("queued_at")),
                instant(row.getLong("started_at")),
                instant(row.getLong("ended_at")),
                counts(row.getString("counts")),
                row.getString("reason"),
                progress(row),
                null,
                row.getString("retry_of"));
    }

    private static @Nullable Progress progress(Row row) {
        var batches = OperationInputs.batches(row.getString("batches"));
        return batches == null ? null : new Progress(batches, row.getInteger("batch"), row.getInteger("batch_count"));
    }

    private static Execution execution(Row row) {
        var startedAt = instant(row.getLong("started_at"));
        var endedAt = instant(row.getLong("ended_at"));
        return new Execution(
                row.getString("id"),
                row.getInteger("position"),
                row.getString("target"),
                row.getString("script"),
                strings(row.getString("arguments")),
                row.getString("sha256"),
                ExecutionStatus.valueOf(row.getString("status")),
                startedAt,
                endedAt,
                startedAt == null || endedAt == null ? null : Duration.between(startedAt, endedAt),
                row.getInteger("exit_code"),
                row.getString("signal"),
                row.getLong("output_bytes"),
                row.getLong("is_truncated") != 0,
                row.getString("reason"),
                row.getString("error"),
                row.getString("stdout_sha256"),
                row.getString("stderr_sha256"),
                row.getLong("is_handed") == null ? "none" : row.getString("way"));
    }

    private static Map<ExecutionStatus, Integer> counts(String json) {
        Map<ExecutionStatus, Integer> counts = new EnumMap<>(ExecutionStatus.class);
        new JsonObject(json).forEach(entry -> {
            if (entry.getValue() instanceof Integer count && count > 0) {
                counts.put(ExecutionStatus.valueOf(entry.getKey().toUpperCase(Locale.ROOT)), count);
            }
        });
        return counts;
    }

    private static String array(List<String> values) {
        return new JsonArray(values).encode();
    }

    private static List<String> strings(String json) {
        return new JsonArray(json).stream().map(String::valueOf).toList();
    }

    private static @Nullable Long millis(@Nullable Instant at) {
        return at == null ? null : at.toEpochMilli();
    }

    private static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
