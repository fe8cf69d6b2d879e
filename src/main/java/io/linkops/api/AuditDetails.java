package io.linkops.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the audit tells of a request's body: the names of its fields, and the values of those that never hold a secret.
 * Arguments, parameters, passwords, addresses of receivers are not among them. Pure.
 */
final class AuditDetails {
    private static final int LONGEST_BODY = 64 * 1024;
    private static final int LONGEST = 100;
    private static final int MOST = 20;
    private static final Set<String> HARMLESS = Set.of(
            "commit",
            "concurrency",
            "dry_run",
            "enabled",
            "expires_at",
            "fingerprint",
            "is_disabled",
            "is_enabled",
            "kind",
            "layout",
            "links",
            "mode",
            "name",
            "on_failure",
            "role",
            "scripts",
            "statuses",
            "targets",
            "topics",
            "user",
            "username");

    private AuditDetails() {}

    static Map<String, String> of(@Nullable Buffer body) {
        if (body == null || body.length() == 0) {
            return Map.of();
        }
        if (body.length() > LONGEST_BODY) {
            return Map.of("body_bytes", Integer.toString(body.length()));
        }
        try {
            return of(body.toJsonObject());
        } catch (DecodeException | ClassCastException e) {
            return Map.of("body_bytes", Integer.toString(body.length()));
        }
    }

    private static Map<String, String> of(@Nullable JsonObject body) {
        if (body == null) {
            return Map.of();
        }
        var details = new TreeMap<String, String>();
        for (var field : body) {
            var shown = HARMLESS.contains(field.getKey()) ? shown(field.getValue()) : null;
            if (shown != null) {
                details.put(field.getKey(), shown);
            }
        }
        details.put(
                "fields",
                body.fieldNames().stream()
                        .sorted()
                        .limit(MOST)
                        .map(AuditDetails::cut)
                        .collect(Collectors.joining(",")));
        return details;
    }

    private static @Nullable String shown(@Nullable Object value) {
        return switch (value) {
            case String text -> cut(text);
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            case JsonArray list ->
                list.stream()
                                .limit(MOST)
                                .map(each -> each instanceof String text ? cut(text) : "…")
                                .collect(Collectors.joining(","))
                        + (list.size() > MOST ? ",… (" + list.size() + ")" : "");
            case null, default -> null;
        };
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }
}
