package io.linkops.bench;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * A crowd that follows an operation, as a process of its own: on standard input {@code OPERATION READERS STALLED}, on
 * standard output what they saw, as JSON. Stalled readers ask and then take nothing.
 */
final class SseReaders {
    private final int port;
    private final String token;

    /** What one reader saw. */
    private record Seen(long events, long lines, boolean isComplete, long endedAt) {}

    private SseReaders(int port, String token) {
        this.port = port;
        this.token = token;
    }

    public static void main(String[] arguments) throws Exception {
        var readers = new SseReaders(Integer.parseInt(arguments[0]), arguments[1]);
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] words = order.split(" ", -1);
            System.out.println(readers.follow(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2])));
        }
    }

    private String follow(String operation, int count, int stalled) throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < stalled; i++) {
                idle.add(stall(operation));
            }
            List<Callable<Seen>> tasks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                tasks.add(() -> read(operation));
            }
            long events = 0;
            long lines = 0;
            long endedAt = 0;
            int complete = 0;
            for (var future : threads.invokeAll(tasks)) {
                var seen = future.get();
                events += seen.events;
                lines += seen.lines;
                endedAt = Math.max(endedAt, seen.endedAt);
                complete += seen.isComplete ? 1 : 0;
            }
            return new JsonObject()
                    .put("events", events)
                    .put("lines", lines)
                    .put("complete", complete)
                    .put("ended_at", endedAt)
                    .encode();
        } finally {
            for (var socket : idle) {
                socket.close();
            }
        }
    }

    /** The socket takes a few KiB and then no more. */
    private Socket stall(String operation) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream()
                .write(("GET /api/operations/" + operation + "/events HTTP/1.1\r\nHost: 127.0.0.1:" + port
                                + "\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private Seen read(String operation) throws IOException {
        var url = URI.create("http://127.0.0.1:" + port + "/api/operations/" + operation + "/events");
        var connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setRequestProperty("Authorization", "Bearer " + token);
        connection.setReadTimeout(120_000);
        try (var body =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8), 65536)) {
            return count(body);
        }
    }

    private static Seen count(BufferedReader body) throws IOException {
        long events = 0;
        long lines = 0;
        var isOutput = false;
        var isLast = false;
        for (var line = body.readLine(); line != null; line = body.readLine()) {
            if (line.startsWith("id: ")) {
                if (Long.parseLong(line.substring(4)) != ++events) {
                    throw new IOException("a gap before event " + line);
                }
            } else if (line.startsWith("event: ")) {
                isOutput = line.equals("event: execution.output");
                isLast |= line.equals("event: operation.finished");
            } else if (isOutput && line.startsWith("data: ")) {
                lines += lineEnds(line);
            }
        }
        return new Seen(events, lines, isLast, System.currentTimeMillis());
    }

    /** As JSON writes them: a backslash and an n. */
    private static long lineEnds(String json) {
        long found = 0;
        for (int at = json.indexOf("\\n"); at >= 0; at = json.indexOf("\\n", at + 2)) {
            found++;
        }
        return found;
    }
}
