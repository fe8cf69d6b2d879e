package io.linkops.client;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The API of one server. Follows no redirects, so the token goes to nobody else; a request that may have arrived is not
 * sent twice.
 */
public final class LinkOpsServer implements AutoCloseable {
    private static final Duration CONNECTING = Duration.ofSeconds(10);
    private static final Duration ANSWERING = Duration.ofMinutes(5);
    private static final int LARGEST_ANSWER = 256 * 1024 * 1024;

    private final ServerAddress address;
    private final HttpClient http;

    public LinkOpsServer(ServerAddress address) {
        this.address = address;
        var builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECTING);
        var authorities = address.authorities();
        this.http = (authorities == null ? builder : builder.sslContext(Trust.of(authorities))).build();
    }

    /** One part of a path or a query, whatever is in it. */
    public static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public ServerAnswer get(String path) throws ServerRefusal, ServerUnreachable, InterruptedException {
        return whole(request(path).timeout(ANSWERING).GET().build());
    }

    public ServerAnswer post(String path, JsonObject body)
            throws ServerRefusal, ServerUnreachable, InterruptedException {
        var request = request(path)
                .timeout(ANSWERING)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()));
        return whole(request.build());
    }

    /** The bytes of an answer, as they come; whoever reads them closes it. */
    public InputStream stream(String path) throws ServerRefusal, ServerUnreachable, InterruptedException {
        return open(request(path).GET().build()).body();
    }

    /** An event stream after this event. */
    HttpResponse<InputStream> events(String path, long after)
            throws ServerRefusal, ServerUnreachable, InterruptedException {
        var request = request(path).header("Accept", "text/event-stream");
        if (after > 0) {
            request.header("Last-Event-ID", Long.toString(after));
        }
        return open(request.GET().build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.at(path))
                .header("Authorization", "Bearer " + address.token().reveal());
    }

    private ServerAnswer whole(HttpRequest request) throws ServerRefusal, ServerUnreachable, InterruptedException {
        var answer = open(request);
        try (var body = answer.body()) {
            return new ServerAnswer(answer.statusCode(), text(body));
        } catch (IOException e) {
            throw Troubles.of(address.base(), e);
        }
    }

    private HttpResponse<InputStream> open(HttpRequest request)
            throws ServerRefusal, ServerUnreachable, InterruptedException {
        try {
            var answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (answer.statusCode() >= 300) {
                try (var body = answer.body()) {
                    throw refusal(answer.statusCode(), text(body));
                }
            }
            return answer;
        } catch (IOException e) {
            throw Troubles.of(address.base(), e);
        }
    }

    private static String text(InputStream body) throws IOException {
        var bytes = body.readNBytes(LARGEST_ANSWER + 1);
        if (bytes.length > LARGEST_ANSWER) {
            throw new IOException("the answer is larger than " + LARGEST_ANSWER + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private ServerRefusal refusal(int status, String text) {
        try {
            var error = new JsonObject(text).getJsonObject("error", new JsonObject());
            var code = error.getString("code");
            if (code != null) {
                return new ServerRefusal(
                        status,
                        code,
                        code + ": " + error.getString("message", "") + " (request " + error.getString("request_id", "?")
                                + ")");
            }
        } catch (DecodeException | ClassCastException e) {
            // Not LinkOps' own answer: told below.
        }
        return new ServerRefusal(
                status,
                "HTTP_" + status,
                address.base() + " answered " + status + " and not as LinkOps does; check LINKOPS_URL or --url");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
