package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.Patience;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A secret reaches the script that needs it, and nothing and nobody else, in whatever form. */
class SecretIT {
    private static final String SECRET = "s3cr3t/+ &=%\u00e9\"'$(id)-xyzzy";

    @TempDir
    private static Path directory;

    private static World world;
    private static LinkOpsProcess linkops;
    private static ApiClient api;
    private static Path secrets;

    @BeforeAll
    static void start() throws Exception {
        secrets = Files.createDirectory(directory.resolve("secrets"));
        world = World.with(directory, 2)
                .script(
                        "login",
                        "#!/bin/bash",
                        "printf %s \"$TOKEN\" | sha256sum | cut -d' ' -f1 >" + directory + "/got.$LINKOPS_LINK",
                        "echo \"plain $TOKEN\"",
                        "for ((i = 0; i < ${#TOKEN}; i++)); do printf %s \"${TOKEN:i:1}\"; sleep 0.02; done",
                        "echo",
                        "printf %s \"user:$TOKEN\" | base64 -w0 >&2",
                        "printf '\\n%s' \"$TOKEN\" | od -An -v -tx1 | tr -d ' \\n' >&2",
                        "echo; echo \"${TOKEN//\\//%2F}\" | sed 's/+/%2B/; s/ /%20/'",
                        "until [ -e " + directory + "/go ]; do sleep 0.1; done",
                        "echo \"in args: $*\"")
                .fields(
                        "login",
                        "parameters:",
                        "  token: {type: secret, env: TOKEN, required: true}",
                        "  region: {type: enum, values: [north, south], default: north}")
                .commit();
        linkops = world.serve(Map.of("security.secrets_directory", secrets, "logging.level", "debug"));
        api = linkops.login();
        World.enroll(api);
        put("fleet-token", SECRET + "\n", "rw-------");
    }

    private static void put(String name, String text, String mode) throws IOException {
        Files.writeString(secrets.resolve(name), text);
        Files.setPosixFilePermissions(secrets.resolve(name), PosixFilePermissions.fromString(mode));
    }

    @AfterAll
    static void end() throws Exception {
        linkops.close();
        world.close();
    }

    private static JsonObject request(String name) {
        return new JsonObject()
                .put("scripts", new JsonArray().add("login"))
                .put("targets", new JsonArray().add("*"))
                .put("parameters", new JsonObject().put("login", new JsonObject().put("token", name)));
    }

    @Test
    void aSecretReachesTheScriptAndIsNowhereElse() throws Exception {
        List<String> seen = new ArrayList<>();
        seen.add(api.post("/api/operations/run", request("fleet-token").put("dry_run", true))
                .body());
        var id = World.run(api, request("fleet-token"));
        Patience.until(
                "both have it",
                () -> Files.exists(directory.resolve("got.link-001"))
                        && Files.exists(directory.resolve("got.link-002")));
        seen.add(commandLines());
        Files.writeString(directory.resolve("go"), "");
        var events = api.events(id);
        var operation = api.get("/api/operations/" + id).json();
        assertThat(operation.getString("status")).as(operation.encode()).isEqualTo("success");
        for (var link : world.ids()) {
            assertThat(Files.readString(directory.resolve("got." + link)).strip())
                    .isEqualTo(sha256(SECRET));
        }
        events.forEach(event -> seen.add(event.data().encode()));
        for (var each : World.executions(operation).toList()) {
            var path = "/api/operations/" + id + "/executions/" + each.getString("id") + "/output";
            // each by itself: which of the two comes first is the network's choice
            var output = new String(api.download(path + "?stream=stdout"), StandardCharsets.UTF_8);
            assertThat(output).contains("plain ***\n***\n").contains("in args: --region=north\n");
            seen.add(output);
            seen.add(new String(api.download(path + "?stream=stderr"), StandardCharsets.UTF_8));
            seen.add(new String(api.download(path), StandardCharsets.UTF_8));
            seen.add(each.encode());
        }
        seen.add(operation.encode());
        seen.add(api.get("/api/scripts").body());
        seen.add(linkops.output());
        seen.addAll(bytesOf(directory.resolve("data")));
        for (var form : forms()) {
            assertThat(seen.stream().filter(text -> text.contains(form)).map(text -> around(text, form)))
                    .as(form)
                    .isEmpty();
        }
        assertThat(operation
                        .getJsonArray("inputs")
                        .getJsonObject(0)
                        .getJsonObject("secrets")
                        .getMap())
                .isEqualTo(Map.of("TOKEN", "fleet-token"));

        // The search itself finds what is there.
        assertThat(seen).anyMatch(text -> text.contains("fleet-token"));
        assertThat(bytesOf(directory.resolve("data"))).anyMatch(text -> text.contains("in args: --region=north"));
    }

    private static List<String> forms() {
        byte[] bytes = SECRET.getBytes(StandardCharsets.UTF_8);
        var url = URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
        return List.of(
                SECRET,
                SECRET.substring(0, 12),
                SECRET.replace("\"", "\\\""),
                new String(bytes, StandardCharsets.ISO_8859_1),
                Base64.getEncoder().encodeToString(bytes),
                Base64.getEncoder().encodeToString(bytes).substring(4, 28),
                Base64.getEncoder()
                        .encodeToString(("user:" + SECRET).getBytes(StandardCharsets.UTF_8))
                        .substring(8, 32),
                HexFormat.of().formatHex(bytes),
                url,
                url.replace("+", "%20"),
                "s3cr3t%2F",
                "xyzzy");
    }

    private static String around(String text, String form) {
        int at = text.indexOf(form);
        return text.substring(Math.max(0, at - 100), Math.min(text.length(), at + 100));
    }

    @Test
    void aSecretOfTheVaultReachesTheScriptByNameOrByReference() throws Exception {
        Files.writeString(directory.resolve("go"), "");
        var value = "of the vault: " + SECRET;
        assertThat(api.put("/api/secrets/fleet-vault", new JsonObject().put("value", value))
                        .status())
                .isEqualTo(200);
        for (var reference : List.of("fleet-vault", "vault:fleet-vault")) {
            var id = World.run(api, request(reference));
            var operation = World.await(api, id);
            assertThat(operation.getString("status")).as(operation.encode()).isEqualTo("success");
            assertThat(Files.readString(directory.resolve("got.link-001")).strip())
                    .isEqualTo(sha256(value));
            assertThat(api.post("/api/secrets/rotate").status()).isEqualTo(200);
        }
        assertThat(api.get("/api/secrets").body())
                .contains("fleet-vault", "\"updated_by\":\"admin\"")
                .doesNotContain("xyzzy");
        assertThat(api.delete("/api/secrets/fleet-vault").status()).isEqualTo(204);
        assertThat(api.delete("/api/secrets/fleet-vault").status()).isEqualTo(404);
        var gone = World.await(api, World.run(api, request("vault:fleet-vault")));
        assertThat(World.executions(gone))
                .allSatisfy(execution ->
                        assertThat(execution.getString("error")).contains("linkops secrets put fleet-vault"));
        assertThat(linkops.output()).doesNotContain("xyzzy");
    }

    @Test
    void aSecretThatCannotBeUsedFailsTheExecutionAndSaysWhy() throws Exception {
        put("open", SECRET, "rw-r--r--");
        put("short", "abc", "rw-------");
        Files.createSymbolicLink(secrets.resolve("elsewhere"), secrets.resolve("fleet-token"));
        for (var each : Map.of(
                        "open", "chmod 600",
                        "short", "at least 6 characters",
                        "elsewhere", "not a regular file",
                        "missing", "LINKOPS_SECRET_MISSING",
                        "file:/etc/shadow", "are read from",
                        "env:PATH", "LINKOPS_SECRET_PATH",
                        "vault:open", "linkops secrets put open")
                .entrySet()) {
            var operation = World.await(api, World.run(api, request(each.getKey())));
            assertThat(operation.getString("status")).isEqualTo("failed");
            assertThat(World.executions(operation)).allSatisfy(execution -> {
                assertThat(execution.getString("reason")).isEqualTo("secret");
                assertThat(execution.getString("error"))
                        .contains(each.getValue())
                        .doesNotContain("s3cr3t");
            });
        }
        var answer = api.post("/api/operations/run", request("../fleet-token"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorMessage()).contains("parameters.login.token").contains("name of a secret");
    }

    /** Everything that ps can show. */
    private static String commandLines() throws IOException {
        var text = new StringBuilder();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var process : processes) {
                try {
                    text.append(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    // gone meanwhile
                }
            }
        }
        return text.toString();
    }

    private static List<String> bytesOf(Path root) throws IOException {
        List<String> texts = new ArrayList<>();
        try (var files = Files.walk(root)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
                texts.add(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            }
        }
        return texts;
    }

    private static String sha256(String text) throws Exception {
        var digest = java.security.MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }
}
