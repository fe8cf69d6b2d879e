package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.Patience;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 while operations pause: afterwards nothing goes on by itself, and everything has one end. */
class PausedCrashIT {
    private static final int LINKS = 6;

    @TempDir
    private Path directory;

    @Test
    void whatPausedWhenLinkOpsEndedIsClosedAndNothingOfItRuns() throws Exception {
        var ran = directory.resolve("ran");
        try (var world = World.with(directory, LINKS)
                .script("mark", "#!/bin/bash", "echo $LINKOPS_OPERATION $LINKOPS_LINK >>" + ran)
                .commit()) {
            var linkops = world.serve();
            List<String> paused;
            try {
                var api = linkops.login();
                World.enroll(api);
                // The time of the first is up soon after the kill: it must not be taken up again.
                paused = List.of(
                        submit(api, new JsonObject().put("size", 2).put("pause_s", 3)),
                        submit(api, new JsonObject().put("canary", 2).put("pause_after_canary", true)),
                        submit(api, new JsonObject().put("size", 2).put("pause_s", 600)));
                for (var id : paused) {
                    Patience.until("it pauses", () -> show(api, id).getJsonObject("pause") != null);
                }
                assertThat(api.post("/api/operations/" + paused.get(2) + "/pause")
                                .json()
                                .getBoolean("paused"))
                        .isTrue();
                linkops.kill();
            } finally {
                linkops.close();
            }
            var lines = Files.readAllLines(ran);
            assertThat(lines).hasSize(6);
            requireEnds(world, paused);
            assertThat(Files.readAllLines(ran).subList(0, 6)).isEqualTo(lines);
            for (var id : paused) {
                assertThat(Files.readAllLines(ran).stream().filter(line -> line.startsWith(id)))
                        .containsExactlyInAnyOrder(id + " link-001", id + " link-002");
            }
        }
    }

    private static void requireEnds(World world, List<String> paused) throws Exception {
        try (var linkops = world.serve()) {
            var api = linkops.login();
            for (var id : paused) {
                var operation = show(api, id);
                assertThat(operation.getString("status")).isEqualTo("interrupted");
                assertThat(operation.getValue("pause")).isNull();
                assertThat(operation.getString("ended_at")).isNotNull();
                assertThat(operation.getJsonObject("batch").getInteger("current"))
                        .isEqualTo(1);
                assertThat(World.executions(operation)
                                .collect(
                                        Collectors.groupingBy(each -> each.getString("status"), Collectors.counting())))
                        .isEqualTo(Map.of("success", 2L, "skipped", 4L));
                var events = api.events(id);
                assertThat(events.getLast().type()).isEqualTo("operation.finished");
                assertThat(events.stream().filter(event -> event.type().equals("execution.finished")))
                        .hasSize(LINKS);
                assertThat(api.post("/api/operations/" + id + "/resume").json().getBoolean("resumed"))
                        .isFalse();
            }
            // The time of the first one passes, and longer: others run meanwhile, it does not.
            var end = System.nanoTime() + 4_000_000_000L;
            while (System.nanoTime() < end) {
                World.await(api, World.run(api, 6, List.of("mark"), "*"));
            }
            // Whoever wants the rest asks for it.
            var answer = api.post("/api/operations/" + paused.getFirst() + "/retry", new JsonObject());
            assertThat(answer.status()).as(answer.body()).isEqualTo(202);
            var again = answer.json().getString("operation_id");
            assertThat(World.await(api, again).getString("status")).isEqualTo("success");
            assertThat(World.executions(show(api, again)).map(each -> each.getString("target")))
                    .containsExactly("link-003", "link-004", "link-005", "link-006");
        }
    }

    private static String submit(ApiClient api, JsonObject batch) throws Exception {
        return World.run(
                api,
                new JsonObject()
                        .put("scripts", new JsonArray().add("mark"))
                        .put("targets", new JsonArray().add("*"))
                        .put("batch", batch));
    }

    private static JsonObject show(ApiClient api, String id) throws Exception {
        return api.get("/api/operations/" + id).json();
    }
}
