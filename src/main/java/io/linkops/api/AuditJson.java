package io.linkops.api;

import io.linkops.audit.Audit;
import io.linkops.audit.Audit.Page;
import io.linkops.audit.Audit.Row;
import io.linkops.retention.Retention;
import io.vertx.core.json.JsonObject;

/** The audit as JSON. */
final class AuditJson {
    private AuditJson() {}

    static JsonObject of(Audit.Anchor head) {
        return new JsonObject().put("sequence", head.sequence()).put("head", head.toString());
    }

    static JsonObject of(Page page) {
        return new JsonObject()
                .put("rows", Json.list(page.rows(), AuditJson::of))
                .put("next", page.next())
                .put("head", page.head().toString());
    }

    static JsonObject of(Retention.Status status) {
        return new JsonObject()
                .put("swept_at", Json.time(status.sweptAt()))
                .put("problem", status.problem())
                .put("operations", status.operations())
                .put("output_bytes", status.outputBytes())
                .put("terminal_sessions", status.terminalSessions())
                .put("audit_rows", status.auditRows())
                .put("file_bytes", status.fileBytes())
                .put("free_bytes", status.freeBytes())
                .put("reclaimed_bytes", status.reclaimedBytes())
                .put("is_reclaimable", status.isReclaimable());
    }

    private static JsonObject of(Row row) {
        var entry = row.entry();
        var details = new JsonObject();
        entry.details().forEach(details::put);
        return new JsonObject()
                .put("sequence", row.sequence())
                .put("at", Json.time(row.at()))
                .put("user", entry.who().user())
                .put("token_id", entry.who().tokenId())
                .put("auth", Texts.word(entry.who().auth()))
                .put("address", entry.who().address())
                .put("action", entry.action())
                .put("kind", entry.kind())
                .put("resource", entry.resource())
                .put("details", details)
                .put("result", entry.result())
                .put("request_id", entry.requestId())
                .put("seal", row.seal());
    }
}
