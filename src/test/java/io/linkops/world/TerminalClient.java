package io.linkops.world;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** One socket of a workspace, as a browser would open it; it keeps all it hears, by pane. */
public final class TerminalClient implements Closeable, WebSocket.Listener {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private static final int ACK_EVERY = 32 * 1024;

    private final boolean acks;
    private final List<ByteArrayOutputStream> output = new ArrayList<>();
    private final long[] first = {-1, -1, -1, -1};
    private final long[] next = new long[4];
    private final List<JsonObject> frames = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private CompletableFuture<WebSocket> sending = new CompletableFuture<>();
    private boolean isPaused;
    private int keep = Integer.MAX_VALUE;
    private final long[] acked = new long[4];

    private TerminalClient(boolean acks) {
        this.acks = acks;
        for (int pane = 0; pane < 4; pane++) {
            output.add(new ByteArrayOutputStream());
        }
    }

    /** @param query such as {@code output=binary&acks=true}; empty for none */
    public static TerminalClient open(int port, String token, String workspace, String query) {
        return open(port, workspace, query, Map.of("Authorization", "Bearer " + token));
    }

    /** Throws a CompletionException with a WebSocketHandshakeException when it is refused. */
    public static TerminalClient open(int port, String workspace, String query, Map<String, String> headers) {
        var client = new TerminalClient(query.contains("acks=true"));
        var builder = HTTP.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(20));
        headers.forEach(builder::header);
        var uri = "ws://127.0.0.1:" + port + "/api/terminal/workspaces/" + workspace + "/ws"
                + (query.isEmpty() ? "" : "?" + query);
        client.sending = builder.buildAsync(URI.create(uri), client);
        client.sending.join();
        return client;
    }

    // ---- says ----------------------------------------------------------------------------------------------------

    public void type(int pane, String data) {
        send(new JsonObject().put("type", "stdin").put("pane", pane).put("data", data));
    }

    public void broadcast(List<Integer> panes, String data) {
        send(new JsonObject()
                .put("type", "stdin")
                .put("panes", new JsonArray(panes))
                .put("data", data));
    }

    public void resize(int pane, int cols, int rows) {
        send(new JsonObject()
                .put("type", "resize")
                .put("pane", pane)
                .put("cols", cols)
                .put("rows", rows));
    }

    public void say(String type, int pane) {
        send(new JsonObject().put("type", type).put("pane", pane));
    }

    public void send(JsonObject frame) {
        sendText(frame.encode());
    }

    public synchronized void sendText(String frame) {
        sending = sending.thenCompose(socket -> socket.sendText(frame, true));
    }

    public synchronized void sendBytes(byte[] frame) {
        sending = sending.thenCompose(socket -> socket.sendBinary(ByteBuffer.wrap(frame), true));
    }

    /** Keeps no more than about this much of what it hears, for floods. */
    public synchronized void keep(int bytes) {
        keep = bytes;
    }

    /** Takes nothing more until {@link #resume}. */
    public synchronized void pause() {
        isPaused = true;
    }

    public synchronized void resume() {
        isPaused = false;
        sending.join().request(1);
    }

    /** As when the network is cut: no close frame. */
    public void abort() {
        sending.join().abort();
    }

    @Override
    public void close() {
        try {
            sending.join().sendClose(WebSocket.NORMAL_CLOSURE, "").get(5, TimeUnit.SECONDS);
        } catch (Exception e) {
            // it is closed already
        }
        abort();
    }

    // ---- hears ---------------------------------------------------------------------------------------------------

    public synchronized byte[] bytes(int pane) {
        return output.get(pane).toByteArray();
    }

    public String heard(int pane) {
        return new String(bytes(pane), StandardCharsets.UTF_8);
    }

    public synchronized int size(int pane) {
        return output.get(pane).size();
    }

    /** Forgets what was heard. */
    public synchronized void forget() {
        output.forEach(ByteArrayOutputStream::reset);
        frames.clear();
    }

    /** Offset of the first byte heard; -1 before. */
    public synchronized long first(int pane) {
        return first[pane];
    }

    /** Offset of the first byte that was not heard yet. */
    public synchronized long next(int pane) {
        return next[pane];
    }

    public synchronized List<JsonObject> frames() {
        return List.copyOf(frames);
    }

    public TerminalClient until(int pane, String text) throws Exception {
        Patience.until("pane " + pane + " shows " + text, () -> {
            requireOpen();
            return heard(pane).contains(text);
        });
        return this;
    }

    public JsonObject awaitFrame(String what, Predicate<JsonObject> wanted) throws Exception {
        Patience.until("a frame: " + what, () -> frames().stream().anyMatch(wanted) || closed.isDone());
        return frames().stream()
                .filter(wanted)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("closed before: " + what + " " + frames()));
    }

    public JsonObject awaitStatus(int pane, String status) throws Exception {
        return awaitFrame(
                "pane " + pane + " " + status,
                frame -> Integer.valueOf(pane).equals(frame.getInteger("pane"))
                        && status.equals(frame.getString("status")));
    }

    public JsonObject awaitError(String code) throws Exception {
        return awaitFrame("error " + code, frame -> code.equals(frame.getString("code")));
    }

    /** The close code. */
    public int awaitClose() throws Exception {
        return closed.get(60, TimeUnit.SECONDS);
    }

    private void requireOpen() {
        if (closed.isDone()) {
            throw new IllegalStateException("the socket was closed: " + closed.getNow(0) + " " + frames());
        }
    }

    @Override
    public synchronized CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            var frame = new JsonObject(text.toString());
            text.setLength(0);
            if ("stdout".equals(frame.getString("type"))) {
                took(
                        frame.getInteger("pane"),
                        frame.getLong("offset"),
                        frame.getLong("next"),
                        frame.getString("data").getBytes(StandardCharsets.UTF_8));
            } else {
                frames.add(frame);
            }
        }
        more(socket);
        return null;
    }

    @Override
    public synchronized CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        var part = new byte[data.remaining()];
        data.get(part);
        binary.writeBytes(part);
        if (last) {
            var frame = ByteBuffer.wrap(binary.toByteArray());
            binary.reset();
            int pane = frame.get();
            long offset = frame.getLong();
            var bytes = new byte[frame.remaining()];
            frame.get(bytes);
            took(pane, offset, offset + bytes.length, bytes);
        }
        more(socket);
        return null;
    }

    private void took(int pane, long offset, long end, byte[] bytes) {
        if (first[pane] < 0) {
            first[pane] = offset;
        }
        var all = output.get(pane);
        all.writeBytes(bytes);
        if (all.size() / 2 > keep) {
            var kept = all.toByteArray();
            all.reset();
            all.write(kept, kept.length - keep, keep);
        }
        next[pane] = end;
        if (acks && end - acked[pane] >= ACK_EVERY) {
            acked[pane] = end;
            send(new JsonObject().put("type", "ack").put("pane", pane).put("offset", end));
        }
    }

    private void more(WebSocket socket) {
        if (!isPaused) {
            socket.request(1);
        }
    }

    @Override
    public void onOpen(WebSocket socket) {
        socket.request(1);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        closed.complete(-1);
    }
}
