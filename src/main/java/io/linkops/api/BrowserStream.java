package io.linkops.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * The stream of one browser tab. One that is too slow misses a message and is then sent away: it comes back and fetches
 * all anew.
 */
final class BrowserStream {
    private final FleetEvents events;
    private final SseConnection connection;
    private final FleetEvents.Browser browser;
    private boolean hasMissed;

    BrowserStream(Streams streams, FleetEvents events, Call call) {
        this.events = events;
        this.browser = new FleetEvents.Browser(call.principal(), this::tell);
        this.connection = new SseConnection(streams, call, () -> events.remove(browser));
    }

    Answer open() {
        return sent -> {
            if (connection.begin(this::drained)) {
                var hello = Buffer.buffer();
                SseFrame.append(hello, "hello", new JsonObject());
                connection.write(hello);
                events.add(browser);
            }
        };
    }

    private void tell(Buffer frames) {
        if (connection.isOver()) {
            return;
        }
        if (connection.isFull()) {
            hasMissed = true;
        } else {
            connection.write(frames);
        }
    }

    private void drained() {
        if (hasMissed) {
            connection.end();
        }
    }
}
