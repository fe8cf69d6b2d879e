package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schedules and tables in the whole product: a real repository, a real sshd, over HTTP. */
class SchedulesIT {
    @TempDir
    private static Path directory;

    private static World world;
    private static LinkOpsHere linkops;
    private static ApiClient api;

    @BeforeAll
    static void start() throws Exception {
        world = World.with(directory, 2)
                .script("hello", "#!/bin/bash", "echo \"hello $1\"")
                .schedules(
                        "schedules:",
                        "  every-minute:",
                        "    cron: '* * * * *'",
                        "    scripts: [hello]",
                        "    flags: {hello: ['by the clock']}",
                        "    targets: ['*']",
                        "  nightly:",
                        "    cron: '30 2 * * *'",
                        "    timezone: Europe/Berlin",
                        "    description: While everybody sleeps",
                        "    scripts: [hello]",
                        "    targets: ['tag:web']",
                        "    on_failure: continue",
                        "    concurrency: 2")
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

    @Test
    void thoseOfTheRepositoryAreInForceAndStartByTheClock() throws Exception {
        var nightly = api.get("/api/schedules/nightly").json();
        assertThat(nightly.getString("source")).isEqualTo("git");
        assertThat(nightly.getString("timezone")).isEqualTo("Europe/Berlin");
        assertThat(nightly.getString("on_failure")).isEqualTo("continue");
        assertThat(nightly.getString("next_at")).isNotNull();
        var minute = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.MINUTES);
        Patience.until("the minute is over", () -> Instant.now().isAfter(minute));
        Patience.until(
                "the schedule has started an operation",
                () -> api.get("/api/schedules/every-minute/firings").json().getJsonArray("firings").stream()
                        .anyMatch(
                                each -> ((JsonObject) each).getString("outcome").equals("started")));
        var firing = api.get("/api/schedules/every-minute").json().getJsonObject("last");
        var id = firing.getString("operation_id");
        var events = api.events(id);
        assertThat(events.getLast().data().getString("status")).isEqualTo("success");
        var operation = api.get("/api/operations/" + id).json();
        assertThat(operation.getString("started_by")).isEqualTo("schedule:every-minute");
        var table = api.post(
                        "/api/tables/query",
                        new JsonObject()
                                .put("table", "tbl_operations_history")
                                .put(
                                        "filters",
                                        new JsonArray()
                                                .add(new JsonObject()
                                                        .put("col", "started_by")
                                                        .put("op", "eq")
                                                        .put("val", "schedule:every-minute"))))
                .json();
        assertThat(table.getJsonArray("rows").stream()
                        .map(row -> ((JsonObject) row).getString("id"))
                        .collect(Collectors.toList()))
                .contains(id);
        var row = table.getJsonArray("rows").getJsonObject(0);
        assertThat(row.getString("status")).isEqualTo("success");
        assertThat(row.getLong("duration_ms")).isNotNegative();
        assertThat(row.getJsonArray("scripts")).isEqualTo(new JsonArray().add("hello"));
    }

    @Test
    void oneIsMadeStartedByHandSwitchedOffAndRemoved() throws Exception {
        var work = new JsonObject()
                .put("cron", "0 4 1 1 *")
                .put("scripts", new JsonArray().add("hello"))
                .put("targets", new JsonArray().add("link-001"));
        assertThat(api.put("/api/schedules/mine", work).status()).isEqualTo(200);
        var queued = api.post("/api/schedules/mine/run").json();
        assertThat(api.events(queued.getString("operation_id")).getLast().data().getString("status"))
                .isEqualTo("success");
        assertThat(api.post("/api/schedules/mine/enabled", new JsonObject().put("enabled", false))
                        .json()
                        .getValue("next_at"))
                .isNull();
        assertThat(api.put("/api/schedules/nightly", work).status()).isEqualTo(409);
        assertThat(api.delete("/api/schedules/mine").status()).isEqualTo(204);
        assertThat(api.get("/api/schedules/mine").status()).isEqualTo(404);
    }

    @Test
    void everyTableAnswersWithItsColumns() throws Exception {
        for (var each : api.get("/api/tables").json().getJsonArray("tables")) {
            var table = ((JsonObject) each).getString("name");
            var answer = api.post("/api/tables/query", new JsonObject().put("table", table));
            assertThat(answer.status()).as(table + answer.body()).isEqualTo(200);
            var columns = answer.json().getJsonObject("meta").getJsonArray("columns");
            for (var row : answer.json().getJsonArray("rows")) {
                assertThat(((JsonObject) row).fieldNames())
                        .containsExactlyElementsOf(columns.stream()
                                .map(column -> ((JsonObject) column).getString("name"))
                                .toList());
            }
        }
    }
}
