package io.linkops.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an event stream as a browser does, event by event, and remembers the last id. */
final class SseReader implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final long opened = System.nanoTime();
    private final Http.Connection connection;
    private final StringBuilder pending = new StringBuilder();
    private final List<String> comments = new ArrayList<>();

    record Event(@Nullable String id, String type, String data) {}

    SseReader(Http http, String target, String... headers) throws IOException {
        this.connection = http.stream(target, headers);
    }

    Http.Connection connection() {
        return connection;
    }

    int status() {
        return connection.status();
    }

    List<String> comments() {
        return comments;
    }

    /** The next event; null when the server has ended the stream properly. */
    @Nullable
    Event next() throws IOException {
        for (var block = nextBlock(); block != null; block = nextBlock()) {
            var event = parse(block);
            if (event != null) {
                return event;
            }
        }
        return null;
    }

    /** The next block, be it an event or a comment. */
    @Nullable
    String nextBlock() throws IOException {
        for (var end = pending.indexOf("\n\n"); end < 0; end = pending.indexOf("\n\n")) {
            if (System.nanoTime() - opened > LONGEST.toNanos()) {
                throw new IOException("read for " + LONGEST.toSeconds() + " s without what the test waits for");
            }
            var chunk = connection.readChunk();
            if (chunk == null) {
                return null;
            }
            // Chunks end between events, so no character is cut.
            pending.append(new String(chunk, StandardCharsets.UTF_8));
        }
        var end = pending.indexOf("\n\n");
        var block = pending.substring(0, end);
        pending.delete(0, end + 2);
        if (block.startsWith(":")) {
            comments.add(block);
        }
        return block;
    }

    List<Event> rest() throws IOException {
        var events = new ArrayList<Event>();
        for (var event = next(); event != null; event = next()) {
            events.add(event);
        }
        return events;
    }

    private @Nullable Event parse(String block) {
        String id = null;
        String type = "message";
        List<String> data = new ArrayList<>();
        for (var line : block.split("\n", -1)) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                type = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data.add(line.substring(6));
            }
        }
        return data.isEmpty() ? null : new Event(id, type, String.join("\n", data));
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
