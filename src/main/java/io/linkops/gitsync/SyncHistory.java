package io.linkops.gitsync;

import io.linkops.gitsync.GitSync.Diff;
import io.linkops.gitsync.GitSync.SyncDetail;
import io.linkops.gitsync.GitSync.SyncResult;
import io.linkops.inventory.Inventory.Replaced;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The finished syncs on disk: the table {@code git_sync_history}, its last {@link #KEPT} rows. */
final class SyncHistory {
    /** A year of syncs every hour. */
    static final int KEPT = 10_000;

    private static final String INSERT = """
        INSERT INTO git_sync_history (id, started_by, started_at, ended_at, is_success, is_changed, is_rewritten,
          commit_hash, commit_message, commit_time, held_commit, approved_by, diff, details, warnings, error, error_code)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """;

    private final Database database;

    /** A commit in force, as people know it. */
    record Head(String commit, String message, Instant time) {}

    SyncHistory(Database database) {
        this.database = database;
    }

    /** @param others statements that belong to it */
    Future<Void> add(SyncResult sync, @Nullable Head head, @Nullable Diff details, List<Statement> others) {
        var statements = new ArrayList<>(others);
        statements.add(Statement.of(
                INSERT,
                sync.id(),
                sync.startedBy(),
                sync.startedAt().toEpochMilli(),
                sync.endedAt().toEpochMilli(),
                sync.isSuccess(),
                sync.isChanged(),
                sync.isRewritten(),
                sync.commit(),
                head == null ? null : head.message(),
                head == null ? null : head.time().toEpochMilli(),
                sync.heldCommit(),
                sync.approvedBy(),
                diff(sync.diff()),
                details == null ? null : JsonObject.mapFrom(details).encode(),
                new JsonArray(sync.warnings()).encode(),
                sync.error(),
                sync.errorCode()));
        statements.add(Statement.of("DELETE FROM git_sync_history WHERE id <= ?", sync.id() - KEPT));
        return database.write(statements);
    }

    /** One sync; null if there is none of that id. */
    Future<@Nullable SyncDetail> find(long id) {
        return database.read("SELECT * FROM git_sync_history WHERE id = ?", id)
                .map(rows -> rows.isEmpty()
                        ? null
                        : new SyncDetail(
                                result(rows.getFirst()), details(rows.getFirst().getString("details"))));
    }

    private static @Nullable Diff details(@Nullable String text) {
        return text == null ? null : new JsonObject(text).mapTo(Diff.class);
    }

    Future<List<SyncResult>> newest(int limit) {
        return database.read("SELECT * FROM git_sync_history ORDER BY id DESC LIMIT ?", limit)
                .map(rows -> rows.stream().map(SyncHistory::result).toList());
    }

    /** The commit in force after the last sync. */
    Future<@Nullable Head> head() {
        return database.read("SELECT * FROM git_sync_history WHERE commit_hash IS NOT NULL ORDER BY id DESC LIMIT 1")
                .map(rows -> rows.isEmpty() ? null : head(rows.getFirst()));
    }

    private static Head head(Row row) {
        return new Head(
                row.getString("commit_hash"),
                row.getString("commit_message"),
                Instant.ofEpochMilli(row.getLong("commit_time")));
    }

    private static SyncResult result(Row row) {
        return new SyncResult(
                row.getLong("id"),
                row.getString("started_by"),
                Instant.ofEpochMilli(row.getLong("started_at")),
                Instant.ofEpochMilli(row.getLong("ended_at")),
                row.getLong("is_success") != 0,
                row.getLong("is_changed") != 0,
                row.getLong("is_rewritten") != 0,
                row.getString("commit_hash"),
                row.getString("held_commit"),
                row.getString("approved_by"),
                diff(row.getString("diff")),
                texts(new JsonArray(row.getString("warnings"))),
                row.getString("error"),
                row.getString("error_code"));
    }

    private static @Nullable String diff(@Nullable Replaced diff) {
        return diff == null
                ? null
                : new JsonObject()
                        .put("added", new JsonArray(diff.added()))
                        .put("changed", new JsonArray(diff.changed()))
                        .put("retired", new JsonArray(diff.retired()))
                        .put("links", diff.links())
                        .put("scripts", diff.scripts())
                        .encode();
    }

    private static @Nullable Replaced diff(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var json = new JsonObject(text);
        return new Replaced(
                texts(json.getJsonArray("added")),
                texts(json.getJsonArray("changed")),
                texts(json.getJsonArray("retired")),
                json.getInteger("links"),
                json.getInteger("scripts"));
    }

    private static List<String> texts(JsonArray array) {
        return array.stream().map(String.class::cast).toList();
    }
}
