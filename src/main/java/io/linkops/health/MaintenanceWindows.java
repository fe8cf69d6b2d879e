package io.linkops.health;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.health.Health.OpenWindow;
import io.linkops.health.Health.Window;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Maintenance windows: those that are not over in memory, all on disk first. For one event loop. */
final class MaintenanceWindows {
    private static final Duration LONGEST = Duration.ofDays(366);
    /** What is over is remembered for a while: the clock may go back. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private static final int MOST = 1_000;

    private final Database database;
    private final Map<String, Window> open = new HashMap<>();

    MaintenanceWindows(Database database) {
        this.database = database;
    }

    Future<Void> load(Instant now) {
        return database.read("SELECT * FROM maintenance_windows WHERE ends_at > ?", now.toEpochMilli())
                .map(rows -> {
                    rows.stream().map(MaintenanceWindows::window).forEach(window -> open.put(window.id(), window));
                    return null;
                });
    }

    /** The links that are in a window at this moment, sorted. */
    List<String> links(Instant now) {
        open.values().removeIf(window -> !window.until().isAfter(now.minus(REMEMBERED)));
        var links = new TreeSet<String>();
        open.values().stream().filter(window -> isOpen(window, now)).forEach(window -> links.addAll(window.links()));
        return List.copyOf(links);
    }

    private static boolean isOpen(Window window, Instant now) {
        return !window.from().isAfter(now) && window.until().isAfter(now);
    }

    Future<Window> open(OpenWindow wish, String id, List<String> links, Instant now) {
        var from = wish.from() == null ? now : wish.from();
        refuseUnfit(wish, from, now);
        var window =
                new Window(id, wish.targets(), links, from, wish.until(), wish.reason(), wish.createdBy(), now, null);
        return database.write(insert(window)).map(_ -> {
            open.put(id, window);
            return window;
        });
    }

    private void refuseUnfit(OpenWindow wish, Instant from, Instant now) {
        var problems = new HashMap<String, String>();
        if (!wish.until().isAfter(now)) {
            problems.put("until", "must be in the future");
        } else if (!wish.until().isAfter(from)) {
            problems.put("until", "must be after from");
        } else if (Duration.between(from, wish.until()).compareTo(LONGEST) > 0) {
            problems.put("until", "must not be more than " + LONGEST.toDays() + " days after from");
        }
        if (!problems.isEmpty()) {
            var first = problems.entrySet().iterator().next();
            throw new Failure(
                    ErrorCode.VALIDATION_FAILED,
                    first.getKey() + ": " + first.getValue(),
                    Map.of("fields", Map.copyOf(problems)));
        }
        if (open.values().stream().filter(window -> window.until().isAfter(now)).count() >= MOST) {
            throw new Failure(
                    ErrorCode.CONFLICT, "There are " + MOST + " maintenance windows already; end some of them first");
        }
    }

    Future<Window> end(String id, String endedBy, Instant now) {
        return find(id).compose(window -> {
            if (!window.until().isAfter(now)) {
                throw new Failure(ErrorCode.CONFLICT, "Maintenance window " + id + " is over already");
            }
            var from = window.from().isAfter(now) ? now : window.from();
            var ended = new Window(
                    id,
                    window.targets(),
                    window.links(),
                    from,
                    now,
                    window.reason(),
                    window.createdBy(),
                    window.createdAt(),
                    endedBy);
            return database.write(Statement.of(
                            "UPDATE maintenance_windows SET begins_at = ?, ends_at = ?, ended_by = ? WHERE id = ?",
                            from.toEpochMilli(),
                            now.toEpochMilli(),
                            endedBy,
                            id))
                    .map(_ -> {
                        open.remove(id);
                        return ended;
                    });
        });
    }

    private Future<Window> find(String id) {
        return database.read("SELECT * FROM maintenance_windows WHERE id = ?", id)
                .map(rows -> {
                    if (rows.isEmpty()) {
                        throw new Failure(ErrorCode.NOT_FOUND, "There is no maintenance window " + id);
                    }
                    return window(rows.getFirst());
                });
    }

    Future<List<Window>> list(boolean withPast, Instant now) {
        return database.read(
                        "SELECT * FROM maintenance_windows WHERE ends_at > ? ORDER BY begins_at DESC, id DESC LIMIT ?",
                        withPast ? Long.MIN_VALUE : now.toEpochMilli(),
                        MOST)
                .map(rows -> rows.stream()
                        .map(MaintenanceWindows::window)
                        .sorted(Comparator.comparing(Window::from).thenComparing(Window::id))
                        .collect(Collectors.toCollection(ArrayList::new)));
    }

    private static Statement insert(Window window) {
        return Statement.of(
                "INSERT INTO maintenance_windows (id, targets, links, begins_at, ends_at, reason, created_by,"
                        + " created_at, ended_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                window.id(),
                new JsonArray(window.targets()).encode(),
                new JsonArray(window.links()).encode(),
                window.from().toEpochMilli(),
                window.until().toEpochMilli(),
                window.reason(),
                window.createdBy(),
                window.createdAt().toEpochMilli(),
                window.endedBy());
    }

    private static Window window(Row row) {
        return new Window(
                row.getString("id"),
                texts(row.getString("targets")),
                texts(row.getString("links")),
                Instant.ofEpochMilli(row.getLong("begins_at")),
                Instant.ofEpochMilli(row.getLong("ends_at")),
                row.getString("reason"),
                row.getString("created_by"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("ended_by"));
    }

    private static List<String> texts(@Nullable String json) {
        return new JsonArray(json).stream().map(String.class::cast).toList();
    }
}
