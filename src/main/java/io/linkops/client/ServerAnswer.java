package io.linkops.client;

import io.vertx.core.json.JsonObject;

/**
 * What a server answered to a request that it took.
 *
 * @param text the body as it came; empty if there is none
 */
public record ServerAnswer(int status, String text) {

    /** The body as a JSON object. */
    public JsonObject json() {
        return text.isEmpty() ? new JsonObject() : new JsonObject(text);
    }
}
