package io.linkops.inventory;

import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.EnrollmentStatus;
import io.linkops.inventory.Inventory.Health;
import io.linkops.inventory.Inventory.Link;
import io.linkops.store.Statement;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A link as a row of the table {@code links}. */
final class LinkRows {
    private static final String DESCRIBE = """
        INSERT INTO links (id, type, provider, host, port, login_user, tags, client_id, client_id_path, key_ref,
          proxy_jump, host_key, metadata, is_retired, enrollment_status, client_id_found, client_id_matches, reset_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'UNVERIFIED', 0, 0, ?)
        ON CONFLICT (id) DO UPDATE SET type = excluded.type, provider = excluded.provider, host = excluded.host,
          port = excluded.port, login_user = excluded.login_user, tags = excluded.tags,
          client_id = excluded.client_id, client_id_path = excluded.client_id_path, key_ref = excluded.key_ref,
          proxy_jump = excluded.proxy_jump, host_key = excluded.host_key, metadata = excluded.metadata,
          is_retired = excluded.is_retired\
        """;

    private static final String RESET = """
        UPDATE links SET enrollment_status = 'UNVERIFIED', client_id_found = 0, client_id_matches = 0,
          enrollment_reason = NULL, enrollment_error = NULL, verified_at = NULL, offered_host_key = NULL,
          latency_millis = NULL, health = NULL, reset_at = ?
        WHERE id = ?\
        """;

    /** A function of what was seen alone, so that it is right whatever was written in between. */
    private static final String SEE = """
        UPDATE links SET enrollment_status = ?, client_id_found = ?, client_id_matches = ?, enrollment_reason = ?,
          enrollment_error = ?, verified_at = ?, last_seen = COALESCE(?, last_seen),
          latency_millis = COALESCE(?, latency_millis), health = NULL,
          offered_host_key = CASE WHEN ? = 1 THEN ? ELSE offered_host_key END
        WHERE id = ? AND reset_at <= ?\
        """;

    private static final String TELL = """
        UPDATE links SET health = ?, last_seen = COALESCE(?, last_seen) WHERE id = ? AND reset_at <= ?\
        """;

    private static final String CONFIRM = """
        UPDATE links SET confirmed_host_key = ?, confirmed_by = ?, confirmed_at = ? WHERE id = ?\
        """;

    private LinkRows() {}

    static Statement described(KnownLink known) {
        var link = known.link();
        return Statement.of(
                DESCRIBE,
                link.id(),
                link.type(),
                link.provider(),
                link.host(),
                link.port(),
                link.user(),
                new JsonArray(link.tags()).encode(),
                link.clientId(),
                link.clientIdPath(),
                link.keyRef(),
                link.proxyJump(),
                link.hostKey(),
                new JsonObject(new HashMap<>(link.metadata())).encode(),
                known.isRetired(),
                known.resetAt().toEpochMilli());
    }

    /** Voids what was seen. */
    static Statement reset(String linkId, Instant now) {
        return Statement.of(RESET, now.toEpochMilli(), linkId);
    }

    static Statement seen(Sighting sighting) {
        var enrollment = sighting.enrollment();
        var verifiedAt = millis(enrollment.verifiedAt());
        return Statement.of(
                SEE,
                enrollment.status().name(),
                enrollment.clientIdFound(),
                enrollment.clientIdMatches(),
                enrollment.reason(),
                enrollment.error(),
                verifiedAt,
                sighting.isOnline() ? verifiedAt : null,
                sighting.latencyMillis(),
                sighting.tellsOfHostKey(),
                sighting.offeredHostKey(),
                sighting.linkId(),
                verifiedAt == null ? Long.valueOf(Long.MAX_VALUE) : verifiedAt);
    }

    static Statement told(String linkId, Health health, @Nullable Instant seenAt) {
        return Statement.of(
                TELL,
                HealthText.of(health),
                millis(seenAt),
                linkId,
                health.checkedAt().toEpochMilli());
    }

    static Statement confirmed(String linkId, String fingerprint, String confirmedBy, Instant now) {
        return Statement.of(CONFIRM, fingerprint, confirmedBy, now.toEpochMilli(), linkId);
    }

    static KnownLink link(Row row) {
        var enrollment = new Enrollment(
                EnrollmentStatus.valueOf(row.getString("enrollment_status")),
                row.getLong("client_id_found") != 0,
                row.getLong("client_id_matches") != 0,
                row.getString("enrollment_reason"),
                row.getString("enrollment_error"),
                instant(row.getLong("verified_at")));
        return new KnownLink(
                description(row),
                row.getLong("is_retired") != 0,
                enrollment,
                Instant.ofEpochMilli(row.getLong("reset_at")),
                row.getString("offered_host_key"),
                row.getString("confirmed_host_key"),
                instant(row.getLong("last_seen")),
                row.getLong("latency_millis"),
                HealthText.read(row.getString("health")));
    }

    private static Link description(Row row) {
        return new Link(
                row.getString("id"),
                row.getString("type"),
                row.getString("provider"),
                row.getString("host"),
                row.getInteger("port"),
                row.getString("login_user"),
                texts(row.getString("tags")),
                row.getString("client_id"),
                row.getString("client_id_path"),
                row.getString("key_ref"),
                row.getString("proxy_jump"),
                row.getString("host_key"),
                metadata(row.getString("metadata")));
    }

    static List<String> texts(String json) {
        return new JsonArray(json).stream().map(String.class::cast).toList();
    }

    private static Map<String, String> metadata(String json) {
        var texts = new HashMap<String, String>();
        new JsonObject(json).forEach(entry -> texts.put(entry.getKey(), (String) entry.getValue()));
        return texts;
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    private static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
