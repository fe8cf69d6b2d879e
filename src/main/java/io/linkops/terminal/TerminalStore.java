package io.linkops.terminal;

import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.linkops.terminal.Terminals.Recording;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL of workspaces, panes, shells and their recordings. */
final class TerminalStore {
    private final Database database;

    TerminalStore(Database database) {
        this.database = database;
    }

    // ---- workspaces ----------------------------------------------------------------------------------------------

    Future<Void> insert(ActiveWorkspace workspace) {
        List<Statement> statements = new ArrayList<>();
        statements.add(Statement.of(
                "INSERT INTO terminal_workspaces (id, owner, name, layout, max_panes, created_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                workspace.id(),
                workspace.owner(),
                workspace.name(),
                workspace.layout().name(),
                workspace.panes().size(),
                workspace.createdAt().toEpochMilli()));
        var name = workspace.name();
        if (name != null) {
            statements.add(NamedWorkspaceStore.remember(workspace, name, workspace.createdAt()));
        }
        return database.write(statements);
    }

    Future<Void> assign(ActiveWorkspace workspace, List<Terminals.Assignment> panes, String username, Instant now) {
        List<Statement> statements = new ArrayList<>();
        var name = workspace.name();
        if (name != null) {
            statements.add(NamedWorkspaceStore.remember(workspace, name, now));
            panes.forEach(pane -> statements.addAll(NamedWorkspaceStore.remember(workspace, name, pane)));
        }
        for (var pane : panes) {
            statements.add(Statement.of(
                    "DELETE FROM terminal_panes WHERE workspace_id = ? AND pane = ?", workspace.id(), pane.pane()));
        }
        for (var pane : panes) {
            if (pane.link() != null) {
                statements.add(Statement.of(
                        "INSERT INTO terminal_panes (workspace_id, pane, link, assigned_at, assigned_by)"
                                + " VALUES (?, ?, ?, ?, ?)",
                        workspace.id(),
                        pane.pane(),
                        pane.link(),
                        now.toEpochMilli(),
                        username));
            }
        }
        return database.write(statements);
    }

    Future<Void> close(String workspace, String reason, Instant now) {
        return database.write(
                Statement.of("DELETE FROM terminal_panes WHERE workspace_id = ?", workspace),
                Statement.of(
                        "UPDATE terminal_workspaces SET closed_at = ?, end_reason = ? WHERE id = ?",
                        now.toEpochMilli(),
                        reason,
                        workspace));
    }

    // ---- shells --------------------------------------------------------------------------------------------------

    Future<Void> insert(Recording shell, boolean isRecorded) {
        return database.write(Statement.of(
                "INSERT INTO terminal_sessions (id, workspace_id, pane, link, username, owner, remote_address,"
                        + " opened_at, bytes_in, bytes_out, recording) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)",
                shell.id(),
                shell.workspace(),
                shell.pane(),
                shell.link(),
                shell.username(),
                shell.owner(),
                shell.remoteAddress(),
                shell.openedAt().toEpochMilli(),
                isRecorded ? shell.id() + ".cast" : null));
    }

    Future<Void> closeShell(
            String id,
            String reason,
            @Nullable Integer exitCode,
            long bytesIn,
            long bytesOut,
            @Nullable Long size,
            Instant now) {
        return database.write(Statement.of(
                "UPDATE terminal_sessions SET closed_at = ?, end_reason = ?, exit_code = ?, bytes_in = ?,"
                        + " bytes_out = ?, recording_bytes = ? WHERE id = ?",
                now.toEpochMilli(),
                reason,
                exitCode,
                bytesIn,
                bytesOut,
                size,
                id));
    }

    /** Recorded shells that a crash left open. */
    Future<List<String>> openRecordings() {
        return database.read("SELECT id FROM terminal_sessions WHERE closed_at IS NULL AND recording IS NOT NULL")
                .map(rows -> rows.stream().map(row -> row.getString("id")).toList());
    }

    /** Nothing of the last start is open any more. */
    Future<Void> closeAll(List<Statement> sizes, Instant now) {
        List<Statement> statements = new ArrayList<>(sizes);
        statements.add(Statement.of(
                "UPDATE terminal_sessions SET closed_at = ?, end_reason = 'interrupted' WHERE closed_at IS NULL",
                now.toEpochMilli()));
        statements.add(Statement.of("DELETE FROM terminal_panes"));
        statements.add(Statement.of(
                "UPDATE terminal_workspaces SET closed_at = ?, end_reason = 'interrupted' WHERE closed_at IS NULL",
                now.toEpochMilli()));
        return database.write(statements);
    }

    static Statement size(String id, long bytes) {
        return Statement.of("UPDATE terminal_sessions SET recording_bytes = ? WHERE id = ?", bytes, id);
    }

    // ---- recordings ----------------------------------------------------------------------------------------------

    /** Newest first, from the first one older than {@code before}; one user's, or all. */
    Future<List<Recording>> recordings(@Nullable String username, @Nullable String before, int limit) {
        // No id is greater than this one: they are made of digits and small letters.
        var from = before == null ? "~" : before;
        var rows = username == null
                ? database.read(
                        "SELECT * FROM terminal_sessions WHERE recording IS NOT NULL AND id < ? ORDER BY id DESC LIMIT"
                                + " ?",
                        from,
                        limit)
                : database.read(
                        "SELECT * FROM terminal_sessions WHERE recording IS NOT NULL AND id < ?"
                                + " AND (username = ? OR owner = ?) ORDER BY id DESC LIMIT ?",
                        from,
                        username,
                        username,
                        limit);
        return rows.map(found -> found.stream().map(TerminalStore::recording).toList());
    }

    Future<Optional<Recording>> recording(String id) {
        return database.read("SELECT * FROM terminal_sessions WHERE recording IS NOT NULL AND id = ?", id)
                .map(rows -> rows.stream().findFirst().map(TerminalStore::recording));
    }

    /** Removes some that ended before then. @return how many */
    Future<Integer> forget(Instant endedBefore, int limit) {
        return database.read(
                        "SELECT id FROM terminal_sessions WHERE closed_at < ? AND recording IS NULL ORDER BY id LIMIT"
                                + " ?",
                        endedBefore.toEpochMilli(),
                        limit)
                .compose(rows -> rows.isEmpty()
                        ? Future.succeededFuture(0)
                        : database.write(rows.stream()
                                        .map(row -> Statement.of(
                                                "DELETE FROM terminal_sessions WHERE id = ?", row.getString("id")))
                                        .toList())
                                .map(_ -> rows.size()));
    }

    /** Those whose shell has ended, newest first: what retention looks at. */
    Future<List<RetentionPlan.Kept>> kept() {
        return database.read("SELECT id, closed_at, recording_bytes FROM terminal_sessions"
                        + " WHERE recording IS NOT NULL AND closed_at IS NOT NULL ORDER BY id DESC")
                .map(rows -> rows.stream()
                        .map(row -> new RetentionPlan.Kept(
                                row.getString("id"),
                                Instant.ofEpochMilli(row.getLong("closed_at")),
                                row.getLong("recording_bytes") == null ? 0 : row.getLong("recording_bytes")))
                        .toList());
    }

    /** The shell stays in the history; its recording is gone. */
    Future<Void> forgetRecording(String id) {
        return database.write(
                Statement.of("UPDATE terminal_sessions SET recording = NULL, recording_bytes = NULL WHERE id = ?", id));
    }

    private static Recording recording(Row row) {
        return new Recording(
                row.getString("id"),
                row.getString("workspace_id"),
                row.getInteger("pane"),
                row.getString("link"),
                row.getString("username"),
                row.getString("owner"),
                row.getString("remote_address"),
                Instant.ofEpochMilli(row.getLong("opened_at")),
                row.getLong("closed_at") == null ? null : Instant.ofEpochMilli(row.getLong("closed_at")),
                row.getString("end_reason"),
                row.getInteger("exit_code"),
                row.getLong("bytes_in"),
                row.getLong("bytes_out"),
                row.getLong("recording_bytes"));
    }
}
