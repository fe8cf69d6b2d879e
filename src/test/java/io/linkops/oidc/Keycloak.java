package io.linkops.oidc;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A real Keycloak from its own distribution, which the build puts into target/keycloak, with one realm. */
final class Keycloak implements Closeable {
    private static final Path HOME = Path.of("target/keycloak");
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Pattern FORM = Pattern.compile("<form[^>]*\\saction=\"([^\"]+)\"");
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private final Process process;
    private final int port;
    private final Path log;

    private Keycloak(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /** Where the distribution is; empty when the build was run without the profile. */
    static Optional<Path> distribution() throws IOException {
        if (!Files.isDirectory(HOME)) {
            return Optional.empty();
        }
        try (var folders = Files.list(HOME)) {
            return folders.filter(folder -> Files.exists(folder.resolve("bin/kc.sh")))
                    .findFirst();
        }
    }

    /** Starts it on the JDK of this test and waits until the realm is there. */
    static Keycloak start(Path distribution, Path realm, Path log) throws Exception {
        remove(distribution.resolve("data"));
        Files.copy(
                realm,
                Files.createDirectories(distribution.resolve("data/import")).resolve("ops-realm.json"));
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var builder = new ProcessBuilder(
                        "bash",
                        distribution.resolve("bin/kc.sh").toAbsolutePath().toString(),
                        "start-dev",
                        "--import-realm",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx700m");
        builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", "root");
        builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", "root");
        var keycloak = new Keycloak(builder.start(), port, log);
        keycloak.awaitRealm();
        return keycloak;
    }

    String issuer() {
        return "http://127.0.0.1:" + port + "/realms/ops";
    }

    private void awaitRealm() throws Exception {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!isThere()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                close();
                throw new IllegalStateException("Keycloak did not start:\n" + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private boolean isThere() throws InterruptedException {
        try {
            return HTTP.send(
                                    HttpRequest.newBuilder(URI.create(issuer() + "/.well-known/openid-configuration"))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** A browser at Keycloak, with its cookies. */
    static final class Page {
        private final Map<String, String> cookies = new LinkedHashMap<>();
        private String html = "";

        /** Goes there; where it leads to, or empty when there is a page to fill in. */
        Optional<String> open(String url) throws IOException, InterruptedException {
            return take(send(HttpRequest.newBuilder(URI.create(url))));
        }

        /** Fills in the page's form. */
        Optional<String> submit(Map<String, String> fields) throws IOException, InterruptedException {
            var action = FORM.matcher(html);
            if (!action.find()) {
                throw new AssertionError("no form in " + html);
            }
            var body = new ArrayList<String>();
            fields.forEach((name, value) -> body.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
            return take(send(HttpRequest.newBuilder(URI.create(action.group(1).replace("&amp;", "&")))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(String.join("&", body)))));
        }

        String html() {
            return html;
        }

        private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
            if (!cookies.isEmpty()) {
                var all = new ArrayList<String>();
                cookies.forEach((name, value) -> all.add(name + "=" + value));
                request.header("Cookie", String.join("; ", all));
            }
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }

        private Optional<String> take(HttpResponse<String> response) {
            for (var header : response.headers().allValues("Set-Cookie")) {
                var pair = header.split(";", 2)[0].split("=", 2);
                cookies.put(pair[0], pair[1]);
            }
            html = response.body();
            return response.headers().firstValue("Location");
        }
    }

    /** Whoever runs Keycloak makes a new key that signs from now on. */
    void rotateKeys() throws Exception {
        var realm = new JsonObject(admin("GET", "", null));
        admin(
                "POST",
                "/components",
                new JsonObject()
                        .put("name", "another key")
                        .put("providerId", "rsa-generated")
                        .put("providerType", "org.keycloak.keys.KeyProvider")
                        .put("parentId", realm.getString("id"))
                        .put("config", new JsonObject().put("priority", new JsonArray().add("500")))
                        .encode());
    }

    /** Takes or gives a role. */
    void role(String method, String username, String role) throws Exception {
        var user = new JsonArray(admin("GET", "/users?exact=true&username=" + username, null)).getJsonObject(0);
        var found = new JsonObject(admin("GET", "/roles/" + role, null));
        admin(
                method,
                "/users/" + user.getString("id") + "/role-mappings/realm",
                new JsonArray().add(found).encode());
    }

    private String admin(String method, String path, String body) throws Exception {
        var login = HTTP.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + port + "/realms/master/protocol/openid-connect/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "grant_type=password&client_id=admin-cli&username=root&password=root"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/admin/realms/ops" + path))
                .header("Authorization", "Bearer " + new JsonObject(login.body()).getString("access_token"))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            List<Path> all;
            try (var files = Files.walk(folder)) {
                all = files.sorted(Comparator.reverseOrder()).toList();
            }
            for (var file : all) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Keycloak does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
