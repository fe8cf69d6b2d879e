package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsHere;
import io.linkops.world.Patience;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches, canary, failure limit, pause and resume, on a hundred links behind a real sshd. */
class RolloutIT {
    private static final int LINKS = 100;

    @TempDir
    private static Path directory;

    private static World world;
    private static LinkOpsHere linkops;
    private static ApiClient api;

    @BeforeAll
    static void start() throws Exception {
        Files.createDirectories(directory.resolve("ran"));
        world = World.with(directory, LINKS)
                .script(
                        "update",
                        "#!/bin/bash",
                        "echo ran >>" + directory + "/ran/$LINKOPS_OPERATION.$LINKOPS_LINK",
                        "case $LINKOPS_LINK in *7) echo broken >&2; exit 3 ;; esac",
                        "echo updated")
                .commit();
        linkops = LinkOpsHere.start(world, Map.of("ssh.connection_timeout", 60));
        api = linkops.api();
        World.enroll(api);
    }

    @AfterAll
    static void end() throws Exception {
        linkops.close();
        world.close();
    }

    /** Every tenth link fails, from the seventh on: the canary is fine, the fourth batch breaks the limit. */
    @Test
    void stopsAtItsFailureLimitWithExactlyTheRestNotStarted() throws Exception {
        var id = submit(new JsonObject()
                .put("canary", 5)
                .put("size", 10)
                .put("max_failures", 2)
                .put("pause_s", 1));
        var events = api.events(id);
        var operation = api.get("/api/operations/" + id).json();

        assertThat(operation.getString("status")).isEqualTo("partial");
        assertThat(operation.getString("reason"))
                .contains("3 of 100 targets failed, more than the limit of 2")
                .contains("24 of 100 executions succeeded (3 failed, 73 skipped)");
        // link-007, link-017 and link-027 failed, one after the other.
        var started = targets(operation, each -> !each.getString("status").equals("skipped"));
        assertThat(started).isEqualTo(world.ids().subList(0, 27));
        assertThat(ran(id)).isEqualTo(Set.copyOf(started));
        assertThat(World.executions(operation)
                        .filter(each -> each.getString("status").equals("skipped"))
                        .map(each -> each.getString("reason"))
                        .distinct())
                .containsExactly("failure_limit");
        assertThat(told(events, "batch.started")
                        .map(each -> each.getInteger("batch") + "/" + each.getInteger("of") + ":"
                                + each.getInteger("targets")))
                .containsExactly("1/11:5", "2/11:10", "3/11:10", "4/11:10");
        assertThat(told(events, "operation.paused").map(each -> each.getString("reason")))
                .containsExactly("between_batches", "between_batches", "between_batches");
        assertThat(told(events, "operation.paused").map(each -> each.getString("until")))
                .doesNotContainNull();
        assertThat(told(events, "operation.resumed")).hasSize(3);
        assertThat(operation.getJsonObject("batch").getInteger("current")).isEqualTo(4);
        requireOneBatchAtATime(events, 5, 10);
    }

    @Test
    void waitsAfterTheCanaryUntilSomebodyResumesIt() throws Exception {
        var id = submit(new JsonObject()
                .put("canary", 3)
                .put("pause_after_canary", true)
                .put("size", 50));
        Patience.until("it pauses", () -> pause(id) != null);
        assertThat(pause(id).getString("reason")).isEqualTo("canary");
        assertThat(show(id).getString("status")).isEqualTo("running");
        assertThat(ran(id)).isEqualTo(Set.copyOf(world.ids().subList(0, 3)));

        assertThat(post(id, "resume")).isEqualTo(new JsonObject().put("resumed", true));
        var ended = World.await(api, id);
        assertThat(ended.getString("status")).isEqualTo("partial");
        assertThat(ended.getString("reason")).isEqualTo("90 of 100 executions succeeded (10 failed)");
        assertThat(ended.getValue("pause")).isNull();
        assertThat(ran(id)).hasSize(LINKS);
        assertThat(post(id, "resume")).isEqualTo(new JsonObject().put("resumed", false));
        assertThat(post(id, "pause")).isEqualTo(new JsonObject().put("paused", false));
        assertThat(told(api.events(id), "operation.resumed").map(each -> each.getString("by")))
                .containsExactly("admin");
        requireGroups(id);
    }

    /** What failed alike is one group, what succeeded alike another. */
    private static void requireGroups(String id) throws Exception {
        var groups = api.get("/api/operations/" + id + "/groups?script=update")
                .json()
                .getJsonArray("groups");
        assertThat(groups).hasSize(2);
        assertThat(groups.getJsonObject(0).getInteger("count")).isEqualTo(90);
        assertThat(groups.getJsonObject(0).getJsonArray("targets")).hasSize(90);
        assertThat(groups.getJsonObject(1).getInteger("count")).isEqualTo(10);
        assertThat(groups.getJsonObject(1).getInteger("exit_code")).isEqualTo(3);
        assertThat(groups.getJsonObject(1).getString("stderr_sha256")).isEqualTo(sha256("broken\n"));
        assertThat(groups.getJsonObject(1).getJsonArray("targets")).contains("link-007", "link-097");
        assertThat(api.get("/api/operations/" + id + "/groups?script=other")
                        .json()
                        .getJsonArray("groups"))
                .isEmpty();
    }

    @Test
    void aPauseByHandHoldsItUntilItIsResumed() throws Exception {
        var id = submit(new JsonObject().put("size", 10).put("pause_s", 600));
        Patience.until("the first batch is over", () -> pause(id) != null);
        assertThat(pause(id).getString("reason")).isEqualTo("between_batches");
        assertThat(pause(id).getString("until")).isNotNull();
        assertThat(post(id, "pause").getBoolean("paused")).isTrue();
        assertThat(pause(id).getString("reason")).isEqualTo("by_hand");
        assertThat(pause(id).getString("by")).isEqualTo("admin");
        assertThat(ran(id)).hasSize(10);
        assertThat(post(id, "resume").getBoolean("resumed")).isTrue();
        Patience.until("the second batch is over", () -> pause(id) != null && ran(id).size() == 20);

        // A stop while it pauses.
        assertThat(api.post("/api/operations/" + id + "/stop").json().getBoolean("stopping"))
                .isTrue();
        var ended = World.await(api, id);
        assertThat(ended.getString("status")).isEqualTo("stopped");
        assertThat(ended.getValue("pause")).isNull();
        assertThat(World.executions(ended)
                        .collect(Collectors.groupingBy(each -> each.getString("status"), Collectors.counting())))
                .isEqualTo(Map.of("success", 18L, "failed", 2L, "skipped", 80L));
        assertThat(ran(id)).hasSize(20);
    }

    @Test
    void anOperationThatPausesTakesNobodysPlace() throws Exception {
        var paused = submit(new JsonObject().put("canary", 1).put("pause_after_canary", true));
        Patience.until("it pauses", () -> pause(paused) != null);
        assertThat(World.await(api, World.run(api, 5, List.of("update"), "link-001"))
                        .getString("status"))
                .isEqualTo("success");
        assertThat(api.post("/api/operations/" + paused + "/stop").status()).isEqualTo(202);
        assertThat(World.await(api, paused).getString("status")).isEqualTo("stopped");
    }

    private static void requireOneBatchAtATime(List<ApiClient.Event> events, int canary, int size) {
        int batch = 0;
        int running = 0;
        for (var event : events) {
            switch (event.type()) {
                case "batch.started" -> {
                    assertThat(running).as("nothing of the batch before runs").isZero();
                    batch++;
                }
                case "execution.started" -> {
                    running++;
                    int index = event.data().getInteger("index");
                    assertThat(index < canary ? 1 : 2 + (index - canary) / size).isEqualTo(batch);
                }
                case "execution.finished" ->
                    running -= event.data().getString("status").equals("skipped") ? 0 : 1;
                default -> {}
            }
        }
        assertThat(running).isZero();
    }

    private static String submit(JsonObject batch) throws Exception {
        return World.run(
                api,
                new JsonObject()
                        .put("scripts", new JsonArray().add("update"))
                        .put("targets", new JsonArray().add("*"))
                        .put("concurrency", 1)
                        .put("batch", batch));
    }

    private static JsonObject show(String id) throws Exception {
        return api.get("/api/operations/" + id).json();
    }

    private static JsonObject pause(String id) throws Exception {
        return show(id).getJsonObject("pause");
    }

    private static JsonObject post(String id, String what) throws Exception {
        var answer = api.post("/api/operations/" + id + "/" + what);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static Stream<JsonObject> told(List<ApiClient.Event> events, String type) {
        return events.stream().filter(event -> event.type().equals(type)).map(ApiClient.Event::data);
    }

    private static List<String> targets(JsonObject operation, java.util.function.Predicate<JsonObject> which) {
        return World.executions(operation)
                .filter(which)
                .map(each -> each.getString("target"))
                .toList();
    }

    /** Where it really ran, each once. */
    private static Set<String> ran(String id) throws Exception {
        try (var files = Files.list(directory.resolve("ran"))) {
            var own = files.filter(file -> file.getFileName().toString().startsWith(id + "."))
                    .toList();
            for (var file : own) {
                assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(1);
            }
            return own.stream()
                    .map(file -> file.getFileName().toString().substring(id.length() + 1))
                    .collect(Collectors.toSet());
        }
    }

    private static String sha256(String text) throws Exception {
        var digest = java.security.MessageDigest.getInstance("SHA-256")
                .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return java.util.HexFormat.of().formatHex(digest);
    }
}
