package io.linkops.api;

import io.linkops.bus.Bytes;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A plain HTTP client that sends exactly what it is told, also what no library would. One connection per request. */
final class Http {
    private static final int PATIENCE_MILLIS = 20_000;

    private final int port;

    Http(int port) {
        this.port = port;
    }

    /** @param headers by lower-case name */
    record Response(int status, Map<String, List<String>> headers, Bytes body) {
        String text() {
            return body.text();
        }

        JsonObject json() {
            return new JsonObject(text());
        }

        @Nullable
        String header(String name) {
            var values = headers.get(name.toLowerCase(Locale.ROOT));
            return values == null ? null : values.getFirst();
        }

        String errorCode() {
            return json().getJsonObject("error").getString("code");
        }

        JsonObject fields() {
            return json().getJsonObject("error").getJsonObject("details").getJsonObject("fields");
        }
    }

    Response get(String target, String... headers) {
        return send("GET", target, null, headers);
    }

    Response post(String target, Object json, String... headers) {
        return send("POST", target, json, headers);
    }

    /** @param headers complete lines: {@code "Authorization: Bearer x"} */
    Response send(String method, String target, @Nullable Object body, String... headers) {
        var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n");
        var bytes = body == null ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
        if (body != null) {
            head.append("Content-Type: application/json\r\n");
        }
        if (body != null || method.equals("POST") || method.equals("PUT")) {
            head.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        for (var header : headers) {
            head.append(header).append("\r\n");
        }
        head.append("Connection: close\r\n\r\n");
        return exchange(concat(head.toString().getBytes(StandardCharsets.UTF_8), bytes), method.equals("HEAD"));
    }

    static byte[] concat(byte[] first, byte[] second) {
        var all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        return all.toByteArray();
    }

    /** Sends these bytes and reads one answer. */
    Response exchange(byte[] request, boolean isHead) {
        try (var connection = connect()) {
            var output = connection.socket.getOutputStream();
            try {
                output.write(request);
            } catch (IOException e) {
                // The answer may be there although the server stopped reading.
            }
            return connection.read(isHead);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Connection connect() throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new Connection(socket);
    }

    /** Opens an event stream; the answer's head is read already. */
    Connection stream(String target, String... headers) throws IOException {
        var connection = connect();
        var head = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n");
        for (var header : headers) {
            head.append(header).append("\r\n");
        }
        connection.socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        connection.readHead();
        return connection;
    }

    static final class Connection implements AutoCloseable {
        final Socket socket;
        private final InputStream input;
        private final Map<String, List<String>> headers = new TreeMap<>();
        private int status;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.input = new BufferedInputStream(socket.getInputStream());
        }

        int status() {
            return status;
        }

        Map<String, List<String>> headers() {
            return headers;
        }

        Response read(boolean isHead) throws IOException {
            readHead();
            // A stream has no end to wait for; SseReader reads those.
            var isStream =
                    headers.getOrDefault("content-type", List.of("")).getFirst().startsWith("text/event-stream");
            return new Response(
                    status, headers, isStream || isHead || status == 204 ? Bytes.EMPTY : Bytes.of(readBody()));
        }

        void readHead() throws IOException {
            var line = readLine();
            if (line == null) {
                throw new EOFException("no answer");
            }
            status = Integer.parseInt(line.substring(9, 12));
            headers.clear();
            for (var header = readLine(); header != null && !header.isEmpty(); header = readLine()) {
                var colon = header.indexOf(':');
                headers.computeIfAbsent(header.substring(0, colon).toLowerCase(Locale.ROOT), any -> new ArrayList<>())
                        .add(header.substring(colon + 1).strip());
            }
            if (status == 100) {
                readHead();
            }
        }

        byte[] readBody() throws IOException {
            if (headers.containsKey("transfer-encoding")) {
                var body = new ByteArrayOutputStream();
                for (var chunk = readChunk(); chunk != null; chunk = readChunk()) {
                    body.writeBytes(chunk);
                }
                return body.toByteArray();
            }
            var length = headers.getOrDefault("content-length", List.of("0")).getFirst();
            return input.readNBytes(Integer.parseInt(length));
        }

        /** The next chunk; null after the last. Throws when the connection ends before. */
        byte @Nullable [] readChunk() throws IOException {
            var line = readLine();
            if (line == null) {
                throw new EOFException("the connection ended inside the answer");
            }
            var size = Integer.parseInt(line, 16);
            var chunk = input.readNBytes(size);
            readLine();
            return size == 0 ? null : chunk;
        }

        @Nullable
        String readLine() throws IOException {
            var line = new ByteArrayOutputStream();
            for (int next = input.read(); next != '\n'; next = input.read()) {
                if (next < 0) {
                    return null;
                }
                line.write(next);
            }
            return line.toString(StandardCharsets.UTF_8).stripTrailing();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
