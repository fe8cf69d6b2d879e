package io.linkops.api;

import io.linkops.journal.Journals.Entry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** One event as the event-stream format writes it. */
final class SseFrame {
    private SseFrame() {}

    static void append(Buffer buffer, Entry entry) {
        buffer.appendString("id: ")
                .appendString(Long.toString(entry.seq()))
                .appendString("\nevent: ")
                .appendString(entry.type())
                .appendString("\ndata: ")
                .appendString(inLines(entry.data()))
                .appendString("\n\n");
    }

    static void append(Buffer buffer, String event, JsonObject data) {
        buffer.appendString("event: ")
                .appendString(event)
                .appendString("\ndata: ")
                .appendString(data.encode())
                .appendString("\n\n");
    }

    /** A line break would end the field, so each line is a field of its own. */
    private static String inLines(String data) {
        return data.indexOf('\n') < 0 && data.indexOf('\r') < 0 ? data : data.replaceAll("\r\n|\r|\n", "\ndata: ");
    }
}
