package io.linkops.schedules;

import io.linkops.gitsync.GitSync.ScheduledWork;
import io.linkops.schedules.Schedules.Firing;
import io.linkops.schedules.Schedules.Outcome;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The SQL of schedules. */
final class ScheduleStore {
    private static final String MARK = """
        INSERT INTO schedule_marks (id, expression, handled_until, is_enabled, switched_by) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET expression = excluded.expression, handled_until = excluded.handled_until,
        is_enabled = excluded.is_enabled, switched_by = excluded.switched_by\
        """;

    private static final String FIRING = """
        INSERT INTO schedule_firings (schedule, due_at, outcome, times, operation_id, reason, decided_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (schedule, due_at) DO UPDATE SET outcome = excluded.outcome, times = excluded.times,
        operation_id = excluded.operation_id, reason = excluded.reason, decided_at = excluded.decided_at\
        """;

    private final Database database;

    ScheduleStore(Database database) {
        this.database = database;
    }

    /** One that was made here. */
    record Saved(String id, ScheduledWork work, String createdBy) {}

    Future<List<Saved>> saved() {
        return database.read("SELECT id, work, created_by FROM schedules")
                .map(rows -> rows.stream()
                        .map(row -> new Saved(
                                row.getString("id"),
                                work(new JsonObject(row.getString("work"))),
                                row.getString("created_by")))
                        .toList());
    }

    Future<Map<String, Mark>> marks() {
        return database.read("SELECT * FROM schedule_marks").map(rows -> {
            Map<String, Mark> marks = new TreeMap<>();
            rows.forEach(row -> marks.put(row.getString("id"), mark(row)));
            return marks;
        });
    }

    /** The newest of each schedule. */
    Future<Map<String, Firing>> newest() {
        return database.read("SELECT f.* FROM schedule_firings f JOIN (SELECT schedule, MAX(due_at) AS due_at FROM"
                        + " schedule_firings GROUP BY schedule) n ON n.schedule = f.schedule AND n.due_at = f.due_at")
                .map(rows -> {
                    Map<String, Firing> firings = new TreeMap<>();
                    rows.forEach(row -> firings.put(row.getString("schedule"), firing(row)));
                    return firings;
                });
    }

    Future<List<Firing>> firings(String schedule, int limit) {
        return database.read(
                        "SELECT * FROM schedule_firings WHERE schedule = ? ORDER BY due_at DESC LIMIT ?",
                        schedule,
                        limit)
                .map(rows -> rows.stream().map(ScheduleStore::firing).toList());
    }

    /** What came of a time, if it was dealt with. */
    Future<Optional<Firing>> firing(String schedule, Instant dueAt) {
        return database.read(
                        "SELECT * FROM schedule_firings WHERE schedule = ? AND due_at = ?",
                        schedule,
                        dueAt.toEpochMilli())
                .map(rows -> rows.stream().findFirst().map(ScheduleStore::firing));
    }

    Future<Void> write(List<Statement> statements) {
        return database.write(statements);
    }

    static Statement save(Saved saved, Instant now) {
        return Statement.of(
                "INSERT INTO schedules (id, work, created_by, saved_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
                        + " SET work = excluded.work, created_by = excluded.created_by, saved_at = excluded.saved_at",
                saved.id(),
                json(saved.work()).encode(),
                saved.createdBy(),
                now.toEpochMilli());
    }

    static List<Statement> remove(String id) {
        return List.of(Statement.of("DELETE FROM schedules WHERE id = ?", id), unmark(id));
    }

    static Statement unmark(String id) {
        return Statement.of("DELETE FROM schedule_marks WHERE id = ?", id);
    }

    static Statement mark(String id, Mark mark) {
        return Statement.of(
                MARK, id, mark.expression(), mark.handledUntil().toEpochMilli(), mark.isEnabled(), mark.switchedBy());
    }

    static Statement record(Firing firing) {
        return Statement.of(
                FIRING,
                firing.schedule(),
                firing.dueAt().toEpochMilli(),
                firing.outcome().name(),
                firing.times(),
                firing.operationId(),
                firing.reason(),
                firing.decidedAt().toEpochMilli());
    }

    private static Mark mark(Row row) {
        return new Mark(
                row.getString("expression"),
                Instant.ofEpochMilli(row.getLong("handled_until")),
                row.getLong("is_enabled") != 0,
                row.getString("switched_by"));
    }

    private static Firing firing(Row row) {
        return new Firing(
                row.getString("schedule"),
                Instant.ofEpochMilli(row.getLong("due_at")),
                Outcome.valueOf(row.getString("outcome")),
                row.getInteger("times"),
                row.getString("operation_id"),
                row.getString("reason"),
                Instant.ofEpochMilli(row.getLong("decided_at")));
    }

    private static JsonObject json(ScheduledWork work) {
        var flags = new JsonObject();
        work.flags().forEach((script, values) -> flags.put(script, new JsonArray(values)));
        return new JsonObject()
                .put("cron", work.cron())
                .put("zone", work.zone())
                .put("description", work.description())
                .put("scripts", new JsonArray(work.scripts()))
                .put("flags", flags)
                .put("targets", new JsonArray(work.targets()))
                .put("concurrency", work.concurrency())
                .put("continues_on_failure", work.continuesOnFailure())
                .put("may_overlap", work.mayOverlap());
    }

    private static ScheduledWork work(JsonObject json) {
        Map<String, List<String>> flags = new TreeMap<>();
        json.getJsonObject("flags").forEach(entry -> flags.put(entry.getKey(), texts((JsonArray) entry.getValue())));
        return new ScheduledWork(
                json.getString("cron"),
                json.getString("zone"),
                json.getString("description"),
                texts(json.getJsonArray("scripts")),
                flags,
                texts(json.getJsonArray("targets")),
                json.getInteger("concurrency"),
                json.getBoolean("continues_on_failure"),
                json.getBoolean("may_overlap"));
    }

    private static List<String> texts(JsonArray array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(String.valueOf(text)));
        return texts;
    }
}
