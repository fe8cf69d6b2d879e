package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kill -9} in the middle of fifty executions, and what the next start makes of it. */
class CrashIT {
    private static final int LINKS = 25;
    private static final Set<String> FINAL = Set.of("success", "failed", "interrupted", "skipped");

    @TempDir
    Path directory;

    /** @param lines how many output events the reader has when LinkOps is killed */
    @ParameterizedTest
    @ValueSource(ints = {3, 60, 150})
    void nothingIsLostRepeatedOrLeftRunning(int lines) throws Exception {
        var script = new String[] {
            "#!/bin/bash",
            "echo once >> " + directory + "/links/$LINKOPS_LINK/$(basename \"$0\").count",
            "for i in 1 2 3 4 5 6 7 8; do echo \"$LINKOPS_LINK line $i\"; sleep 0.05; done"
        };
        try (var world = World.with(directory, LINKS)
                .script("first", script)
                .script("second", script)
                .commit()) {
            String id;
            List<ApiClient.Event> seen;
            try (var linkops = world.serve()) {
                var api = linkops.login();
                World.enroll(api);
                id = World.run(api, 10, List.of("first", "second"), "*");
                seen = killAfter(linkops::kill, api, id, lines);
            }
            try (var linkops = world.serve()) {
                var api = linkops.login();
                var operation = api.get("/api/operations/" + id).json();
                assertThat(operation.getString("status")).isEqualTo("interrupted");
                assertThat(World.executions(operation).map(each -> each.getString("status")))
                        .hasSize(2 * LINKS)
                        .allMatch(FINAL::contains)
                        .contains("interrupted", "skipped");
                requireNoLostLine(api, id, seen);
                requireAtMostOnce(world, operation);
                assertThat(api.events(id).getLast().type()).isEqualTo("operation.finished");
                var next = World.await(api, World.run(api, 10, List.of("first"), "link-001", "link-002"));
                assertThat(next.getString("status")).isEqualTo("success");
            }
        }
    }

    private interface Kill {
        void now() throws Exception;
    }

    /** Follows the operation; after so many pieces of output LinkOps is killed and what has been seen counts. */
    private static List<ApiClient.Event> killAfter(Kill kill, ApiClient api, String id, int lines) throws Exception {
        List<ApiClient.Event> seen = new ArrayList<>();
        var enough = new CompletableFuture<Void>();
        var reader = Thread.ofVirtual().start(() -> {
            try {
                api.events("/api/operations/" + id + "/events", 0, event -> {
                    synchronized (seen) {
                        seen.add(event);
                        if (seen.stream()
                                        .filter(each -> each.type().equals("execution.output"))
                                        .count()
                                >= lines) {
                            enough.complete(null);
                        }
                    }
                    return false;
                });
            } catch (IOException | InterruptedException e) {
                // The kill cuts the stream.
            }
        });
        enough.get(60, java.util.concurrent.TimeUnit.SECONDS);
        kill.now();
        reader.join();
        synchronized (seen) {
            return List.copyOf(seen);
        }
    }

    /** What a reader was shown is there after the crash, under the same numbers. */
    private static void requireNoLostLine(ApiClient api, String id, List<ApiClient.Event> seen) throws Exception {
        Map<Long, ApiClient.Event> kept = new HashMap<>();
        api.events(id).forEach(event -> kept.put(event.id(), event));
        assertThat(seen)
                .isNotEmpty()
                .allSatisfy(event -> assertThat(kept.get(event.id())).isEqualTo(event));
        assertThat(kept.keySet()).hasSize(kept.size()).contains((long) kept.size());
    }

    private static void requireAtMostOnce(World world, io.vertx.core.json.JsonObject operation) {
        World.executions(operation).forEach(execution -> {
            var file = world.home(execution.getString("target")).resolve(execution.getString("script") + ".sh.count");
            var times = count(file);
            switch (execution.getString("status")) {
                case "skipped" ->
                    assertThat(times).as("never started: %s", execution).isZero();
                case "success" ->
                    assertThat(times).as("ran once: %s", execution).isEqualTo(1);
                default -> assertThat(times).as("at most once: %s", execution).isLessThanOrEqualTo(1);
            }
        });
    }

    private static int count(Path file) {
        try {
            return Files.exists(file)
                    ? Files.readString(file, StandardCharsets.UTF_8).split("\n", -1).length - 1
                    : 0;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
