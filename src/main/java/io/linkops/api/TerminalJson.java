package io.linkops.api;

import io.linkops.terminal.Terminals.NamedWorkspace;
import io.linkops.terminal.Terminals.NamedWorkspaces;
import io.linkops.terminal.Terminals.Pane;
import io.linkops.terminal.Terminals.Recording;
import io.linkops.terminal.Terminals.Recordings;
import io.linkops.terminal.Terminals.Refusal;
import io.linkops.terminal.Terminals.ShareMode;
import io.linkops.terminal.Terminals.Workspace;
import io.linkops.terminal.Terminals.Workspaces;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Workspaces, panes and recordings as the API shows them, and the frames of their sockets. */
final class TerminalJson {
    private TerminalJson() {}

    static JsonObject of(Workspaces workspaces) {
        return new JsonObject()
                .put("workspaces", Json.list(workspaces.workspaces(), TerminalJson::of))
                .put("total", workspaces.workspaces().size());
    }

    static JsonObject of(Workspace workspace) {
        return new JsonObject()
                .put("id", workspace.id())
                .put("owner", workspace.owner())
                .put("name", workspace.name())
                .put("layout", Texts.word(workspace.layout()))
                .put("max_panes", workspace.maxPanes())
                .put("created_at", Json.time(workspace.createdAt()))
                .put("typist", workspace.typist())
                .put("shares", shares(workspace.shares()))
                .put("sockets", workspace.sockets())
                .put("panes", Json.list(workspace.panes(), TerminalJson::of))
                .put("ws", TerminalRoutes.path(workspace.id()) + "/ws");
    }

    static JsonObject of(NamedWorkspaces found) {
        return new JsonObject().put("named", Json.list(found.named(), TerminalJson::of));
    }

    private static JsonObject of(NamedWorkspace named) {
        return new JsonObject()
                .put("name", named.name())
                .put("layout", Texts.word(named.layout()))
                .put("links", new JsonArray(new ArrayList<>(named.links())))
                .put("changed_at", Json.time(named.changedAt()));
    }

    private static JsonArray shares(Map<String, ShareMode> shares) {
        return Json.list(
                new TreeMap<>(shares).entrySet(),
                share -> new JsonObject().put("user", share.getKey()).put("mode", Texts.word(share.getValue())));
    }

    private static JsonObject of(Pane pane) {
        return new JsonObject()
                .put("pane", pane.pane())
                .put("link", pane.link())
                .put("status", Texts.word(pane.status()))
                .put("start", pane.start())
                .put("end", pane.end())
                .put("cols", pane.cols())
                .put("rows", pane.rows())
                .put("session", pane.session())
                .put("reason", pane.reason())
                .put("error", pane.error())
                .put("exit_code", pane.exitCode());
    }

    static JsonObject of(Recordings page) {
        return new JsonObject()
                .put("recordings", Json.list(page.recordings(), TerminalJson::of))
                .put("next", page.next());
    }

    static JsonObject of(Recording recording) {
        return new JsonObject()
                .put("id", recording.id())
                .put("workspace", recording.workspace())
                .put("pane", recording.pane())
                .put("link", recording.link())
                .put("username", recording.username())
                .put("owner", recording.owner())
                .put("remote_address", recording.remoteAddress())
                .put("opened_at", Json.time(recording.openedAt()))
                .put("closed_at", Json.time(recording.closedAt()))
                .put("duration_ms", Json.millis(recording.openedAt(), recording.closedAt()))
                .put("reason", recording.reason())
                .put("exit_code", recording.exitCode())
                .put("bytes_in", recording.bytesIn())
                .put("bytes_out", recording.bytesOut())
                .put("size", recording.size())
                .put("cast", "/api/terminal/recordings/" + Json.inPath(recording.id()) + "/cast");
    }

    // ---- frames --------------------------------------------------------------------------------------------------

    static JsonObject greeting(Workspace workspace, String username) {
        return typist(workspace.typist(), username).put("workspace", of(workspace));
    }

    static JsonObject typist(String typist, String username) {
        return status().put("typist", typist).put("you_type", typist.equals(username));
    }

    static JsonObject status(Pane pane) {
        return new JsonObject().put("type", "status").mergeIn(of(pane));
    }

    static JsonObject gap(int pane, long from, long to) {
        return status().put("pane", pane)
                .put("gap", new JsonObject().put("from", from).put("to", to));
    }

    static JsonObject inputReady(int pane) {
        return status().put("pane", pane).put("input", "ready");
    }

    static JsonObject inputTaken(int pane) {
        return status().put("pane", pane).put("input", "taken");
    }

    static JsonObject error(Refusal refusal) {
        return error(
                refusal.pane(), refusal.isFull() ? "INPUT_FULL" : refusal.code().name(), refusal.message());
    }

    static JsonObject error(@Nullable Integer pane, String code, String message) {
        return new JsonObject()
                .put("type", "error")
                .put("pane", pane)
                .put("code", code)
                .put("message", message);
    }

    private static JsonObject status() {
        return new JsonObject().put("type", "status");
    }
}
