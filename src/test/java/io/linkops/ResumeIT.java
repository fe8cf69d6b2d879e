package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.ApiClient.Event;
import io.linkops.world.CutStream;
import io.linkops.world.ProcessTable;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers that come and go see what readers that stay see, and readers that stall harm nobody. */
class ResumeIT {
    private static final int LINKS = 4;
    private static final int LINES = 50_000;
    private static final int CUTS = 100;
    private static final int STALLED = 10;
    private static final long MOST_MEBIBYTES = 1024;

    @TempDir
    private Path directory;

    @Test
    void aReaderThatIsCutOffAHundredTimesMissesNothing() throws Exception {
        long seed = System.nanoTime();
        System.out.println("ResumeIT seed " + seed);
        try (var world = World.with(directory, LINKS)
                .script(
                        "loud",
                        "#!/bin/bash",
                        "red=$'\\e[31m'",
                        "for ((i = 1; i <= $1; i += 5)); do",
                        "  printf '%s\\n' \"$i ${red}ä€😀 $LINKOPS_LINK\" \"id: $i\" \\",
                        "    'data: {\"execution\":\"other\",\"data\":\"x\"}' '' $'event: operation.finished\\r'",
                        "  if ((i % 5000 == 1)); then sleep 0.3; fi",
                        "done")
                .commit()) {
            try (var linkops = world.serve();
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                int port = linkops.awaitPort();
                var api = linkops.login();
                World.enroll(api);
                var id = run(api);
                List<CutStream> stalled = new ArrayList<>();
                for (int i = 0; i < STALLED; i++) {
                    stalled.add(CutStream.open(port, api.token(), events(id), 0));
                }
                var undisturbed = threads.submit(() -> api.events(id));
                var disturbed = threads.submit(() -> readInPieces(port, api.token(), id, new Random(seed)));

                var whole = undisturbed.get();
                System.out.println(
                        "ResumeIT: finished, resident " + ProcessTable.residentMebibytes(linkops.pid()) + " MiB");
                var operation = api.get("/api/operations/" + id).json();
                assertThat(operation.getString("status")).isEqualTo("success");
                assertThat(disturbed.get()).isEqualTo(whole);
                long lines = 0;
                for (var execution : World.executions(operation).toList()) {
                    lines += requireOutput(api, id, execution, whole);
                }
                assertThat(lines).isEqualTo((long) LINKS * LINES);
                long resident = ProcessTable.residentMebibytes(linkops.pid());
                System.out.println("ResumeIT: " + whole.size() + " events, resident " + resident + " MiB");
                assertThat(resident).isLessThan(MOST_MEBIBYTES);
                // Whoever stalled and goes on reading now misses nothing either.
                assertThat(stalled.getFirst().read(Integer.MAX_VALUE)).isEqualTo(whole);
                for (var each : stalled) {
                    each.close();
                }
            }
        }
    }

    private static String run(ApiClient api) throws Exception {
        return World.run(
                api,
                new JsonObject()
                        .put("scripts", new JsonArray().add("loud"))
                        .put("flags", new JsonObject().put("loud", new JsonArray().add(String.valueOf(LINES))))
                        .put("targets", new JsonArray().add("*"))
                        .put("concurrency", LINKS));
    }

    private static String events(String id) {
        return "/api/operations/" + id + "/events";
    }

    /**
     * Each time a random number of bytes, most often few, so that there are cuts while the operation runs and after.
     */
    private static List<Event> readInPieces(int port, String token, String id, Random random) throws Exception {
        List<Event> seen = new ArrayList<>();
        for (int cut = 0; cut <= CUTS; cut++) {
            long after = seen.isEmpty() ? 0 : seen.getLast().id();
            int bytes = cut == CUTS ? Integer.MAX_VALUE : (int) Math.exp(random.nextDouble() * Math.log(250_000));
            try (var stream = CutStream.open(port, token, events(id), after)) {
                seen.addAll(stream.read(bytes));
            }
            assertThat(cut < CUTS && isOver(seen)).as("over at cut " + cut).isFalse();
        }
        return seen;
    }

    private static boolean isOver(List<Event> seen) {
        return !seen.isEmpty() && seen.getLast().type().equals("operation.finished");
    }

    /** @return how many lines it has */
    private static long requireOutput(ApiClient api, String id, JsonObject execution, List<Event> events)
            throws Exception {
        var own = execution.getString("id");
        var kept = api.download("/api/operations/" + id + "/executions/" + own + "/output");
        assertThat(ApiClient.output(events, own, null)).isEqualTo(kept);
        assertThat(execution.getBoolean("is_truncated")).isFalse();
        var text = new String(kept, StandardCharsets.UTF_8);
        assertThat(text).isEqualTo(expected(execution.getString("target")));
        return text.lines().collect(Collectors.counting());
    }

    private static String expected(String link) {
        var text = new StringBuilder();
        for (int i = 1; i <= LINES; i += 5) {
            text.append(i).append(" \u001b[31mä€😀 ").append(link).append('\n');
            text.append("id: ").append(i).append('\n');
            text.append("data: {\"execution\":\"other\",\"data\":\"x\"}\n\nevent: operation.finished\r\n");
        }
        return text.toString();
    }
}
