package io.linkops.notifications;

import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A real HTTP server on a socket, that answers as it is told to: well, badly, slowly, or not at all. */
public final class Receiver implements Closeable {
    /** What to write on the socket after a request; what comes after it is the socket's end. */
    @FunctionalInterface
    public interface Behaviour {
        void answer(Socket socket) throws IOException, InterruptedException;
    }

    /** One request. */
    public record Got(String line, Map<String, String> headers, String body, long nanos) {
        public JsonObject json() {
            return new JsonObject(body);
        }

        public String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }

        public String id() {
            return header("X-LinkOps-Delivery");
        }

        /** The signature as the documentation says it is made, by other code than that which makes it. */
        public boolean isSignedWith(String secret) throws Exception {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            var signed = header("X-LinkOps-Timestamp") + "." + body;
            var expected = HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
            return ("v1=" + expected).equals(header("X-LinkOps-Signature"));
        }
    }

    private final ServerSocket server;
    private final List<Got> got = new CopyOnWriteArrayList<>();
    private volatile Function<Got, Behaviour> behaviour = _ -> status(200);

    public Receiver() throws IOException {
        this(0);
    }

    public Receiver(int port) throws IOException {
        server = new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public static Behaviour status(int status, String... headers) {
        return socket -> {
            var head = new StringBuilder("HTTP/1.1 " + status + " X\r\nContent-Length: 2\r\nConnection: close\r\n");
            List.of(headers).forEach(header -> head.append(header).append("\r\n"));
            socket.getOutputStream().write((head + "\r\nok").getBytes(StandardCharsets.US_ASCII));
        };
    }

    /** Nothing, until the other side gives up. */
    public static Behaviour never() {
        return socket -> socket.getInputStream().read();
    }

    public static Behaviour cut() {
        return socket -> socket.setSoLinger(true, 0);
    }

    /** A byte now and then, and never the end of the head. */
    public static Behaviour drops() {
        return socket -> {
            while (true) {
                socket.getOutputStream().write('H');
                Thread.sleep(20);
            }
        };
    }

    public Receiver behave(Function<Got, Behaviour> next) {
        behaviour = next;
        return this;
    }

    public int port() {
        return server.getLocalPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port() + "/hook?to=ops";
    }

    public List<Got> got() {
        return List.copyOf(got);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var request = read(new BufferedInputStream(socket.getInputStream()));
            got.add(request);
            behaviour.apply(request).answer(socket);
        } catch (IOException e) {
            // the other side gave up
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Got read(InputStream in) throws IOException {
        var line = line(in);
        var headers = new TreeMap<String, String>();
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        var body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Got(line, headers, new String(body, StandardCharsets.UTF_8), System.nanoTime());
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
