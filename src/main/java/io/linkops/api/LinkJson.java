package io.linkops.api;

import io.linkops.inventory.Inventory.EnrollStep;
import io.linkops.inventory.Inventory.Enrolling;
import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.LinkState;
import io.linkops.inventory.Inventory.Links;
import io.vertx.core.json.JsonObject;
import java.util.TreeMap;

/** Links as the API shows them. */
final class LinkJson {
    private LinkJson() {}

    static JsonObject of(Links links) {
        return new JsonObject()
                .put("links", Json.list(links.links(), LinkJson::of))
                .put("total", links.links().size());
    }

    static JsonObject of(LinkState state) {
        var link = state.link();
        return new JsonObject()
                .put("id", link.id())
                .put("type", link.type())
                .put("provider", link.provider())
                .put("host", link.host())
                .put("port", link.port())
                .put("user", link.user())
                .put("tags", Json.texts(link.tags()))
                .put("metadata", new JsonObject(new TreeMap<>(link.metadata())))
                .put("retired", state.isRetired())
                .put("enrollment", enrollment(link, state.enrollment()))
                .put("ssh", ssh(link))
                .put("host_key", hostKey(state))
                .put("health", health(state));
    }

    /** The result of a verification. */
    static JsonObject of(Enrollment enrollment) {
        return look(new JsonObject().put("enrolled", enrollment.isEnrolled()), enrollment);
    }

    /** What an enrollment came to. */
    static JsonObject of(Enrolling enrolling) {
        return new JsonObject()
                .put("enrolled", enrolling.enrollment().isEnrolled())
                .put("replaced", enrolling.replaced())
                .put("steps", Json.list(enrolling.steps(), LinkJson::step))
                .put("verification", of(enrolling.enrollment()));
    }

    private static JsonObject step(EnrollStep step) {
        return new JsonObject()
                .put("step", Texts.word(step.stage()))
                .put("ok", step.isOk())
                .put("message", step.message());
    }

    private static JsonObject enrollment(Link link, Enrollment enrollment) {
        return look(
                new JsonObject()
                        .put("status", Texts.word(enrollment.status()))
                        .put("client_id", link.clientId())
                        .put("path", link.clientIdPath()),
                enrollment);
    }

    private static JsonObject look(JsonObject json, Enrollment enrollment) {
        return json.put("client_id_found", enrollment.clientIdFound())
                .put("client_id_matches", enrollment.clientIdMatches())
                .put("reason", enrollment.reason())
                .put("error", enrollment.error())
                .put("verified_at", Json.time(enrollment.verifiedAt()));
    }

    private static JsonObject ssh(Link link) {
        return new JsonObject()
                .put("key_ref", link.keyRef())
                .put("proxy_jump", link.proxyJump())
                .put("pinned_host_key", link.hostKey());
    }

    private static JsonObject hostKey(LinkState state) {
        return new JsonObject()
                .put("trusted", Json.texts(state.hostKey().trusted()))
                .put("offered", state.hostKey().offered());
    }

    private static JsonObject health(LinkState state) {
        var told = state.health();
        return new JsonObject()
                .put("status", Texts.word(state.status()))
                .put("latency_ms", state.latencyMillis())
                .put("latency", told == null || told.latency() == null ? null : Texts.word(told.latency()))
                .put("last_seen", Json.time(state.lastSeen()))
                .put("since", told == null ? null : Json.time(told.since()))
                .put("checked_at", told == null ? null : Json.time(told.checkedAt()))
                .put("stage", told == null ? null : told.stage())
                .put("hop", told == null ? null : told.hop())
                .put("reason", told == null ? null : told.reason())
                .put("error", told == null ? null : told.error())
                .put("maintenance", state.isInMaintenance());
    }
}
