package io.linkops.api;

import io.linkops.gitsync.GitSync.History;
import io.linkops.gitsync.GitSync.Status;
import io.linkops.gitsync.GitSync.SyncResult;
import io.linkops.inventory.Inventory.Replaced;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The repository's state and its syncs as the API shows them. */
final class GitJson {
    private GitJson() {}

    static JsonObject of(Status status) {
        return new JsonObject()
                .put("url", status.url())
                .put("branch", status.branch())
                .put("commit", status.commit())
                .put("commit_message", status.commitMessage())
                .put("commit_time", Json.time(status.commitTime()))
                .put("syncing", status.isSyncing())
                .put("last_sync", status.lastSync() == null ? null : of(status.lastSync()));
    }

    static JsonObject of(History history) {
        return new JsonObject().put("syncs", Json.list(history.syncs(), GitJson::of));
    }

    static JsonObject of(SyncResult sync) {
        return new JsonObject()
                .put("id", sync.id())
                .put("started_by", sync.startedBy())
                .put("started_at", Json.time(sync.startedAt()))
                .put("ended_at", Json.time(sync.endedAt()))
                .put("duration_ms", Json.millis(sync.startedAt(), sync.endedAt()))
                .put("success", sync.isSuccess())
                .put("changed", sync.isChanged())
                .put("commit", sync.commit())
                .put("diff", diff(sync.diff()))
                .put("warnings", Json.texts(sync.warnings()))
                .put("error", sync.error())
                .put("error_code", sync.errorCode());
    }

    private static @Nullable JsonObject diff(@Nullable Replaced replaced) {
        return replaced == null
                ? null
                : new JsonObject()
                        .put("added", Json.texts(replaced.added()))
                        .put("changed", Json.texts(replaced.changed()))
                        .put("retired", Json.texts(replaced.retired()));
    }
}
