package io.linkops;

import io.linkops.vault.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/** The first user of a demo, over the API like any other: logs in, syncs, verifies; then says where to look. */
final class DemoTour {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String address;
    private final Secret password;
    private String token = "";

    DemoTour(int port, Secret password) {
        this.address = "http://127.0.0.1:" + port;
        this.password = password;
    }

    /** Prints the address and the password once the fleet is synced and verified. */
    void announce(int links, boolean isNew, Path directory, boolean isKept) {
        System.out.println("\nLinkOps demo: " + links + " links on embedded SSH servers, real bash behind each.");
        if (isNew) {
            try {
                prepare();
            } catch (IOException e) {
                System.out.println("  The fleet could not be prepared: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        System.out.println("\n  Open      " + address);
        System.out.println("  User      admin");
        System.out.println(
                isNew ? "  Password  " + password.reveal() : "  Password  as it was shown at the first start");
        System.out.println("  Files     " + directory + (isKept ? "" : " (removed at the end)"));
        System.out.println("\n  Log in: the overview proposes a first run. Ctrl-C ends the demo.\n");
    }

    private void prepare() throws IOException, InterruptedException {
        token = post(
                        "/api/auth/login",
                        new JsonObject().put("username", "admin").put("password", password.reveal()))
                .getString("token", "");
        var synced = post("/api/git/sync", new JsonObject());
        System.out.println(
                "  Synced    commit " + synced.getString("commit", "?").substring(0, 7));
        var all = new JsonObject().put("targets", new JsonArray().add("*")).put("concurrency", 20);
        var operation = post("/api/links/verify", all).getString("operation_id", "");
        follow("/api/operations/" + operation + "/events");
        var counts = get("/api/operations/" + operation).getJsonObject("counts", new JsonObject());
        System.out.println("  Verified  " + counts.getInteger("success", 0) + " enrolled, "
                + counts.getInteger("failed", 0) + " refused (one was reinstalled, one is switched off)");
    }

    private JsonObject post(String path, JsonObject body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode())));
    }

    private JsonObject get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /** The stream closes when the operation is over. */
    private void follow(String path) throws IOException, InterruptedException {
        var _ = HTTP.send(request(path).GET().build(), HttpResponse.BodyHandlers.discarding());
    }

    private HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create(address + path)).timeout(PATIENCE);
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private static JsonObject send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new IOException(answer.request().uri().getPath() + " answered " + answer.body());
        }
        return new JsonObject(answer.body());
    }
}
