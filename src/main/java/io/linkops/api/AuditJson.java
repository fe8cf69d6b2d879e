package io.linkops.api;

import io.linkops.audit.Audit.Page;
import io.linkops.audit.Audit.Row;
import io.vertx.core.json.JsonObject;

/** The audit as JSON. */
final class AuditJson {
    private AuditJson() {}

    static JsonObject of(Page page) {
        return new JsonObject()
                .put("rows", Json.list(page.rows(), AuditJson::of))
                .put("next", page.next())
                .put("head", page.head().toString());
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
