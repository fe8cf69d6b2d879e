package io.linkops.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The words spoken with {@code launcher.bash}: what is sent, and what is read from its stdout before the script's own.
 *
 * <p>Pure bytes and streams, so that it is tested against a local bash without SSH.
 */
final class LauncherCodec {
    /** What start-up files may print before the launcher speaks. */
    static final int MAX_NOISE = 64 * 1024;

    private static final int MAX_LINE = 4096;
    private static final int MAX_CONTENT = 256;

    private LauncherCodec() {}

    /** The launcher itself and the path of the client id file. */
    static byte[] hello(String tag, String clientIdPath) {
        return hello(BashProgram.LAUNCHER, tag, clientIdPath);
    }

    static byte[] hello(BashProgram program, String tag, String clientIdPath) {
        requireAbsolute(clientIdPath);
        var out = new ByteArrayOutputStream();
        out.writeBytes(program.prologue(tag));
        field(out, utf8(clientIdPath));
        return out.toByteArray();
    }

    /** Everything the launcher needs to run the script. */
    static byte[] goAhead(Payload payload) {
        var out = new ByteArrayOutputStream(payload.script().length + 1024);
        line(out, "go");
        order(out, payload);
        return out.toByteArray();
    }

    /** What a script is run with, and the script. */
    static void order(ByteArrayOutputStream out, Payload payload) {
        Map<String, String> environment = new TreeMap<>(payload.environment());
        line(out, String.valueOf(environment.size()));
        environment.forEach((name, value) -> field(out, utf8(name + "=" + value)));
        fields(out, payload.bashOptions());
        fields(out, payload.arguments());
        field(out, utf8(payload.name()));
        field(out, utf8(sha256(payload.script())));
        line(out, String.valueOf(payload.script().length));
        out.writeBytes(payload.script());
    }

    /** What begins every line of the launcher on stdout. */
    static byte[] mark(String tag) {
        return utf8("linkops:" + tag + " ");
    }

    /** What ends the noise of start-up files on stderr. */
    static byte[] stderrMark(String tag) {
        return utf8("linkops:" + tag + " stderr\n");
    }

    /**
     * Reads past the mark.
     *
     * @param skipped gets what comes before it, at most {@link #MAX_NOISE} bytes
     * @return false if the stream ended, or the noise was too long, before the mark came
     */
    static boolean skipTo(InputStream in, byte[] mark, boolean isNoiseBounded, ByteArrayOutputStream skipped)
            throws IOException {
        var last = new byte[mark.length];
        long count = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (count >= mark.length && skipped.size() < MAX_NOISE) {
                skipped.write(last[0]);
            }
            System.arraycopy(last, 1, last, 0, last.length - 1);
            last[last.length - 1] = (byte) next;
            count++;
            if (count >= mark.length && Arrays.equals(last, mark)) {
                return true;
            }
            if (isNoiseBounded && count > MAX_NOISE + mark.length) {
                return false;
            }
        }
        int rest = (int) Math.min(count, mark.length);
        skipped.write(last, last.length - rest, rest);
        return false;
    }

    /** The rest of a line of the launcher; null if the stream ended before, or it is no such line. */
    static @Nullable String readLine(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && line.size() < MAX_LINE; next = in.read()) {
            if (next == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(next);
        }
        return null;
    }

    /** Reads a line that must begin with the mark. */
    static @Nullable String readMarkedLine(InputStream in, String tag) throws IOException {
        byte[] mark = mark(tag);
        return Arrays.equals(in.readNBytes(mark.length), mark) ? readLine(in) : null;
    }

    /** What follows the mark in the launcher's first answer; null if it is not understood. */
    static @Nullable ClientIdReading readClientId(InputStream in, String path) throws IOException {
        String line = readLine(in);
        String[] words = line == null ? new String[0] : line.split(" ", -1);
        if (words.length != 3 || !words[0].equals("id") || !words[2].matches("[0-9]{1,3}")) {
            return null;
        }
        int length = Integer.parseInt(words[2]);
        byte[] content = in.readNBytes(Math.min(length, MAX_CONTENT));
        if (content.length != length) {
            return null;
        }
        return switch (words[1]) {
            case "ok" -> text(content, path);
            case "missing" ->
                failed(ClientIdReading.Status.MISSING, "There is no " + path + " on the link: enroll it first.");
            case "denied" ->
                failed(
                        ClientIdReading.Status.DENIED,
                        "The user who logs in may not read " + path + " on the link: make it readable"
                                + " (chmod a+r), and the directories above it enterable.");
            case "irregular" -> irregular(path);
            case "too_large" ->
                failed(
                        ClientIdReading.Status.TOO_LARGE,
                        path + " on the link is longer than " + MAX_CONTENT + " bytes: that is no client id.");
            default -> null;
        };
    }

    private static ClientIdReading text(byte[] content, String path) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
            return new ClientIdReading(ClientIdReading.Status.OK, text.toString(), "");
        } catch (CharacterCodingException e) {
            return irregular(path);
        }
    }

    private static ClientIdReading irregular(String path) {
        return failed(
                ClientIdReading.Status.IRREGULAR,
                path + " on the link is not a regular text file: look at it there (ls -l " + path + ").");
    }

    private static ClientIdReading failed(ClientIdReading.Status status, String error) {
        return new ClientIdReading(status, "", error);
    }

    private static void requireAbsolute(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("the client id path must be absolute, not '" + path + "'");
        }
        RemoteCommand.requireNoNul("the client id path", path);
    }

    private static void fields(ByteArrayOutputStream out, List<String> texts) {
        line(out, String.valueOf(texts.size()));
        texts.forEach(text -> field(out, utf8(text)));
    }

    static void field(ByteArrayOutputStream out, byte[] bytes) {
        line(out, String.valueOf(bytes.length));
        out.writeBytes(bytes);
    }

    static void line(ByteArrayOutputStream out, String text) {
        out.writeBytes(utf8(text));
        out.write('\n');
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
