package io.linkops.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Something that writes itself as the answer to a call. */
@FunctionalInterface
interface Answer {
    void send(Call call);

    static Answer ok(JsonObject body) {
        return json(200, body);
    }

    static Answer created(String location, JsonObject body) {
        return json(201, body).with("Location", location);
    }

    static Answer accepted(String location, JsonObject body) {
        return json(202, body).with("Location", location);
    }

    static Answer noContent() {
        return call -> {
            call.request().resume();
            call.response().setStatusCode(204).end();
        };
    }

    static Answer json(int status, JsonObject body) {
        return of(status, "application/json", body.toBuffer());
    }

    static Answer of(int status, String contentType, Buffer body) {
        return call -> {
            call.request().resume();
            call.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", contentType)
                    .end(body);
        };
    }

    /** The same with one more header. */
    default Answer with(String header, String value) {
        var before = this;
        return new Answer() {
            @Override
            public void send(Call call) {
                call.response().putHeader(header, value);
                before.send(call);
            }

            @Override
            public @Nullable String location() {
                return header.equals("Location") ? value : before.location();
            }
        };
    }

    /** Where what was made is found; null if nothing was. */
    default @Nullable String location() {
        return null;
    }

    /** The same, never compressed: for answers that hold a secret, and for streams. */
    default Answer uncompressed() {
        return with("Content-Encoding", "identity");
    }
}
