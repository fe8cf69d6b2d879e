package io.linkops.world;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A reader of events on a bare socket, which can stop anywhere, also in the middle of a character. */
public final class CutStream implements Closeable {
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT_END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;

    private CutStream(Socket socket) {
        this.socket = socket;
    }

    /** Asks for the events after that one; reads nothing yet. */
    public static CutStream open(int port, String token, String path, long after) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(8 * 1024);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        var request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                + token + "\r\nAccept: text/event-stream\r\n" + (after > 0 ? "Last-Event-ID: " + after + "\r\n" : "")
                + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new CutStream(socket);
    }

    /** Reads that many bytes of the answer, or all there are, and gives the events that came whole. */
    public List<ApiClient.Event> read(int bytes) throws IOException {
        byte[] answer = socket.getInputStream().readNBytes(bytes);
        int head = indexOf(answer, HEAD_END, 0);
        if (head < 0) {
            return List.of();
        }
        var text = new String(answer, 0, head, StandardCharsets.US_ASCII);
        if (!text.startsWith("HTTP/1.1 200")) {
            throw new IOException(text);
        }
        byte[] body = unchunked(answer, head + HEAD_END.length);
        int whole = lastIndexOf(body, EVENT_END);
        return whole < 0
                ? List.of()
                : ApiClient.read(new ByteArrayInputStream(body, 0, whole + EVENT_END.length), event -> false);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** The content of the chunks, as far as it came. */
    private static byte[] unchunked(byte[] answer, int from) {
        var body = new ByteArrayOutputStream();
        int at = from;
        while (at < answer.length) {
            int line = indexOf(answer, new byte[] {'\r', '\n'}, at);
            if (line < 0) {
                break;
            }
            int size = Integer.parseInt(new String(answer, at, line - at, StandardCharsets.US_ASCII), 16);
            int begin = line + 2;
            body.write(answer, Math.min(begin, answer.length), Math.max(0, Math.min(size, answer.length - begin)));
            at = begin + size + 2;
        }
        return body.toByteArray();
    }

    private static int indexOf(byte[] bytes, byte[] mark, int from) {
        for (int i = from; i + mark.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + mark.length, mark, 0, mark.length)) {
                return i;
            }
        }
        return -1;
    }

    private static int lastIndexOf(byte[] bytes, byte[] mark) {
        for (int i = bytes.length - mark.length; i >= 0; i--) {
            if (Arrays.equals(bytes, i, i + mark.length, mark, 0, mark.length)) {
                return i;
            }
        }
        return -1;
    }
}
