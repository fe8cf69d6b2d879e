package io.linkops.terminal;

import io.linkops.bus.Utf8;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * The lines of an asciicast, version 2: a header, then events with their time since the start. Characters stay whole
 * though their bytes come in pieces; what is not UTF-8 becomes U+FFFD, since JSON has no room for it.
 */
final class CastLines {
    private static final int LONGEST_REST = 3;

    private final Instant begun;
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream(LONGEST_REST);

    CastLines(Instant begun) {
        this.begun = begun;
    }

    byte[] header(int cols, int rows, String title) {
        return utf8("{\"version\": 2, \"width\": " + cols + ", \"height\": " + rows + ", \"timestamp\": "
                + begun.getEpochSecond() + ", \"title\": " + quoted(title)
                + ", \"env\": {\"TERM\": \"xterm-256color\"}}\n");
    }

    /** An event for output; empty while all of it is the beginning of a character. */
    byte[] output(Instant at, byte[] bytes) {
        rest.writeBytes(bytes);
        byte[] all = rest.toByteArray();
        int whole = Utf8.wholeLength(all);
        rest.reset();
        rest.write(all, whole, all.length - whole);
        return whole == 0 ? new byte[0] : event(at, "o", new String(all, 0, whole, StandardCharsets.UTF_8));
    }

    /** What is left at the end: the beginning of a character that never came. */
    byte[] end(Instant at) {
        if (rest.size() == 0) {
            return new byte[0];
        }
        var text = rest.toString(StandardCharsets.UTF_8);
        rest.reset();
        return event(at, "o", text);
    }

    byte[] resize(Instant at, int cols, int rows) {
        return event(at, "r", cols + "x" + rows);
    }

    byte[] mark(Instant at, String text) {
        return event(at, "m", text);
    }

    private byte[] event(Instant at, String code, String data) {
        double seconds = Math.max(0, Duration.between(begun, at).toNanos()) / 1e9;
        return utf8("[" + String.format(Locale.ROOT, "%.6f", seconds) + ", \"" + code + "\", " + quoted(data) + "]\n");
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f || c == '\u2028' || c == '\u2029') {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
