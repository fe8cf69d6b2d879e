package io.linkops.retention;

import java.util.Map;
import java.util.TreeMap;

/** What was removed. */
record Removed(long operations, long outputBytes, long sessions, long auditRows) {
    static final Removed NOTHING = new Removed(0, 0, 0, 0);

    Removed plus(Removed other) {
        return new Removed(
                operations + other.operations,
                outputBytes + other.outputBytes,
                sessions + other.sessions,
                auditRows + other.auditRows);
    }

    /** For the audit; what is zero is left out. */
    Map<String, String> details() {
        var details = new TreeMap<String, String>();
        put(details, "operations", operations);
        put(details, "output_bytes", outputBytes);
        put(details, "terminal_sessions", sessions);
        put(details, "audit_rows", auditRows);
        return details;
    }

    private static void put(Map<String, String> details, String name, long count) {
        if (count > 0) {
            details.put(name, Long.toString(count));
        }
    }
}
