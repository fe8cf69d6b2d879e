package io.linkops.api;

import java.util.Map;

/**
 * What an endpoint is to somebody with a scope (decision 15). An endpoint that is not in the list here is refused to
 * them, so a new one is closed until somebody has thought about it.
 */
enum ScopeRule {
    /** Not for anybody with a scope: it is about the whole fleet, or makes more of it. */
    CLOSED,
    /** It has nothing to do with links or scripts. */
    FREE,
    /** The handler shows and takes only what is in {@link Call#reach}. */
    HELD,
    /** The link {@code :id} must be in reach. */
    LINK,
    /** The script {@code :id} must be in reach. */
    SCRIPT,
    /** All that the operation {@code :id} touches must be in reach. */
    OPERATION,
    /** All that the schedule {@code :id} touches must be in reach, if there is one. */
    SCHEDULE,
    /** All links of the maintenance window {@code :id} must be in reach. */
    WINDOW,
    /** A shell runs anything: not for who may run certain scripts only. The room looks at the links. */
    TERMINAL;

    private static final Map<String, ScopeRule> RULES = Map.ofEntries(
            Map.entry("POST /api/auth/logout", FREE),
            Map.entry("GET /api/auth/me", FREE),
            Map.entry("POST /api/auth/password", FREE),
            Map.entry("POST /api/auth/ticket", FREE),
            Map.entry("GET /api/tokens", HELD),
            Map.entry("POST /api/tokens", HELD),
            Map.entry("DELETE /api/tokens/:id", HELD),
            Map.entry("GET /api/links", HELD),
            Map.entry("POST /api/links/verify", HELD),
            Map.entry("POST /api/links/check", HELD),
            Map.entry("GET /api/links/:id", LINK),
            Map.entry("POST /api/links/:id/verify", LINK),
            Map.entry("POST /api/links/:id/enroll", LINK),
            Map.entry("POST /api/links/:id/host-key", LINK),
            Map.entry("POST /api/links/:id/check", LINK),
            Map.entry("GET /api/links/:id/health", LINK),
            Map.entry("GET /api/scripts", HELD),
            Map.entry("GET /api/scripts/:id", SCRIPT),
            Map.entry("GET /api/maintenance", HELD),
            Map.entry("POST /api/maintenance", HELD),
            Map.entry("POST /api/maintenance/:id/end", WINDOW),
            Map.entry("POST /api/operations/run", HELD),
            Map.entry("POST /api/operations/preflight", HELD),
            Map.entry("GET /api/operations", HELD),
            Map.entry("GET /api/operations/:id", OPERATION),
            Map.entry("GET /api/operations/:id/executions/:execution/output", OPERATION),
            Map.entry("GET /api/operations/:id/groups", OPERATION),
            Map.entry("POST /api/operations/:id/stop", OPERATION),
            Map.entry("POST /api/operations/:id/pause", OPERATION),
            Map.entry("POST /api/operations/:id/resume", OPERATION),
            Map.entry("POST /api/operations/:id/retry", OPERATION),
            Map.entry("GET /api/operations/:id/events", OPERATION),
            Map.entry("GET /api/events", HELD),
            Map.entry("GET /api/git/status", HELD),
            Map.entry("GET /api/tables", FREE),
            Map.entry("POST /api/tables/query", HELD),
            Map.entry("GET /api/schedules", HELD),
            Map.entry("GET /api/schedules/preview", FREE),
            Map.entry("GET /api/schedules/:id", SCHEDULE),
            Map.entry("GET /api/schedules/:id/firings", SCHEDULE),
            Map.entry("PUT /api/schedules/:id", SCHEDULE),
            Map.entry("DELETE /api/schedules/:id", SCHEDULE),
            Map.entry("POST /api/schedules/:id/enabled", SCHEDULE),
            Map.entry("POST /api/schedules/:id/run", SCHEDULE),
            Map.entry("POST /api/terminal/workspaces", TERMINAL),
            Map.entry("GET /api/terminal/workspaces", TERMINAL),
            Map.entry("GET /api/terminal/workspaces/:id", TERMINAL),
            Map.entry("PUT /api/terminal/workspaces/:id/name", TERMINAL),
            Map.entry("GET /api/terminal/named", TERMINAL),
            Map.entry("DELETE /api/terminal/named/:name", TERMINAL),
            Map.entry("PUT /api/terminal/workspaces/:id/panes", TERMINAL),
            Map.entry("POST /api/terminal/workspaces/:id/connect-all", TERMINAL),
            Map.entry("DELETE /api/terminal/workspaces/:id", TERMINAL),
            Map.entry("POST /api/terminal/workspaces/:id/shares", TERMINAL),
            Map.entry("DELETE /api/terminal/workspaces/:id/shares/:user", TERMINAL),
            Map.entry("POST /api/terminal/workspaces/:id/take-over", TERMINAL),
            Map.entry("GET /api/terminal/workspaces/:id/ws", TERMINAL),
            Map.entry("GET /api/terminal/recordings", TERMINAL),
            Map.entry("GET /api/terminal/recordings/:id", TERMINAL),
            Map.entry("GET /api/terminal/recordings/:id/cast", TERMINAL),
            Map.entry("DELETE /api/terminal/recordings/:id", TERMINAL));

    static ScopeRule of(Endpoint endpoint) {
        return endpoint.access() == Access.OPEN
                ? FREE
                : RULES.getOrDefault(endpoint.method().name() + " " + endpoint.path(), CLOSED);
    }

    /** {@code METHOD /path} of all that is not closed; a test holds them against the router. */
    static java.util.Set<String> listed() {
        return RULES.keySet();
    }
}
