package io.linkops;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.secrets.Secrets.Known;
import io.linkops.secrets.Secrets.Listed;
import io.linkops.secrets.Secrets.Rotated;
import io.linkops.vault.Secret;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** The vault of a LinkOps that runs, by its API. */
final class RemoteVault implements OpenVault {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final String base;
    private final String token;

    RemoteVault(String url, String token) {
        this.base = url.replaceAll("/+$", "") + "/api/secrets";
        this.token = token;
    }

    @Override
    public Listed list() throws Exception {
        var json = new JsonObject(send("", "GET", BodyPublishers.noBody()));
        var known = json.getJsonArray("secrets").stream()
                .map(JsonObject.class::cast)
                .map(each -> new Known(
                        each.getString("name"),
                        Instant.parse(each.getString("created_at")),
                        each.getString("created_by"),
                        Instant.parse(each.getString("updated_at")),
                        each.getString("updated_by")))
                .toList();
        return new Listed(known, json.getString("master_key"), json.getBoolean("master_key_configured"));
    }

    @Override
    public void put(String name, Secret value) throws Exception {
        send(
                part(name),
                "PUT",
                BodyPublishers.ofString(
                        new JsonObject().put("value", value.reveal()).encode()));
    }

    @Override
    public void delete(String name) throws Exception {
        send(part(name), "DELETE", BodyPublishers.noBody());
    }

    @Override
    public Rotated rotate() throws Exception {
        var json = new JsonObject(send("/rotate", "POST", BodyPublishers.noBody()));
        return new Rotated(json.getString("master_key"), json.getInteger("keys"));
    }

    private static String part(String name) {
        return "/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String send(String path, String method, HttpRequest.BodyPublisher body) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(URI.create(base + path))
                    .timeout(PATIENCE)
                    .header("Authorization", "Bearer " + token)
                    .method(method, body);
            if (method.equals("PUT")) {
                request.header("Content-Type", "application/json");
            }
            var answer = http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (answer.statusCode() >= 300) {
                throw new Failure(
                        ErrorCode.UNAVAILABLE, "LinkOps answered: " + why(answer.statusCode(), answer.body()));
            }
            return answer.body();
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure(
                    ErrorCode.UNAVAILABLE,
                    "The LinkOps at LINKOPS_URL cannot be asked ("
                            + e.getClass().getSimpleName() + "); is it there, and is the URL right?");
        }
    }

    private static String why(int status, String body) {
        try {
            return new JsonObject(body).getJsonObject("error").getString("message");
        } catch (DecodeException | NullPointerException e) {
            return String.valueOf(status);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
