package io.linkops.oidc;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A browser as far as logging in goes: keeps LinkOps' cookies, and follows a redirect only when told to. */
final class Visitor {
    static final String PUBLIC = "http://localhost:9";

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final String base;
    final Map<String, String> cookies = new LinkedHashMap<>();

    Visitor(int port) {
        this.base = "http://127.0.0.1:" + port;
    }

    /** A path of LinkOps, with its cookies. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(60));
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        response.headers().allValues("Set-Cookie").forEach(this::keep);
        return response;
    }

    /** Anything elsewhere, without cookies. */
    static HttpResponse<String> elsewhere(String url) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    static String location(HttpResponse<String> response) {
        return response.headers().firstValue("Location").orElseThrow(() -> new AssertionError(response.body()));
    }

    /** Presses the button; the provider's address. */
    String begin(String query) throws IOException, InterruptedException {
        return location(get("/api/auth/oidc/login" + query));
    }

    /** As {@link #begin}, and to the provider; the path of the way back. */
    String toProvider(String query) throws IOException, InterruptedException {
        var back = location(elsewhere(begin(query)));
        if (!back.startsWith(PUBLIC + "/api/auth/oidc/callback")) {
            throw new AssertionError("the provider sends to " + back);
        }
        return back.substring(PUBLIC.length());
    }

    /** All of it; where it leads. */
    String logIn(String query) throws IOException, InterruptedException {
        return location(get(toProvider(query)));
    }

    String logIn() throws IOException, InterruptedException {
        return logIn("");
    }

    /** Who LinkOps says this is; null for nobody. */
    JsonObject me() throws IOException, InterruptedException {
        var response = get("/api/auth/me");
        return response.statusCode() == 200 ? new JsonObject(response.body()) : null;
    }

    private void keep(String header) {
        for (var cookie : HttpCookie.parse(header)) {
            if (cookie.getMaxAge() == 0) {
                cookies.remove(cookie.getName());
            } else {
                cookies.put(cookie.getName(), cookie.getValue());
            }
        }
    }
}
