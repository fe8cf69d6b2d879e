package io.linkops.client;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * One event of an operation.
 *
 * @param id counts 1, 2, 3, … within the operation
 */
public record OperationEvent(long id, String type, JsonObject data) {

    /** Whether it is the last one. */
    public boolean isLast() {
        return type.equals("operation.finished");
    }

    /** The bytes of an {@code execution.output}. */
    public byte[] bytes() {
        var base64 = data.getString("base64");
        return base64 == null
                ? data.getString("data", "").getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(base64);
    }
}
