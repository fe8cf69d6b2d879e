package io.linkops.terminal;

import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.linkops.terminal.Terminals.Assignment;
import io.linkops.terminal.Terminals.Layout;
import io.linkops.terminal.Terminals.NamedWorkspace;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The SQL of what is remembered of workspaces that have a name: one row for each name of each owner. */
final class NamedWorkspaceStore {
    private final Database database;

    NamedWorkspaceStore(Database database) {
        this.database = database;
    }

    static Statement remember(ActiveWorkspace workspace, String name, Instant now) {
        return Statement.of(
                "INSERT INTO terminal_named (owner, name, layout, changed_at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (owner, name) DO UPDATE SET layout = excluded.layout,"
                        + " changed_at = excluded.changed_at",
                workspace.owner(),
                name,
                workspace.layout().name(),
                now.toEpochMilli());
    }

    static List<Statement> remember(ActiveWorkspace workspace, String name, Assignment pane) {
        List<Statement> statements = new ArrayList<>();
        statements.add(Statement.of(
                "DELETE FROM terminal_named_panes WHERE owner = ? AND name = ? AND pane = ?",
                workspace.owner(),
                name,
                pane.pane()));
        if (pane.link() != null) {
            statements.add(Statement.of(
                    "INSERT INTO terminal_named_panes (owner, name, pane, link) VALUES (?, ?, ?, ?)",
                    workspace.owner(),
                    name,
                    pane.pane(),
                    pane.link()));
        }
        return statements;
    }

    /** By name. */
    Future<List<NamedWorkspace>> of(String owner) {
        return database.read("SELECT * FROM terminal_named_panes WHERE owner = ? ORDER BY name, pane", owner)
                .compose(panes -> database.read("SELECT * FROM terminal_named WHERE owner = ? ORDER BY name", owner)
                        .map(rows -> rows.stream()
                                .map(row -> named(
                                        row,
                                        panes.stream()
                                                .filter(pane ->
                                                        pane.getString("name").equals(row.getString("name")))
                                                .toList()))
                                .toList()));
    }

    private static NamedWorkspace named(Row row, List<Row> panes) {
        var layout = Layout.valueOf(row.getString("layout"));
        var links = new String[layout.panes()];
        for (var pane : panes) {
            int number = pane.getInteger("pane");
            if (number < links.length) {
                links[number] = pane.getString("link");
            }
        }
        return new NamedWorkspace(
                row.getString("name"), layout, Arrays.asList(links), Instant.ofEpochMilli(row.getLong("changed_at")));
    }

    /** The workspace is called so from now on; what was remembered under its name before moves along. */
    Future<Void> name(ActiveWorkspace workspace, String name, Instant now) {
        var statements = new ArrayList<Statement>();
        var before = workspace.name();
        if (before != null) {
            statements.add(Statement.of(
                    "UPDATE terminal_named SET name = ? WHERE owner = ? AND name = ?",
                    name,
                    workspace.owner(),
                    before));
            statements.add(Statement.of(
                    "UPDATE terminal_named_panes SET name = ? WHERE owner = ? AND name = ?",
                    name,
                    workspace.owner(),
                    before));
        } else {
            for (var pane : workspace.panes()) {
                statements.addAll(remember(workspace, name, new Assignment(pane.number(), pane.link())));
            }
        }
        statements.add(remember(workspace, name, now));
        statements.add(Statement.of("UPDATE terminal_workspaces SET name = ? WHERE id = ?", name, workspace.id()));
        return database.write(statements);
    }

    Future<Void> forget(String owner, String name) {
        return database.write(
                Statement.of("DELETE FROM terminal_named WHERE owner = ? AND name = ?", owner, name),
                Statement.of("DELETE FROM terminal_named_panes WHERE owner = ? AND name = ?", owner, name),
                Statement.of(
                        "UPDATE terminal_workspaces SET name = NULL WHERE owner = ? AND name = ?"
                                + " AND closed_at IS NULL",
                        owner,
                        name));
    }
}
