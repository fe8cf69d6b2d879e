package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsHere;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A retry runs what is left undone, and nothing else, as it was the first time. */
class RetryIT {
    private static final List<String> ARGUMENTS = List.of("--level=7", "a b", "", "$(touch /tmp/x)", "'\"\n");

    @TempDir
    private static Path directory;

    private static World world;
    private static LinkOpsHere linkops;
    private static ApiClient api;
    private static Path trouble;

    @BeforeAll
    static void start() throws Exception {
        trouble = Files.createDirectories(directory.resolve("trouble"));
        world = World.with(directory, 6);
        linkops = LinkOpsHere.start(world, Map.of());
        api = linkops.api();
    }

    @BeforeEach
    void firstVersion() throws Exception {
        world.script("one", source("one", "first")).script("two", source("two", "first"));
        world.fields("one", "parameters:", "  level: {type: int, min: 1, max: 9}");
        world.commit();
        World.enroll(api);
        for (var file : List.of("one.link-002", "two.link-003", "two.link-005")) {
            Files.writeString(trouble.resolve(file), "");
        }
    }

    private static String[] source(String script, String version) {
        return new String[] {
            "#!/bin/bash",
            "printf '%s|' " + version + " \"$@\"",
            "[ ! -e " + trouble + "/" + script + ".$LINKOPS_LINK ] || exit 4"
        };
    }

    @AfterAll
    static void end() throws Exception {
        linkops.close();
        world.close();
    }

    @Test
    void takesExactlyWhatFailedAtThePinnedCommitAlthoughTheBranchHasMoved() throws Exception {
        var first = firstRun();
        world.script("one", source("one", "second"))
                .withoutScripts()
                .script("other", "#!/bin/bash")
                .commit();
        assertThat(api.post("/api/git/sync").status()).isEqualTo(200);
        requireRetry(first);
    }

    @Test
    void takesTheSameBytesEvenAfterTheHistoryWasRewritten() throws Exception {
        var first = firstRun();
        world.rewriteHistory()
                .script("one", source("one", "rewritten"))
                .script("two", source("two", "rewritten"))
                .commit();
        assertThat(api.post("/api/git/sync").status()).isEqualTo(200);
        requireRetry(first);
    }

    /** link-002 failed in one, so two was skipped there; link-003 and link-005 failed in two. */
    private static JsonObject firstRun() throws Exception {
        var id = World.run(
                api,
                new JsonObject()
                        .put("scripts", new JsonArray().add("one").add("two"))
                        .put("flags", new JsonObject().put("one", new JsonArray(ARGUMENTS.subList(1, 5))))
                        .put("parameters", new JsonObject().put("one", new JsonObject().put("level", 7)))
                        .put("timeouts", new JsonObject().put("two", 77))
                        .put("targets", new JsonArray().add("*"))
                        .put("concurrency", 3)
                        .put("batch", new JsonObject().put("size", 2).put("max_failures", 5)));
        var first = World.await(api, id);
        assertThat(first.getString("status")).isEqualTo("partial");
        assertThat(outcomes(first))
                .containsEntry("link-002 one", "failed")
                .containsEntry("link-002 two", "skipped")
                .containsEntry("link-003 two", "failed")
                .containsEntry("link-005 two", "failed")
                .hasSize(12);
        return first;
    }

    private static void requireRetry(JsonObject first) throws Exception {
        Files.delete(trouble.resolve("one.link-002"));
        Files.delete(trouble.resolve("two.link-003"));
        var path = "/api/operations/" + first.getString("id");
        var again = World.await(api, retry(path, new JsonObject()));

        assertThat(outcomes(again))
                .isEqualTo(Map.of(
                        "link-002 one", "success",
                        "link-002 two", "success",
                        "link-003 two", "success",
                        "link-005 two", "failed"));
        assertThat(again.getString("retry_of")).isEqualTo(first.getString("id"));
        assertThat(api.get(path).json().getJsonArray("retries")).containsExactly(again.getString("id"));
        for (var field : List.of("commit", "concurrency", "inputs")) {
            assertThat(again.getValue(field)).as(field).isEqualTo(first.getValue(field));
        }
        assertThat(again.getJsonObject("batch").getInteger("size")).isEqualTo(2);
        World.executions(again).forEach(each -> requireSame(each, first));
        requireOutput(again);
        // Of the retry again, by status and by link.
        var id = retry("/api/operations/" + again.getString("id"), new JsonObject().put("statuses", List.of("failed")));
        assertThat(outcomes(World.await(api, id))).isEqualTo(Map.of("link-005 two", "failed"));
        var some = new JsonObject().put("targets", List.of("link-005", "link-001"));
        assertThat(outcomes(World.await(api, retry(path, some)))).isEqualTo(Map.of("link-005 two", "failed"));
        assertThat(api.get(path).json().getJsonArray("retries")).hasSize(2);
        refuses(path, new JsonObject().put("targets", List.of("link-001")), 400, "VALIDATION_FAILED");
        refuses(path, new JsonObject().put("statuses", List.of("lost")), 400, "VALIDATION_FAILED");
        refuses(path, new JsonObject().put("statuses", List.of("success")), 400, "VALIDATION_FAILED");
        refuses(path, new JsonObject().put("targets", List.of("link-999")), 404, "LINK_NOT_FOUND");
        refuses("/api/operations/none", new JsonObject(), 404, "OPERATION_NOT_FOUND");
    }

    private static void requireSame(JsonObject execution, JsonObject first) {
        var before = World.executions(first)
                .filter(each -> key(each).equals(key(execution)))
                .findFirst()
                .orElseThrow();
        assertThat(execution.getString("sha256")).isEqualTo(before.getString("sha256"));
        assertThat(execution.getJsonArray("arguments")).isEqualTo(before.getJsonArray("arguments"));
    }

    /** What the script itself says: its version and the arguments it was given. */
    private static void requireOutput(JsonObject operation) throws Exception {
        for (var each : World.executions(operation).toList()) {
            var output = api.download(
                    "/api/operations/" + operation.getString("id") + "/executions/" + each.getString("id") + "/output");
            var expected =
                    each.getString("script").equals("one") ? "first|" + String.join("|", ARGUMENTS) + "|" : "first|";
            assertThat(new String(output, java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo(expected);
        }
    }

    @Test
    void refusesWhatIsNotOverAndLinksThatAreGoneOrAreNotWhatTheyWere() throws Exception {
        var first = firstRun();
        var path = "/api/operations/" + first.getString("id");
        Files.writeString(world.clientIdFile("link-003"), "LINKOPS-somebody-else\n");
        assertThat(api.post("/api/links/link-003/verify").json().getBoolean("enrolled"))
                .isFalse();
        var refused = refuses(path, new JsonObject(), 403, "NOT_ENROLLED");
        assertThat(refused).contains("link-003").doesNotContain("link-002");

        world.commit(world.linksYaml().replace("  link-005:", "  renamed:"));
        assertThat(api.post("/api/git/sync").status()).isEqualTo(200);
        assertThat(refuses(path, new JsonObject(), 404, "LINK_NOT_FOUND")).contains("link-005");

        Files.writeString(world.clientIdFile("link-003"), world.clientId("link-003") + "\n");
        var paused = World.run(
                api,
                new JsonObject()
                        .put("scripts", new JsonArray().add("one"))
                        .put("targets", new JsonArray().add("link-001").add("link-004"))
                        .put("batch", new JsonObject().put("size", 1).put("pause_s", 600)));
        assertThat(refuses("/api/operations/" + paused, new JsonObject(), 409, "CONFLICT"))
                .contains("not over");
        assertThat(api.post("/api/operations/" + paused + "/stop").status()).isEqualTo(202);
        World.await(api, paused);
        var verification = World.verify(api, "link-001");
        World.await(api, verification);
        refuses("/api/operations/" + verification, new JsonObject(), 409, "CONFLICT");
    }

    private static String retry(String path, JsonObject body) throws Exception {
        var answer = api.post(path + "/retry", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.json().getString("operation_id");
    }

    private static String refuses(String path, JsonObject body, int status, String code) throws Exception {
        var answer = api.post(path + "/retry", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.errorCode()).isEqualTo(code);
        return answer.errorMessage();
    }

    private static Map<String, String> outcomes(JsonObject operation) {
        var outcomes = new TreeMap<String, String>();
        World.executions(operation).forEach(each -> outcomes.put(key(each), each.getString("status")));
        return outcomes;
    }

    private static String key(JsonObject execution) {
        return execution.getString("target") + " " + execution.getString("script");
    }
}
