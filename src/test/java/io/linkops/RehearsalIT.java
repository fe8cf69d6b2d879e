package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsHere;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking before leaping: a dry run says what a run then does, a preflight names what stands in its way. */
class RehearsalIT {
    @TempDir
    private static Path directory;

    private static World world;
    private static LinkOpsHere linkops;
    private static ApiClient api;

    @BeforeAll
    static void start() throws Exception {
        var path = Files.createDirectory(directory.resolve("path"));
        var sudo = Files.writeString(
                path.resolve("sudo"), "#!/bin/bash\n[ ! -e " + directory + "/asks ] || exit 1\nexec \"${@:2}\"\n");
        assertThat(sudo.toFile().setExecutable(true)).isTrue();
        world = World.with(directory, 8, List.of("SetEnv PATH=" + path + ":/usr/local/bin:/usr/bin:/bin"))
                .script("one", "#!/bin/bash -e", "printf '%s|' \"$@\" \"${WHO-}\"")
                .timeout("one", "40s")
                .fields(
                        "one",
                        "needs: [sudo, no-such-command]",
                        "parameters:",
                        "  level: {type: int, min: 1, max: 9, default: 3}",
                        "  who: {type: text, env: WHO}")
                .script("two", "#!/usr/bin/env bash", "true")
                .script("snake", "#!/usr/bin/python3")
                .commit();
        linkops = LinkOpsHere.start(world, Map.of());
        api = linkops.api();
        World.enroll(api);
    }

    @AfterAll
    static void end() throws Exception {
        linkops.close();
        world.close();
    }

    private static JsonObject request() {
        return new JsonObject()
                .put("scripts", new JsonArray().add("two").add("one"))
                .put(
                        "flags",
                        new JsonObject().put("one", new JsonArray().add("--x").add("$y")))
                .put("parameters", new JsonObject().put("one", new JsonObject().put("who", "a b")))
                .put("timeouts", new JsonObject().put("two", 90))
                .put("targets", new JsonArray().add("link-00*").add("!link-005"))
                .put("concurrency", 4)
                .put("batch", new JsonObject().put("canary", 1).put("size", 4));
    }

    private static JsonObject rehearse(JsonObject body) throws Exception {
        var answer = api.post("/api/operations/run", body.copy().put("dry_run", true));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void aDryRunConnectsNowhereKeepsNothingAndIsWhatTheRunThenDoes() throws Exception {
        long connections = connectionsMade();
        var before = linkops.column("SELECT id FROM operations UNION ALL SELECT id FROM executions");
        var journal = linkops.column("SELECT count(*) FROM journal");
        var rehearsal = rehearse(request());
        assertThat(connectionsMade()).isEqualTo(connections).isPositive();
        assertThat(linkops.column("SELECT id FROM operations UNION ALL SELECT id FROM executions"))
                .isEqualTo(before);
        assertThat(linkops.column("SELECT count(*) FROM journal")).isEqualTo(journal);

        assertThat(rehearsal.getBoolean("would_run")).isTrue();
        assertThat(rehearsal.getJsonArray("batches")).containsExactly(1, 4, 2);
        var operation = World.await(api, World.run(api, request()));
        assertThat(operation.getString("status")).isEqualTo("success");
        assertThat(operation.getJsonArray("inputs")).isEqualTo(rehearsal.getJsonArray("scripts"));
        for (var field : List.of("commit", "concurrency")) {
            assertThat(operation.getValue(field)).isEqualTo(rehearsal.getValue(field));
        }
        List<String> expected = new ArrayList<>();
        each(rehearsal, "targets")
                .forEach(target -> each(rehearsal, "scripts")
                        .forEach(script -> expected.add(target.getString("target")
                                + script.getString("script")
                                + script.getString("sha256")
                                + script.getJsonArray("arguments"))));
        assertThat(World.executions(operation)
                        .map(each -> each.getString("target")
                                + each.getString("script")
                                + each.getString("sha256")
                                + each.getJsonArray("arguments"))
                        .toList())
                .isEqualTo(expected);
        assertThat(each(rehearsal, "targets").stream().map(each -> each.getInteger("batch")))
                .containsExactly(1, 2, 2, 2, 2, 3, 3);
        assertThat(each(rehearsal, "targets").getFirst().getJsonArray("route").getString(0))
                .contains(world.sshd().host(1));
        var one = each(rehearsal, "scripts").get(1);
        assertThat(one.getLong("timeout_ms")).isEqualTo(40_000);
        assertThat(one.getString("path")).isEqualTo("scripts/one.sh");
        assertThat(one.getJsonObject("parameters").getMap()).isEqualTo(Map.of("level", "3", "who", "a b"));
        assertThat(each(rehearsal, "scripts").getFirst().getLong("timeout_ms")).isEqualTo(90_000);
        var sample = World.executions(operation)
                .filter(each -> each.getString("script").equals("one"))
                .findFirst()
                .orElseThrow();
        assertThat(output(operation, sample)).isEqualTo("--level=3|--x|$y|a b|");
    }

    @Test
    void aDryRunNamesTheTargetsThatWouldRefuseIt() throws Exception {
        var file = world.clientIdFile("link-004");
        Files.writeString(file, "LINKOPS-other\n");
        try {
            api.post("/api/links/link-004/verify");
            var rehearsal = rehearse(request());
            assertThat(rehearsal.getBoolean("would_run")).isFalse();
            var refusing = each(rehearsal, "targets").stream()
                    .filter(each -> each.getString("reason") != null)
                    .toList();
            assertThat(refusing).hasSize(1);
            assertThat(refusing.getFirst().getString("target")).isEqualTo("link-004");
            assertThat(refusing.getFirst().getString("reason")).isEqualTo("client_id_mismatch");
            assertThat(refusing.getFirst().getString("error")).isNotBlank();
            assertThat(api.post("/api/operations/run", request()).status()).isEqualTo(403);
        } finally {
            Files.writeString(file, world.clientId("link-004") + "\n");
            api.post("/api/links/link-004/verify");
        }
        for (var wrong : Map.of(
                        request().put("scripts", new JsonArray().add("snake")), 400,
                        request().put("targets", new JsonArray().add("nowhere")), 404,
                        request().put("timeouts", new JsonObject().put("two", 90_000)), 400)
                .entrySet()) {
            var answer = api.post("/api/operations/run", wrong.getKey().put("dry_run", true));
            assertThat(answer.status()).as(answer.body()).isEqualTo(wrong.getValue());
        }
    }

    @Test
    void aPreflightNamesEachTrouble() throws Exception {
        Files.writeString(directory.resolve("asks"), "");
        Files.writeString(world.clientIdFile("link-002"), "LINKOPS-other\n");
        Files.delete(world.clientIdFile("link-003"));
        try {
            var one = World.await(api, preflight("one"));
            assertThat(one.getString("kind")).isEqualTo("preflight");
            assertThat(one.getString("status")).isEqualTo("failed");
            var executions = World.executions(one).toList();
            assertThat(executions).hasSize(3);
            assertThat(executions.get(0).getString("reason")).isEqualTo("preflight");
            assertThat(executions.get(0).getString("error"))
                    .contains("a command that a script needs is missing; sudo asks for a password");
            assertThat(output(one, executions.get(0)))
                    .contains("ok: bash ")
                    .contains("ok: sha256sum is there")
                    .contains("MiB are free in ")
                    .contains("problem: there is no no-such-command, which a script needs")
                    .contains("problem: sudo asks for a password");
            assertThat(executions.get(1).getString("reason")).isEqualTo("client_id_mismatch");
            assertThat(executions.get(2).getString("reason")).isEqualTo("client_id_missing");

            var two = World.await(api, preflight("two"));
            assertThat(World.executions(two).map(each -> each.getString("status")))
                    .containsExactly("success", "failed", "failed");
        } finally {
            Files.delete(directory.resolve("asks"));
            for (var id : List.of("link-002", "link-003")) {
                Files.writeString(world.clientIdFile(id), world.clientId(id) + "\n");
            }
            World.await(api, World.verify(api, "*"));
        }
    }

    private static long connectionsMade() throws Exception {
        return world.sshd()
                .log()
                .lines()
                .filter(line -> line.startsWith("Connection from"))
                .count();
    }

    private static String preflight(String script) throws Exception {
        var answer = api.post(
                "/api/operations/preflight",
                new JsonObject()
                        .put("scripts", new JsonArray().add(script))
                        .put("targets", new JsonArray(List.of("link-001", "link-002", "link-003"))));
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.json().getString("operation_id");
    }

    private static String output(JsonObject operation, JsonObject execution) throws Exception {
        return new String(
                api.download("/api/operations/" + operation.getString("id") + "/executions/" + execution.getString("id")
                        + "/output"),
                StandardCharsets.UTF_8);
    }

    private static List<JsonObject> each(JsonObject json, String field) {
        return json.getJsonArray(field).stream().map(JsonObject.class::cast).toList();
    }
}
