package io.linkops.orchestrator;

import io.linkops.orchestrator.Runners.Execute;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The SQL of durable executions: what is needed to attach to them after a restart. */
final class DurableStore {
    private final Database database;

    /** What was handed out, and how far it is known to have come. */
    record Handed(
            String executionId,
            boolean checksEnrollment,
            Duration timeLimit,
            Duration killGrace,
            long outputLimit,
            @Nullable String way,
            @Nullable String stoppedBy) {}

    DurableStore(Database database) {
        this.database = database;
    }

    /** Goes into the transaction that says the execution runs. */
    static Statement insert(Execute order) {
        return Statement.of(
                "INSERT INTO durable_executions (execution_id, operation_id, checks_enrollment, time_limit, kill_grace,"
                        + " output_limit) VALUES (?, ?, ?, ?, ?, ?)",
                order.executionId(),
                order.operationId(),
                order.checksEnrollment(),
                order.timeout().toMillis(),
                order.killGrace().toMillis(),
                order.outputLimit());
    }

    static Statement begun(String executionId, String way) {
        return Statement.of("UPDATE durable_executions SET way = ? WHERE execution_id = ?", way, executionId);
    }

    static Statement stopping(String operationId, String by) {
        return Statement.of(
                "UPDATE durable_executions SET stopped_by = ? WHERE operation_id = ? AND stopped_by IS NULL",
                by,
                operationId);
    }

    /** Those of one operation, by execution id. */
    Future<Map<String, Handed>> of(String operationId) {
        return database.read("SELECT * FROM durable_executions WHERE operation_id = ?", operationId)
                .map(rows -> rows.stream()
                        .map(DurableStore::handed)
                        .collect(Collectors.toMap(Handed::executionId, each -> each)));
    }

    private static Handed handed(Row row) {
        return new Handed(
                row.getString("execution_id"),
                row.getLong("checks_enrollment") != 0,
                Duration.ofMillis(row.getLong("time_limit")),
                Duration.ofMillis(row.getLong("kill_grace")),
                row.getLong("output_limit"),
                row.getString("way"),
                row.getString("stopped_by"));
    }
}
