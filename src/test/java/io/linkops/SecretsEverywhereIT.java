package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsProcess;
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
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * Secrets are planted wherever LinkOps takes one, and used until something fails; then everything that people, files
 * and other processes can see is searched for them, in every form.
 */
class SecretsEverywhereIT {
    private static final String ODD = "+/&= %\u00e9\"'\\-";

    @TempDir
    private Path directory;

    private final Map<String, String> planted = new TreeMap<>();
    private final Map<String, String> seen = new TreeMap<>();
    private final ConcurrentSkipListSet<String> commands = new ConcurrentSkipListSet<>();

    private String plant(String where) {
        var secret = "Planted-" + where + ODD + Integer.toHexString(where.hashCode()) + "-for-nobody-to-see";
        planted.put(where, secret);
        return secret;
    }

    @Test
    void plantedSecretsAreFoundNowhere() throws Exception {
        var secrets = Files.createDirectory(directory.resolve("secrets"));
        privately(secrets.resolve("fleet"), plant("file"));
        privately(directory.resolve("secrets.ini"), """
            [api]
            jwt_secret = %s
            [git]
            webhook_secret = %s
            token = file:%s
            [notifications]
            smtp_password = vault:mail
            """.formatted(
                        plant("jwt"), plant("hook"), privately(directory.resolve("git.token"), plant("gittoken"))));
        var settings = new TreeMap<String, Object>(Map.of(
                "security.secrets_directory", secrets,
                "logging.level", "debug",
                "logging.path", directory.resolve("data/linkops.log"),
                "notifications.smtp_host", "127.0.0.1",
                "notifications.smtp_port", 1,
                "notifications.smtp_user", "linkops",
                "notifications.retry_delay", "1s"));
        try (var world = world()) {
            var config = world.configure(settings);
            command(config, plant("mail"), "put", "mail");
            command(config, plant("vault"), "put", "fleet-vault");
            var isOver = new AtomicBoolean();
            var sampler = Thread.ofPlatform().start(() -> sample(isOver));
            String id;
            try (var linkops = LinkOpsProcess.start(directory, "serve", "--config", config.toString())) {
                var api = linkops.login();
                World.enroll(api);
                channels(api);
                api.put("/api/secrets/api", new JsonObject().put("value", plant("api")));
                api.put(
                        "/api/secrets/bad",
                        new JsonObject().put("value", plant("refused")).put("x", 1));
                id = World.run(api, request());
                var operation = World.await(api, id);
                assertThat(operation.getString("status")).as(operation.encode()).isEqualTo("failed");
                api.events(id)
                        .forEach(
                                event -> see("event " + event.id(), event.data().encode()));
                assertThat(output(api, operation)).contains("plain ***", "json ***", "end of output");
                answers(api, operation);
                see("stdout", linkops.output());
            }
            settings.put(
                    "git.repository_url",
                    "https://" + URLEncoder.encode(plant("url"), StandardCharsets.UTF_8) + "@127.0.0.1:1/fleet.git");
            try (var linkops = LinkOpsProcess.start(
                    directory, "serve", "--config", world.configure(settings).toString())) {
                var api = linkops.login();
                var sync = api.post("/api/git/sync");
                assertThat(sync.status()).as(sync.body()).isGreaterThanOrEqualTo(400);
                see("sync", sync.body());
                answers(api, api.get("/api/operations/" + id).json());
                files();
                linkops.kill();
                see("stdout again", linkops.output());
            }
            isOver.set(true);
            sampler.join();
        }
        files();
        commands.forEach(command -> see("process " + command.hashCode(), command));

        var found = new ArrayList<String>();
        planted.forEach((where, secret) -> forms(secret)
                .forEach((form, text) -> seen.forEach((place, all) -> {
                    int at = all.indexOf(text);
                    if (at >= 0) {
                        found.add(where + " as " + form + " in " + place + ": "
                                + all.substring(Math.max(0, at - 60), Math.min(all.length(), at + text.length() + 20)));
                    }
                })));
        assertThat(found).isEmpty();

        // The search itself finds what is there.
        assertThat(planted).hasSize(10);
        assertThat(seen.get("data/linkops.log")).contains("PUT /api/secrets/api");
        assertThat(seen.keySet()).anyMatch(place -> place.endsWith("linkops.db"));
        assertThat(String.join("", commands)).contains("--config");
    }

    private World world() throws Exception {
        return World.with(directory, 1)
                .script(
                        "fail",
                        "#!/bin/bash",
                        "for secret in \"$TOKEN\" \"$OTHER\"; do",
                        "  echo \"plain $secret\"; echo \"plain $secret\" >&2",
                        "  for before in '' a ab; do printf %s \"$before$secret\" | base64 -w0; echo; done",
                        "  printf %s \"$secret\" | od -An -v -tx1 | tr -d ' \\n'; echo",
                        "  printf %s \"$secret\" | od -An -v -tx1 | tr -d ' \\n' | sed 's/../%&/g'; echo",
                        "  escaped=${secret//\\\\/\\\\\\\\}; echo \"json ${escaped//\\\"/\\\\\\\"}\"",
                        "done",
                        "sleep 1; echo 'end of output'; exit 7")
                .fields(
                        "fail",
                        "parameters:",
                        "  token: {type: secret, env: TOKEN, required: true}",
                        "  other: {type: secret, env: OTHER, required: true}")
                .commit();
    }

    private static JsonObject request() {
        return new JsonObject()
                .put("scripts", new JsonArray().add("fail"))
                .put("targets", new JsonArray().add("*"))
                .put(
                        "parameters",
                        new JsonObject()
                                .put(
                                        "fail",
                                        new JsonObject().put("token", "fleet").put("other", "vault:fleet-vault")));
    }

    private void channels(ApiClient api) throws Exception {
        var hook = new JsonObject()
                .put("name", "Chat")
                .put("kind", "webhook")
                .put("url", "http://127.0.0.1:1/hook")
                .put("secret", plant("channel"))
                .put("events", new JsonArray().add("operation.failed"));
        var mail = new JsonObject()
                .put("name", "Mail")
                .put("kind", "mail")
                .put("to", new JsonArray().add("ops@example.org"))
                .put("events", new JsonArray().add("operation.failed"));
        for (var each : List.of(hook, mail)) {
            var made = api.post("/api/notifications/channels", each);
            assertThat(made.status()).as(made.body()).isEqualTo(201);
            see("channel", made.body());
            see(
                    "test of a channel",
                    api.post("/api/notifications/channels/" + made.json().getString("id") + "/test")
                            .body());
        }
    }

    private String output(ApiClient api, JsonObject operation) throws Exception {
        var execution = World.executions(operation).findFirst().orElseThrow().getString("id");
        var path = "/api/operations/" + operation.getString("id") + "/executions/" + execution + "/output";
        var output = new String(api.download(path), StandardCharsets.UTF_8);
        see(path, output);
        return output;
    }

    /** Everything that can be got, as openapi.yaml has it. */
    private void answers(ApiClient api, JsonObject operation) throws Exception {
        Map<String, Object> root = new Yaml().load(Files.readString(Path.of("src/main/resources/openapi.yaml")));
        int answered = 0;
        for (var path : ((Map<?, ?>) root.get("paths")).entrySet()) {
            var get = ((Map<?, ?>) path.getValue()).get("get");
            if (get != null
                    && !get.toString().contains("text/event-stream")
                    && !get.toString().contains("426")) {
                var asked = path.getKey()
                        .toString()
                        .replace(
                                "{execution}",
                                World.executions(operation)
                                        .findFirst()
                                        .orElseThrow()
                                        .getString("id"))
                        .replaceFirst("^/api/operations/\\{id}", "/api/operations/" + operation.getString("id"))
                        .replaceFirst("^/api/links/\\{id}", "/api/links/link-001")
                        .replaceFirst("^/api/scripts/\\{id}", "/api/scripts/fail")
                        .replaceAll("\\{[a-z_]+}", "links");
                var answer = api.get(asked);
                see(asked, answer.body());
                answered += answer.status() < 300 ? 1 : 0;
            }
        }
        assertThat(answered).isGreaterThan(15);
    }

    /** What LinkOps keeps: the database and its log, the repository, its log files. */
    private void files() throws IOException {
        try (var files = Files.walk(directory.resolve("data"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var name = directory.relativize(file).toString();
                byte[] bytes = Files.readAllBytes(file);
                see(name, new String(bytes, StandardCharsets.UTF_8));
                see(name + " (bytes)", new String(bytes, StandardCharsets.ISO_8859_1));
            }
        }
    }

    private void see(String place, String text) {
        seen.merge(place, text, (before, now) -> before + "\n" + now);
    }

    /** Everything that ps can show, here and, as the link is this machine, there. */
    private void sample(AtomicBoolean isOver) {
        while (!isOver.get()) {
            try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
                for (var process : processes) {
                    try {
                        commands.add(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                                .replace('\0', ' '));
                    } catch (IOException e) {
                        // gone meanwhile
                    }
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private void command(Path config, String value, String... words) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.linkops.Main",
                "secrets"));
        command.addAll(List.of(words));
        command.addAll(List.of("--config", config.toString()));
        var out = Files.createTempFile(directory, "command", ".out");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try (var in = process.getOutputStream()) {
            in.write((value + "\n").getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor()).as(Files.readString(out)).isZero();
        see("command", Files.readString(out));
    }

    private static Path privately(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static Map<String, String> forms(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        var hex = HexFormat.of().formatHex(bytes);
        var url = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        Map<String, String> forms = new TreeMap<>();
        forms.put("itself", secret);
        forms.put("its bytes", new String(bytes, StandardCharsets.ISO_8859_1));
        forms.put("hex", hex);
        forms.put("HEX", hex.toUpperCase(Locale.ROOT));
        forms.put("url", url);
        forms.put("url with %20", url.replace("+", "%20"));
        forms.put("all percent", hex.replaceAll("..", "%$0"));
        forms.put("json", secret.replace("\\", "\\\\").replace("\"", "\\\""));
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            var base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            forms.put("base64 after " + before, base64.substring(4, base64.length() - 4));
        }
        return forms;
    }
}
