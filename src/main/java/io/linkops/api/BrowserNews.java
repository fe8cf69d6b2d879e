package io.linkops.api;

import io.linkops.accounts.Accounts.Principal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The news of the fleet for one browser tab. What comes while the tab takes nothing waits, up to a limit; a tab that is
 * slower misses a message and is then sent away: it comes back and fetches all anew.
 */
final class BrowserNews {
    private static final int MOST_WAITING = 1024 * 1024;

    private final FleetEvents events;
    private final FleetEvents.Browser browser;
    private @Nullable SseConnection connection;
    private Buffer waiting = Buffer.buffer();
    private boolean hasMissed;

    BrowserNews(FleetEvents events, Principal principal) {
        this.events = events;
        this.browser = new FleetEvents.Browser(principal, this::tell);
    }

    /** This connection has begun: from now on nothing is missed. */
    void begin(SseConnection connection) {
        this.connection = connection;
        var hello = Buffer.buffer();
        SseFrame.append(hello, "hello", new JsonObject());
        connection.write(hello);
        events.add(browser);
    }

    void drained() {
        if (connection == null || connection.isOver()) {
            return;
        }
        if (hasMissed) {
            connection.end();
        } else if (waiting.length() > 0) {
            connection.write(waiting);
            waiting = Buffer.buffer();
        }
    }

    void end() {
        events.remove(browser);
    }

    private void tell(Buffer frames) {
        if (connection == null || connection.isOver()) {
            return;
        }
        if (waiting.length() + frames.length() > MOST_WAITING) {
            hasMissed = true;
            waiting = Buffer.buffer();
        } else if (connection.isFull() && !hasMissed) {
            waiting.appendBuffer(frames);
        } else if (!hasMissed) {
            connection.write(frames);
        }
    }
}
