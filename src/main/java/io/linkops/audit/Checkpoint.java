package io.linkops.audit;

import io.linkops.audit.Audit.Anchor;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;

/**
 * Sealed word that the rows up to one were there and were removed by retention: the chain begins behind it.
 *
 * @param removedAt milliseconds since 1970
 */
record Checkpoint(Anchor upTo, long removedAt, String seal) {
    static Checkpoint of(Anchor upTo, long removedAt, Seal seal) {
        return new Checkpoint(upTo, removedAt, seal.ofCheckpoint(upTo, removedAt));
    }

    boolean isSealedBy(Seal key) {
        return key.ofCheckpoint(upTo, removedAt).equals(seal);
    }

    String json() {
        return new JsonObject(new LinkedHashMap<>())
                .put("checkpoint", Long.toString(upTo.sequence()))
                .put("checkpoint_seal", upTo.seal())
                .put("removed_at", Long.toString(removedAt))
                .put("seal", seal)
                .encode();
    }

    static Checkpoint parse(JsonObject json) {
        return new Checkpoint(
                new Anchor(Long.parseLong(json.getString("checkpoint")), json.getString("checkpoint_seal")),
                Long.parseLong(json.getString("removed_at")),
                json.getString("seal"));
    }
}
