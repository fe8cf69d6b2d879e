package io.linkops.client;

import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Takes an event stream apart; a line longer than the server ever writes is an error and not a full memory. */
final class EventReader {
    private static final int LONGEST_LINE = 16 * 1024 * 1024;

    private final InputStream stream;
    private final Runnable heard;

    /** @param heard told with each line, comments too */
    EventReader(InputStream stream, Runnable heard) {
        this.stream = new BufferedInputStream(stream, 64 * 1024);
        this.heard = heard;
    }

    /** The next event; null at the end of the stream. Half an event at the end is none. */
    @Nullable
    OperationEvent next() throws IOException {
        long id = 0;
        var type = "message";
        var data = new StringBuilder();
        for (var line = line(); line != null; line = line()) {
            heard.run();
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    return new OperationEvent(id, type, new JsonObject(data.toString()));
                }
                continue;
            }
            var value = line.substring(line.indexOf(':') + 1);
            var field = value.startsWith(" ") ? value.substring(1) : value;
            if (line.startsWith("id:")) {
                id = Long.parseLong(field);
            } else if (line.startsWith("event:")) {
                type = field;
            } else if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(field);
            }
        }
        return null;
    }

    private @Nullable String line() throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int next = stream.read(); next >= 0; next = stream.read()) {
            if (next == '\n') {
                return bytes.toString(StandardCharsets.UTF_8);
            }
            if (bytes.size() >= LONGEST_LINE) {
                throw new IOException("a line of the event stream is longer than " + LONGEST_LINE + " bytes");
            }
            bytes.write(next);
        }
        return null;
    }
}
