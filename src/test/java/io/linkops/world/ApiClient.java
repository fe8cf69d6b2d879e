package io.linkops.world;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;

/** A plain user of the HTTP API, as curl would be. */
public final class ApiClient {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final String base;
    private final String token;

    /** One server-sent event. */
    public record Event(long id, String type, JsonObject data) {
        public boolean isOutput() {
            return type.equals("execution.output");
        }

        public String execution() {
            return data.getString("execution");
        }

        /** The bytes of an output. */
        public byte[] bytes() {
            var base64 = data.getString("base64");
            return base64 == null
                    ? data.getString("data").getBytes(StandardCharsets.UTF_8)
                    : Base64.getDecoder().decode(base64);
        }
    }

    /** What came back. */
    public record Answer(int status, String body) {
        public JsonObject json() {
            return new JsonObject(body);
        }

        public String errorCode() {
            return json().getJsonObject("error").getString("code");
        }

        public String errorMessage() {
            return json().getJsonObject("error").getString("message");
        }
    }

    private ApiClient(String base, String token) {
        this.base = base;
        this.token = token;
    }

    /** Logs in. */
    public static ApiClient login(int port, String username, String password) throws Exception {
        var anonymous = anonymous(port);
        var answer = anonymous.post(
                "/api/auth/login", new JsonObject().put("username", username).put("password", password));
        if (answer.status() != 200) {
            throw new IllegalStateException("log-in answered " + answer);
        }
        return new ApiClient(anonymous.base, answer.json().getString("token"));
    }

    public static ApiClient anonymous(int port) {
        return new ApiClient("http://127.0.0.1:" + port, "");
    }

    /** With an API token. */
    public static ApiClient of(int port, String token) {
        return new ApiClient("http://127.0.0.1:" + port, token);
    }

    public String token() {
        return token;
    }

    public Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    public Answer post(String path, JsonObject body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build());
    }

    public Answer post(String path) throws IOException, InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()).build());
    }

    public Answer put(String path, JsonObject body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build());
    }

    public Answer delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE().build());
    }

    /** The answer's bytes, for downloads. */
    public byte[] download(String path) throws IOException, InterruptedException {
        return HTTP.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }

    /** A stream of events, read until it closes, or until {@code enough} says so; then the connection is cut. */
    public List<Event> events(String path, long after, Predicate<Event> enough)
            throws IOException, InterruptedException {
        var request = request(path).header("Accept", "text/event-stream");
        if (after > 0) {
            request.header("Last-Event-ID", String.valueOf(after));
        }
        var response = HTTP.send(request.GET().build(), HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() == 204) {
            return List.of();
        }
        if (response.statusCode() != 200) {
            throw new IOException(path + " answered " + response.statusCode() + ": "
                    + new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
        }
        try (var body = response.body()) {
            return read(body, enough);
        }
    }

    /** All events of an operation, from the first to the end of the stream. */
    public List<Event> events(String operationId) throws IOException, InterruptedException {
        return events("/api/operations/" + operationId + "/events", 0, event -> false);
    }

    /** The output in these events, of one execution and stream, or of both streams if that is null. */
    public static byte[] output(List<Event> events, String execution, String stream) {
        var bytes = new ByteArrayOutputStream();
        events.stream()
                .filter(Event::isOutput)
                .filter(event -> event.execution().equals(execution))
                .filter(event -> stream == null || stream.equals(event.data().getString("stream")))
                .forEach(event -> bytes.writeBytes(event.bytes()));
        return bytes.toByteArray();
    }

    static List<Event> read(InputStream body, Predicate<Event> enough) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        List<Event> events = new ArrayList<>();
        long id = 0;
        String type = "message";
        var data = new StringBuilder();
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("id:")) {
                id = Long.parseLong(line.substring(3).strip());
            } else if (line.startsWith("event:")) {
                type = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                data.append(line.substring(5).strip());
            } else if (line.isEmpty() && !data.isEmpty()) {
                var event = new Event(id, type, new JsonObject(data.toString()));
                events.add(event);
                data.setLength(0);
                if (enough.test(event)) {
                    return events;
                }
            }
        }
        return events;
    }

    private HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofMinutes(5));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return request;
    }

    private static Answer send(HttpRequest request) throws IOException, InterruptedException {
        var response = HTTP.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        return new Answer(response.statusCode(), response.body());
    }
}
