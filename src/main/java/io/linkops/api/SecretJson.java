package io.linkops.api;

import io.linkops.secrets.Secrets.Known;
import io.linkops.secrets.Secrets.Listed;
import io.linkops.secrets.Secrets.Rotated;
import io.vertx.core.json.JsonObject;

/** The vault as the API shows it: never a value. */
final class SecretJson {
    private SecretJson() {}

    static JsonObject of(Listed listed) {
        return new JsonObject()
                .put("secrets", Json.list(listed.secrets(), SecretJson::of))
                .put("master_key", listed.masterKey())
                .put("master_key_configured", listed.isConfigured());
    }

    static JsonObject of(Known known) {
        return new JsonObject()
                .put("name", known.name())
                .put("created_at", Json.time(known.createdAt()))
                .put("created_by", known.createdBy())
                .put("updated_at", Json.time(known.updatedAt()))
                .put("updated_by", known.updatedBy());
    }

    static JsonObject of(Rotated rotated) {
        return new JsonObject().put("master_key", rotated.masterKey()).put("keys", rotated.keys());
    }
}
