package io.linkops.notifications;

import io.linkops.inventory.Inventory.LinkStatus;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How far each source was told: written together with what was made of it. */
final class ProgressStore {
    private final Database database;

    ProgressStore(Database database) {
        this.database = database;
    }

    /** Nothing before the first look. */
    Future<Optional<String>> cursor(String source) {
        return database.read("SELECT position FROM notification_cursors WHERE source = ?", source)
                .map(rows -> rows.stream().findFirst().map(row -> row.getString("position")));
    }

    static Statement cursor(String source, String position) {
        return Statement.of(
                "INSERT INTO notification_cursors (source, position) VALUES (?, ?)"
                        + " ON CONFLICT (source) DO UPDATE SET position = excluded.position",
                source,
                position);
    }

    Future<Set<String>> operations() {
        return database.read("SELECT operation_id FROM notification_operations").map(rows -> {
            Set<String> ids = new HashSet<>();
            rows.forEach(row -> ids.add(row.getString("operation_id")));
            return ids;
        });
    }

    static Statement operation(String id) {
        return Statement.of(
                "INSERT INTO notification_operations (operation_id) VALUES (?) ON CONFLICT (operation_id) DO NOTHING",
                id);
    }

    static Statement forgetOperations(String upTo) {
        return Statement.of("DELETE FROM notification_operations WHERE operation_id <= ?", upTo);
    }

    Future<Map<String, LinkStatus>> links() {
        return database.read("SELECT link_id, status FROM notification_links").map(rows -> {
            Map<String, LinkStatus> links = new HashMap<>();
            rows.forEach(row -> links.put(row.getString("link_id"), LinkStatus.valueOf(row.getString("status"))));
            return links;
        });
    }

    static Statement link(String id, LinkStatus status) {
        return Statement.of(
                "INSERT INTO notification_links (link_id, status) VALUES (?, ?)"
                        + " ON CONFLICT (link_id) DO UPDATE SET status = excluded.status",
                id,
                status.name());
    }

    static Statement forgetLink(String id) {
        return Statement.of("DELETE FROM notification_links WHERE link_id = ?", id);
    }
}
