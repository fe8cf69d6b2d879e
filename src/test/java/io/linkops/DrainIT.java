package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.ApiClient.Event;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.Patience;
import io.linkops.world.TerminalClient;
import io.linkops.world.Terminals;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** P37 on a real process: SIGTERM while operations, event streams and a terminal are under way. */
@Tag("P37")
class DrainIT {
    @TempDir
    private Path directory;

    private World world;

    @BeforeEach
    void begin() throws Exception {
        world = World.with(directory, 4);
        world.script("brief", "#!/bin/bash", "for i in {1..20}; do echo \"line $i\"; sleep 0.1; done")
                .script("after", "#!/bin/bash", "echo ran >>" + directory.resolve("after"))
                .script(
                        "endless",
                        "#!/bin/bash",
                        "echo $$ >" + directory.resolve("endless.pid"),
                        "echo begun",
                        "sleep 600 & wait")
                .script("numbers", DurableIT.numbers(directory.resolve("ran").toString(), 100, "0.1"))
                .fields("numbers", "durable: always")
                .commit();
    }

    @Test
    void whatRunsMayFinishTheRestIsEndedAsWhatItIsAndEverybodyIsSentAwayProperly() throws Exception {
        String brief;
        String endless;
        String durable;
        try (var _ = world;
                var linkops = world.serve(Map.of("operations.shutdown_grace", 6))) {
            var api = linkops.login();
            int port = linkops.awaitPort();
            World.enroll(api);
            var workspace = Terminals.connected(api, "link-004");
            var terminal = TerminalClient.open(port, api.token(), workspace, "");
            var browser = CompletableFuture.supplyAsync(() -> events(api, "/api/events"));
            durable = World.run(api, 1, List.of("numbers"), "link-003");
            endless = World.run(api, 1, List.of("endless"), "link-002");
            brief = World.run(api, 1, List.of("brief", "after"), "link-001");
            var id = brief;
            var reader = CompletableFuture.supplyAsync(() -> events(api, "/api/operations/" + id + "/events"));
            for (var each : List.of(durable, endless, brief)) {
                api.events("/api/operations/" + each + "/events", 0, Event::isOutput);
            }

            linkops.terminate();
            Patience.until("it drains", () -> api.get("/readyz").status() == 503);
            assertThat(api.get("/readyz")
                            .json()
                            .getJsonObject("error")
                            .getJsonObject("details")
                            .getString("status"))
                    .isEqualTo("draining");
            assertThat(api.get("/healthz").status()).isEqualTo(200);
            assertThat(api.get("/api/operations/" + endless).json().getString("status"))
                    .isEqualTo("running");
            requireRefusal(port, api.token());

            assertThat(linkops.awaitExit()).as(linkops.output()).isZero();
            var told = reader.get(20, TimeUnit.SECONDS);
            assertThat(told.getLast().type()).isEqualTo("operation.finished");
            assertThat(told.getLast().data().getString("status")).isEqualTo("interrupted");
            assertThat(new String(ApiClient.output(told, execution(told, "brief"), "stdout"), StandardCharsets.UTF_8))
                    .isEqualTo(DurableIT.lines("line", 20));
            assertThat(browser.get(20, TimeUnit.SECONDS)).isNotEmpty();
            assertThat(terminal.awaitClose()).isEqualTo(1001);
            assertThat(ProcessHandle.of(Long.parseLong(
                            Files.readString(directory.resolve("endless.pid")).strip())))
                    .isEmpty();
            assertThat(directory.resolve("after")).doesNotExist();
            System.out.println("DrainIT: "
                    + linkops.output()
                            .lines()
                            .filter(line -> line.contains("stop") || line.contains("end"))
                            .toList());

            try (var next = world.serve()) {
                var after = next.login();
                requireEnds(after, brief, endless);
                var numbers = World.await(after, durable);
                assertThat(numbers.getString("status")).as(numbers.encode()).isEqualTo("failed");
                var execution = World.executions(numbers).findFirst().orElseThrow();
                assertThat(execution.getInteger("exit_code")).isEqualTo(7);
                assertThat(new String(
                                ApiClient.output(after.events(durable), execution.getString("id"), "stdout"),
                                StandardCharsets.UTF_8))
                        .isEqualTo(DurableIT.lines("out", 100));
                assertThat(Files.readAllLines(directory.resolve("ran"))).hasSize(1);
            }
        }
    }

    private static String execution(List<Event> events, String script) {
        return events.stream()
                .filter(event -> event.type().equals("execution.started"))
                .filter(event -> script.equals(event.data().getString("script")))
                .map(Event::execution)
                .findFirst()
                .orElseThrow();
    }

    private static void requireEnds(ApiClient api, String brief, String endless) throws Exception {
        var finished = api.get("/api/operations/" + brief).json();
        assertThat(finished.getString("status")).isEqualTo("interrupted");
        assertThat(World.executions(finished).map(each -> each.getString("status")))
                .containsExactly("success", "skipped");
        var ended = api.get("/api/operations/" + endless).json();
        assertThat(ended.getString("status")).isEqualTo("interrupted");
        var execution = World.executions(ended).findFirst().orElseThrow();
        assertThat(execution.getString("status")).as(execution.encode()).isEqualTo("interrupted");
        assertThat(execution.getString("reason")).isEqualTo("shutdown");
        assertThat(execution.getString("error")).contains("is gone from the link");
    }

    /** A stream that is cut instead of ended throws. */
    private static List<Event> events(ApiClient api, String path) {
        try {
            return api.events(path, 0, _ -> false);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void requireRefusal(int port, String token) throws Exception {
        var body = new JsonObject()
                .put("scripts", List.of("after"))
                .put("targets", List.of("link-001"))
                .encode();
        for (var path : List.of("/api/operations/run", "/api/links/verify", "/api/terminal/workspaces")) {
            var answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .header("Authorization", "Bearer " + token)
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(503);
            assertThat(new JsonObject(answer.body()).getJsonObject("error").getString("code"))
                    .isEqualTo("UNAVAILABLE");
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
    }

    @Test
    void aSecondSignalEndsItAtOnceAndTheNextStartClosesWhatWasOpen() throws Exception {
        String endless;
        try (var _ = world;
                var linkops = world.serve(Map.of("operations.shutdown_grace", 600))) {
            var api = linkops.login();
            World.enroll(api);
            endless = World.run(api, 1, List.of("endless"), "link-002");
            api.events("/api/operations/" + endless + "/events", 0, Event::isOutput);
            linkops.terminate();
            Patience.until("it drains", () -> api.get("/readyz").status() == 503);
            linkops.terminate();
            assertThat(linkops.awaitExit()).as(linkops.output()).isEqualTo(143);
            assertThat(linkops.output()).contains("Told to stop again");
            try (LinkOpsProcess next = world.serve()) {
                var operation = next.login().get("/api/operations/" + endless).json();
                assertThat(operation.getString("status")).isEqualTo("interrupted");
            }
        }
    }
}
