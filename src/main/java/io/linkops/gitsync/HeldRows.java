package io.linkops.gitsync;

import io.linkops.gitsync.GitSync.Held;
import io.linkops.gitsync.GitSync.HoldReason;
import io.linkops.gitsync.GitSync.HoldRule;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table {@code git_held}: what is held, and every word that was said about it. */
final class HeldRows {
    private static final String HOLD = """
        INSERT INTO git_held (commit_hash, base_hash, sync_id, commit_message, commit_time, reasons, held_at, state)
        VALUES (?, ?, ?, ?, ?, ?, ?, 'held')
        ON CONFLICT (commit_hash, base_hash) DO UPDATE SET sync_id = excluded.sync_id, reasons = excluded.reasons,
          held_at = excluded.held_at, state = 'held', decided_by = NULL, decided_at = NULL\
        """;

    private static final String DECIDE =
            "UPDATE git_held SET state = ?, decided_by = ?, decided_at = ? WHERE commit_hash = ? AND base_hash = ?";

    private final Database database;

    HeldRows(Database database) {
        this.database = database;
    }

    /** What waits for a word. */
    Future<@Nullable Held> current() {
        return database.read("SELECT * FROM git_held WHERE state IN ('held', 'rejected') ORDER BY held_at DESC LIMIT 1")
                .map(rows -> rows.isEmpty() ? null : held(rows.getFirst()));
    }

    /** Whoever approved this commit on top of that one; null if nobody did. */
    Future<@Nullable String> approver(String commit, String base) {
        return database.read(
                        "SELECT decided_by FROM git_held WHERE commit_hash = ? AND base_hash = ? AND state ="
                                + " 'approved'",
                        commit,
                        base)
                .map(rows -> rows.isEmpty() ? null : rows.getFirst().getString(0));
    }

    Future<Void> approve(Held held, String approvedBy, Instant now) {
        return database.write(
                Statement.of(DECIDE, "approved", approvedBy, now.toEpochMilli(), held.commit(), held.base()));
    }

    Future<Void> reject(Held held) {
        var at = held.rejectedAt();
        return database.write(Statement.of(
                DECIDE,
                "rejected",
                held.rejectedBy(),
                at == null ? null : at.toEpochMilli(),
                held.commit(),
                held.base()));
    }

    /** In the place of whatever was held before. */
    static List<Statement> hold(Held held) {
        return List.of(
                overtaken(),
                Statement.of(
                        HOLD,
                        held.commit(),
                        held.base(),
                        held.syncId(),
                        held.message(),
                        held.time().toEpochMilli(),
                        reasons(held.reasons()).encode(),
                        held.heldAt().toEpochMilli()));
    }

    /** Nothing waits any more: another commit is in force. */
    static Statement overtaken() {
        return Statement.of("UPDATE git_held SET state = 'superseded' WHERE state IN ('held', 'rejected')");
    }

    private static Held held(Row row) {
        var isRejected = row.getString("state").equals("rejected");
        return new Held(
                row.getString("commit_hash"),
                row.getString("base_hash"),
                row.getLong("sync_id"),
                row.getString("commit_message"),
                Instant.ofEpochMilli(row.getLong("commit_time")),
                reasons(new JsonArray(row.getString("reasons"))),
                Instant.ofEpochMilli(row.getLong("held_at")),
                isRejected ? row.getString("decided_by") : null,
                isRejected ? Instant.ofEpochMilli(row.getLong("decided_at")) : null);
    }

    private static JsonArray reasons(List<HoldReason> reasons) {
        var array = new JsonArray();
        reasons.forEach(reason -> array.add(new JsonObject()
                .put("rule", reason.rule().name())
                .put("link", reason.linkId())
                .put("text", reason.text())));
        return array;
    }

    private static List<HoldReason> reasons(JsonArray array) {
        return array.stream()
                .map(JsonObject.class::cast)
                .map(json -> new HoldReason(
                        HoldRule.valueOf(json.getString("rule")), json.getString("link"), json.getString("text")))
                .toList();
    }
}
