package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.ApiClient.Event;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.Patience;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 in the middle: afterwards everything has an end, nothing seen is lost, and nothing runs twice. */
class CrashIT {
    private static final int LINKS = 10;
    private static final int KILLS = 3;
    private static final int LINES = 6;
    private static final List<String> SCRIPTS = List.of("one", "two", "three", "four", "five");

    @TempDir
    private Path directory;

    @Test
    void afterAKillNothingIsOpenNothingSeenIsLostAndNothingRanTwice() throws Exception {
        long seed = System.nanoTime();
        System.out.println("CrashIT seed " + seed);
        var random = new Random(seed);
        Files.createDirectories(directory.resolve("counts"));
        try (var world = World.with(directory, LINKS)) {
            SCRIPTS.forEach(script -> world.script(script, source(script)));
            world.commit();
            var linkops = world.serve();
            try {
                World.enroll(linkops.login());
                for (int kill = 0; kill < KILLS; kill++) {
                    linkops = killInTheMiddle(world, linkops, random);
                }
            } finally {
                linkops.close();
            }
        }
    }

    private String[] source(String script) {
        return new String[] {
            "#!/bin/bash",
            "echo ran >>" + directory.resolve("counts") + "/$LINKOPS_OPERATION.$LINKOPS_LINK." + script,
            "for ((i = 1; i <= " + LINES + "; i++)); do",
            "  echo \"" + script + " $LINKOPS_LINK $i\"",
            "  sleep 0.05",
            "done"
        };
    }

    /** @return the LinkOps that came after */
    private LinkOpsProcess killInTheMiddle(World world, LinkOpsProcess linkops, Random random) throws Exception {
        var api = linkops.login();
        var id = World.run(api, LINKS, SCRIPTS, "*");
        List<Event> seen = new CopyOnWriteArrayList<>();
        var reader = Thread.ofVirtual().start(() -> follow(api, id, seen));
        int enough = random.nextInt(LINKS * SCRIPTS.size() * 2 / 3);
        Patience.until("the reader saw output and " + enough + " ends", () -> hasSeen(seen, enough));
        Thread.sleep(random.nextInt(150));
        linkops.kill();
        reader.join();

        var next = world.serve();
        try {
            var after = next.login();
            var operation = after.get("/api/operations/" + id).json();
            requireEnds(operation);
            requireNothingLost(after, operation, seen);
            assertThat(World.await(after, World.run(after, LINKS, List.of("one"), "*"))
                            .getString("status"))
                    .isEqualTo("success");
            // What was under way on the links goes on there; by now it has ended, too.
            requireNothingTwice(operation);
            assertThat(after.get("/api/operations/" + id).json()).isEqualTo(operation);
            System.out.println("CrashIT: killed after " + enough + " ends and " + seen.size() + " events: "
                    + operation.getJsonObject("counts"));
            return next;
        } catch (Throwable e) {
            next.close();
            throw e;
        }
    }

    private static boolean hasSeen(List<Event> seen, int ends) {
        return seen.stream().anyMatch(Event::isOutput)
                && seen.stream()
                                .filter(event -> event.type().equals("execution.finished"))
                                .count()
                        >= ends;
    }

    private static void follow(ApiClient api, String id, List<Event> seen) {
        try {
            api.events("/api/operations/" + id + "/events", 0, event -> !seen.add(event));
        } catch (IOException e) {
            // the kill
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void requireEnds(JsonObject operation) {
        assertThat(operation.getString("status")).as(operation.encode()).isEqualTo("interrupted");
        assertThat(operation.getString("ended_at")).isNotNull();
        var counts = new TreeMap<String, Integer>();
        World.executions(operation).forEach(each -> counts.merge(each.getString("status"), 1, Integer::sum));
        assertThat(counts.keySet()).isSubsetOf("success", "interrupted", "skipped");
        assertThat(counts.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(LINKS * SCRIPTS.size());
        operation
                .getJsonObject("counts")
                .forEach(each -> assertThat(each.getValue()).isEqualTo(counts.getOrDefault(each.getKey(), 0)));
        assertThat(World.executions(operation)).allMatch(each -> each.getString("ended_at") != null);
    }

    private static void requireNothingLost(ApiClient api, JsonObject operation, List<Event> seen) throws Exception {
        var id = operation.getString("id");
        var events = api.events(id);
        assertThat(events.subList(0, seen.size())).isEqualTo(seen);
        assertThat(events.stream().map(Event::id))
                .isEqualTo(IntStream.rangeClosed(1, events.size())
                        .mapToObj(Long::valueOf)
                        .toList());
        assertThat(events.getLast().type()).isEqualTo("operation.finished");
        assertThat(events.getLast().data().getString("status")).isEqualTo("interrupted");
        for (var execution : World.executions(operation).toList()) {
            var own = execution.getString("id");
            var ends = events.stream()
                    .filter(event -> event.type().equals("execution.finished"))
                    .filter(event -> event.execution().equals(own))
                    .map(event -> event.data().getString("status"))
                    .toList();
            assertThat(ends).containsExactly(execution.getString("status"));
            var kept = ApiClient.output(events, own, null);
            assertThat(api.download("/api/operations/" + id + "/executions/" + own + "/output"))
                    .isEqualTo(kept);
            assertThat(execution.getLong("output_bytes")).isEqualTo(kept.length);
            var whole = whole(execution);
            assertThat(whole).startsWith(new String(kept, StandardCharsets.UTF_8));
            if (execution.getString("status").equals("success")) {
                assertThat(kept).hasSize(whole.length());
            }
        }
    }

    private static String whole(JsonObject execution) {
        var text = new StringBuilder();
        for (int i = 1; i <= LINES; i++) {
            text.append("%s %s %d\n".formatted(execution.getString("script"), execution.getString("target"), i));
        }
        return text.toString();
    }

    private void requireNothingTwice(JsonObject operation) throws IOException {
        for (var execution : World.executions(operation).toList()) {
            var file = directory
                    .resolve("counts")
                    .resolve(operation.getString("id") + "." + execution.getString("target") + "."
                            + execution.getString("script"));
            long times = Files.exists(file) ? Files.readAllLines(file).size() : 0;
            switch (execution.getString("status")) {
                case "success" -> assertThat(times).as(execution.encode()).isEqualTo(1);
                case "skipped" -> assertThat(times).as(execution.encode()).isZero();
                default -> assertThat(times).as(execution.encode()).isLessThanOrEqualTo(1);
            }
        }
        try (Stream<Path> counts = Files.list(directory.resolve("counts"))) {
            assertThat(counts.filter(each -> each.getFileName().toString().startsWith(operation.getString("id"))))
                    .hasSizeLessThanOrEqualTo(LINKS * SCRIPTS.size());
        }
    }
}
