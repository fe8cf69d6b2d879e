package io.linkops.tables;

import static io.linkops.tables.Tables.CellType.DURATION;
import static io.linkops.tables.Tables.CellType.FLAG;
import static io.linkops.tables.Tables.CellType.JSON;
import static io.linkops.tables.Tables.CellType.LIST;
import static io.linkops.tables.Tables.CellType.NUMBER;
import static io.linkops.tables.Tables.CellType.TEXT;
import static io.linkops.tables.Tables.CellType.TIME;
import static io.linkops.tables.Tables.CellType.WORD;
import static io.linkops.tables.Tables.Direction.ASC;
import static io.linkops.tables.Tables.Direction.DESC;

import java.util.List;
import java.util.Optional;

/** Every table there is. The views of the same names are in {@code db/120_tables.sql}. */
final class Definitions {
    private static final Definition LINKS = Definition.named("tbl_links", "Links of the inventory, retired ones too")
            .key("id")
            .sorted(TEXT, "type", "provider", "host")
            .sorted(NUMBER, "port")
            .sorted(TEXT, "login_user")
            .unsorted(LIST, "tags")
            .sorted(TEXT, "proxy_jump", "key_ref")
            .sorted(WORD, "status", "enrollment")
            .sorted(TEXT, "enrollment_reason")
            .sorted(TIME, "verified_at", "last_seen")
            .sorted(DURATION, "latency_ms")
            .sorted(FLAG, "retired")
            .inOrderOf("id", ASC);

    private static final Definition OPERATIONS = Definition.named(
                    "tbl_operations", "Operations that are not over: queued or running")
            .key("id")
            .sorted(WORD, "kind", "status")
            .unsorted(LIST, "scripts", "selectors")
            .sorted(NUMBER, "targets", "concurrency")
            .sorted(TEXT, "git_commit", "started_by")
            .sorted(TIME, "queued_at", "started_at")
            .unsorted(JSON, "counts")
            .inOrderOf("queued_at", DESC);

    private static final Definition HISTORY = Definition.named("tbl_operations_history", "Operations that are over")
            .key("id")
            .sorted(WORD, "kind", "status")
            .unsorted(LIST, "scripts", "selectors")
            .sorted(NUMBER, "targets")
            .unsorted(NUMBER, "concurrency")
            .unsorted(TEXT, "git_commit")
            .sorted(TEXT, "started_by")
            .sorted(TIME, "queued_at")
            .unsorted(TIME, "started_at")
            .sorted(TIME, "ended_at")
            .sorted(DURATION, "duration_ms")
            .unsorted(JSON, "counts")
            .unsorted(TEXT, "reason")
            .path("kind", "status", "started_by")
            .large()
            .inOrderOf("queued_at", DESC);

    private static final Definition ACTIVITY = Definition.named(
                    "tbl_recent_activity", "The newest thousand operations and syncs of the repository")
            .key("id")
            .sorted(TIME, "at")
            .sorted(WORD, "activity", "result")
            .sorted(TEXT, "who", "what")
            .inOrderOf("at", DESC);

    private static final Definition INFRASTRUCTURE = Definition.named(
                    "tbl_infrastructure", "How many links of each type there are, and how they are")
            .key("type")
            .sorted(NUMBER, "total", "enrolled", "online", "offline", "unknown")
            .inOrderOf("type", ASC);

    private static final Definition HEALTH = Definition.named("tbl_link_health", "How each link answers")
            .key("link")
            .sorted(TEXT, "type")
            .sorted(WORD, "status")
            .sorted(TIME, "since", "checked_at", "last_seen")
            .sorted(DURATION, "latency_ms")
            .sorted(WORD, "latency")
            .sorted(TEXT, "stage", "hop", "reason", "error")
            .inOrderOf("link", ASC);

    private static final Definition SESSIONS = Definition.named(
                    "tbl_terminal_sessions", "Every shell that was opened in a terminal: who, where, when")
            .key("id")
            .unsorted(TEXT, "link", "username", "owner", "remote_address")
            .unsorted(TIME, "opened_at", "closed_at")
            .unsorted(TEXT, "end_reason")
            .unsorted(NUMBER, "exit_code", "bytes_in", "bytes_out")
            .unsorted(TEXT, "recording")
            .unsorted(NUMBER, "recording_bytes")
            .path("link", "username")
            .large()
            .restricted()
            .inOrderOf("id", DESC);

    private static final Definition PANES = Definition.named(
                    "tbl_terminal_panes", "Links assigned to the panes of open workspaces")
            .key("id")
            .sorted(TEXT, "owner")
            .sorted(WORD, "layout")
            .sorted(NUMBER, "pane")
            .sorted(TEXT, "link", "assigned_by")
            .sorted(TIME, "assigned_at")
            .restricted()
            .inOrderOf("id", ASC);

    static final List<Definition> ALL =
            List.of(LINKS, OPERATIONS, HISTORY, ACTIVITY, INFRASTRUCTURE, HEALTH, SESSIONS, PANES);

    private Definitions() {}

    static Optional<Definition> named(String name) {
        return ALL.stream().filter(table -> table.name().equals(name)).findFirst();
    }
}
