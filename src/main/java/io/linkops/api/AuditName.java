package io.linkops.api;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the audit calls an endpoint. The names follow from method and path, so no endpoint is without one; the table in
 * docs/AUDIT.md has all of them. Pure.
 *
 * @param action such as {@code links.host-key} or {@code users.create}
 * @param kind what it is done to, such as {@code links}
 * @param parts names of the path's parts that make up the id
 * @param isRead whether nothing is changed by it
 */
record AuditName(String action, String kind, List<String> parts, boolean isRead) {
    /**
     * Reads that are recorded: what links printed, what people typed, who has access, the audit itself. A log-in by a
     * provider is a read as well, and recorded by its route, which knows what came of it.
     */
    private static final Set<String> SENSITIVE = Set.of(
            "/api/audit",
            "/api/audit/export",
            "/api/operations/:id/events",
            "/api/operations/:id/executions/:execution/output",
            "/api/terminal/recordings",
            "/api/terminal/recordings/:id",
            "/api/terminal/recordings/:id/cast",
            "/api/terminal/workspaces/:id/ws",
            "/api/tokens",
            "/api/users");

    /** Questions that need a body, and passes for streams, whose opening is recorded. */
    private static final Set<String> CHANGE_NOTHING = Set.of("/api/tables/query", "/api/auth/ticket");

    AuditName {
        parts = List.copyOf(parts);
    }

    /** The names of those that are recorded. */
    static Map<Endpoint, AuditName> of(List<Endpoint> endpoints) {
        Set<String> collections = new HashSet<>();
        for (var endpoint : endpoints) {
            for (int at = endpoint.path().indexOf("/:");
                    at >= 0;
                    at = endpoint.path().indexOf("/:", at + 1)) {
                collections.add(endpoint.path().substring(0, at));
            }
        }
        Map<Endpoint, AuditName> names = new LinkedHashMap<>();
        endpoints.forEach(endpoint -> of(endpoint, collections).ifPresent(name -> names.put(endpoint, name)));
        return names;
    }

    private static Optional<AuditName> of(Endpoint endpoint, Set<String> collections) {
        var path = endpoint.path();
        boolean isRead = endpoint.method().equals(HttpMethod.GET);
        boolean isRecorded = isRead ? SENSITIVE.contains(path) : !CHANGE_NOTHING.contains(path);
        if (!endpoint.isApi() || !isRecorded) {
            return Optional.empty();
        }
        var segments = Arrays.asList(path.substring(Routes.API.length() + 1).split("/", -1));
        var words =
                segments.stream().filter(segment -> !segment.startsWith(":")).toList();
        var parts = segments.stream()
                .filter(segment -> segment.startsWith(":"))
                .map(segment -> segment.substring(1))
                .toList();
        boolean endsInPart = segments.getLast().startsWith(":");
        boolean isThing = endsInPart || collections.contains(path);
        return Optional.of(new AuditName(
                String.join(".", words) + verb(endpoint, endsInPart, isThing),
                kind(segments, words, isThing),
                parts,
                isRead));
    }

    private static String verb(Endpoint endpoint, boolean endsInPart, boolean isThing) {
        return switch (endpoint.method().name()) {
            case "GET" -> isThing || endpoint.path().equals("/api/audit") ? ".read" : "";
            case "PUT", "PATCH" -> ".update";
            case "DELETE" -> ".delete";
            default -> isThing && !endsInPart ? ".create" : "";
        };
    }

    /** What stands before the first part; without parts, before the verb. */
    private static String kind(List<String> segments, List<String> words, boolean isThing) {
        var before = new ArrayList<String>();
        for (var segment : segments) {
            if (segment.startsWith(":")) {
                return String.join(".", before);
            }
            before.add(segment);
        }
        return isThing || words.size() == 1
                ? String.join(".", words)
                : String.join(".", words.subList(0, words.size() - 1));
    }
}
