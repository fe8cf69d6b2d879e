package io.linkops.api;

import io.linkops.gitsync.GitSync.CommitLine;
import io.linkops.gitsync.GitSync.Diff;
import io.linkops.gitsync.GitSync.FieldChange;
import io.linkops.gitsync.GitSync.Held;
import io.linkops.gitsync.GitSync.History;
import io.linkops.gitsync.GitSync.HoldReason;
import io.linkops.gitsync.GitSync.Hooks;
import io.linkops.gitsync.GitSync.LinkChange;
import io.linkops.gitsync.GitSync.ScriptChange;
import io.linkops.gitsync.GitSync.Status;
import io.linkops.gitsync.GitSync.SyncDetail;
import io.linkops.gitsync.GitSync.SyncResult;
import io.linkops.inventory.Inventory.Replaced;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The repository's state and its syncs as the API shows them. */
final class GitJson {
    private GitJson() {}

    static JsonObject of(Status status) {
        return new JsonObject()
                .put("state", Texts.word(status.state()))
                .put("url", status.url())
                .put("branch", status.branch())
                .put("commit", status.commit())
                .put("commit_message", status.commitMessage())
                .put("commit_time", Json.time(status.commitTime()))
                .put("syncing", status.isSyncing())
                .put("last_sync", status.lastSync() == null ? null : of(status.lastSync()))
                .put("held", status.held() == null ? null : of(status.held()))
                .put("writable", status.isWritable())
                .put("webhook", hooks(status.hooks()));
    }

    /** To somebody with a scope: without what changed, and what is held, which is about the whole fleet. */
    static JsonObject of(Status status, boolean isScoped) {
        var json = of(status);
        if (isScoped) {
            json.put("held", null);
            var sync = json.getJsonObject("last_sync");
            if (sync != null) {
                sync.put("diff", null).put("warnings", Json.texts(java.util.List.of()));
                sync.put("error", sync.getString("error") == null ? null : "The sync failed");
            }
        }
        return json;
    }

    private static JsonObject hooks(Hooks hooks) {
        return new JsonObject()
                .put("configured", hooks.isConfigured())
                .put("started", hooks.started())
                .put("ignored", hooks.ignored())
                .put("refused", hooks.refused())
                .put("last_refused_at", Json.time(hooks.lastRefusedAt()));
    }

    static JsonObject of(Held held) {
        return new JsonObject()
                .put("commit", held.commit())
                .put("base", held.base())
                .put("sync_id", held.syncId())
                .put("message", held.message())
                .put("time", Json.time(held.time()))
                .put("reasons", Json.list(held.reasons(), GitJson::reason))
                .put("held_at", Json.time(held.heldAt()))
                .put("rejected_by", held.rejectedBy())
                .put("rejected_at", Json.time(held.rejectedAt()));
    }

    private static JsonObject reason(HoldReason reason) {
        return new JsonObject()
                .put("rule", Texts.word(reason.rule()))
                .put("link", reason.linkId())
                .put("text", reason.text());
    }

    /** One sync with all it changed. */
    static JsonObject of(SyncDetail detail) {
        return new JsonObject()
                .put("sync", of(detail.sync()))
                .put("diff", detail.diff() == null ? null : of(detail.diff()));
    }

    private static JsonObject of(Diff diff) {
        return new JsonObject()
                .put("before", diff.before())
                .put("after", diff.after())
                .put("is_rewritten", diff.isRewritten())
                .put("links", Json.list(diff.links(), GitJson::link))
                .put("more_links", diff.moreLinks())
                .put("scripts", Json.list(diff.scripts(), GitJson::script))
                .put("more_scripts", diff.moreScripts())
                .put("commits", Json.list(diff.commits(), GitJson::commit))
                .put("more_commits", diff.moreCommits())
                .put("files", Json.texts(diff.files()))
                .put("more_files", diff.moreFiles());
    }

    private static JsonObject link(LinkChange link) {
        return new JsonObject()
                .put("id", link.id())
                .put("change", Texts.word(link.change()))
                .put("fields", Json.list(link.fields(), GitJson::field));
    }

    private static JsonObject script(ScriptChange script) {
        return new JsonObject()
                .put("id", script.id())
                .put("change", Texts.word(script.change()))
                .put("sha256_before", script.sha256Before())
                .put("sha256_after", script.sha256After())
                .put("fields", Json.list(script.fields(), GitJson::field));
    }

    private static JsonObject field(FieldChange field) {
        return new JsonObject()
                .put("field", field.field())
                .put("before", field.before())
                .put("after", field.after());
    }

    private static JsonObject commit(CommitLine commit) {
        return new JsonObject()
                .put("commit", commit.commit())
                .put("author", commit.author())
                .put("subject", commit.subject());
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
                .put("is_rewritten", sync.isRewritten())
                .put("commit", sync.commit())
                .put("held_commit", sync.heldCommit())
                .put("approved_by", sync.approvedBy())
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
