package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.Patience;
import io.linkops.world.ProcessTable;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stop ends what runs, wherever it is, and never says so of what still lives. */
class StopIT {
    private static final int LINKS = 5;
    private static final int TRIES_PER_LINK = 12;

    @TempDir
    private static Path directory;

    private static World world;
    private static LinkOpsProcess linkops;
    private static ApiClient api;

    @BeforeAll
    static void start() throws Exception {
        var path = Files.createDirectory(directory.resolve("path"));
        var sum = Files.writeString(
                path.resolve("sha256sum"),
                "#!/bin/bash\n[ -e " + directory + "/slow ] && sleep 0.7\nexec /usr/bin/sha256sum\n");
        assertThat(sum.toFile().setExecutable(true)).isTrue();
        world = World.with(directory, LINKS, List.of("SetEnv PATH=" + path + ":/usr/local/bin:/usr/bin:/bin"))
                .script(
                        "stubborn",
                        "#!/bin/bash",
                        "trap '' TERM HUP",
                        "(setsid bash -c '(trap \"\" HUP TERM; exec -a \"$0-forked-twice\" sleep 1000) &' \"$1\" &)",
                        "setsid bash -c 'trap \"\" TERM; exec -a \"$0-holds-stdout\" sleep 1000' \"$1\" &",
                        "nohup bash -c 'trap \"\" HUP; exec -a \"$0-ignores-hup\" sleep 1000' \"$1\" >/dev/null 2>&1 &",
                        "echo running",
                        "while :; do sleep 0.1; done")
                .script("sleeper", "#!/bin/bash", "exec -a \"$1\" sleep 1000")
                .script("quick", "#!/bin/bash", "echo done")
                .commit();
        // A stop that waited for this would be noticed.
        linkops = world.serve(Map.of("ssh.connection_timeout", 120));
        api = linkops.login();
        World.enroll(api);
    }

    @AfterAll
    static void end() throws Exception {
        linkops.close();
        world.close();
    }

    private final String marker = "marker-" + UUID.randomUUID();

    @Test
    void endsAScriptThatDefendsItselfAndAllItStarted() throws Exception {
        var id = run("stubborn", marker, 2, "link-001", "link-002", "link-003", "link-004");
        api.events(
                "/api/operations/" + id + "/events",
                0,
                new Count(
                        2,
                        event -> event.isOutput()
                                && event.data().getString("data").contains("running")));
        Patience.until(
                "all children run", () -> ProcessTable.having(marker + "-").size() == 6);

        assertThat(stop(id)).isTrue();
        var ended = World.await(api, id);

        assertThat(ProcessTable.having(marker)).isEmpty();
        assertThat(ended.getString("status")).isEqualTo("stopped");
        assertThat(ended.getString("reason")).isEqualTo("Stopped by admin");
        assertThat(statuses(ended)).containsExactly("stopped", "stopped", "skipped", "skipped");
        assertThat(World.executions(ended))
                .allMatch(each -> !each.getString("error").isBlank());
        assertThat(ended.getJsonObject("counts").getInteger("stopped")).isEqualTo(2);
    }

    @Test
    @Timeout(60)
    void endsAnExecutionThatStillConnects() throws Exception {
        world.sshd().cutConnections();
        world.sshd().freeze();
        try {
            var id = run("sleeper", marker, 5, "link-001", "link-002");
            api.events(
                    "/api/operations/" + id + "/events",
                    0,
                    new Count(2, event -> event.type().equals("execution.started")));
            var asked = System.nanoTime();
            assertThat(stop(id)).isTrue();
            var ended = World.await(api, id);
            System.out.println(
                    "StopIT: a connection given up after " + (System.nanoTime() - asked) / 1_000_000 + " ms");
            assertThat(ended.getString("status")).isEqualTo("stopped");
            assertThat(statuses(ended)).containsExactly("stopped", "stopped");
            assertThat(World.executions(ended))
                    .allMatch(each -> each.getString("reason").equals("before_start"));
        } finally {
            world.sshd().wake();
        }
        assertThat(World.await(api, run("quick", "", 5, "*")).getString("status"))
                .isEqualTo("success");
        assertThat(ProcessTable.having(marker)).isEmpty();
    }

    /** The moments are spread over connecting, looking, sending and running; none may leave a script behind. */
    @Test
    void neverSaysStoppedOfAScriptThatLives() throws Exception {
        long seed = System.nanoTime();
        System.out.println("StopIT seed " + seed);
        try (var threads = Executors.newFixedThreadPool(LINKS)) {
            List<Callable<List<String>>> work = new ArrayList<>();
            for (int i = 0; i < LINKS; i++) {
                var link = "link-%03d".formatted(i + 1);
                var random = new Random(seed + i);
                work.add(() -> stopAtRandomMoments(link, random));
            }
            List<String> seen = new ArrayList<>();
            for (var each : threads.invokeAll(work)) {
                seen.addAll(each.get());
            }
            System.out.println(
                    "StopIT " + seen.stream().collect(Collectors.groupingBy(text -> text, Collectors.counting())));
            assertThat(seen).hasSize(LINKS * TRIES_PER_LINK);
        }
        // One that was still on its way would be here by now.
        assertThat(World.await(api, run("quick", "", 5, "*")).getString("status"))
                .isEqualTo("success");
        assertThat(ProcessTable.having(marker)).isEmpty();
    }

    /** The launcher was told to go ahead and takes its time: a look at the link sees no script yet. */
    @Test
    void neverSaysStoppedOfAScriptThatIsStillToCome() throws Exception {
        long seed = System.nanoTime();
        System.out.println("StopIT slow seed " + seed);
        Files.createFile(directory.resolve("slow"));
        try (var threads = Executors.newFixedThreadPool(LINKS)) {
            List<Callable<String>> work = new ArrayList<>();
            for (int i = 0; i < LINKS; i++) {
                var link = "link-%03d".formatted(i + 1);
                var random = new Random(seed + i);
                work.add(() -> stopOnTheWay(link, random) + ", " + stopOnTheWay(link, random));
            }
            for (var each : threads.invokeAll(work)) {
                System.out.println("StopIT slow " + each.get());
            }
        } finally {
            Files.delete(directory.resolve("slow"));
        }
        assertThat(ProcessTable.having(marker)).isEmpty();
    }

    private String stopOnTheWay(String link, Random random) throws Exception {
        var own = marker + "-" + link;
        var id = run("sleeper", own, 1, link);
        var tag = awaitArrival(id);
        Thread.sleep(random.nextInt(700));
        assertThat(stop(id)).isTrue();
        var ended = World.await(api, id);
        // The launcher's command line ends with these words: while it is there, the script may still come.
        assertThat(ProcessTable.having("linkops " + tag)).as(ended.encode()).isEmpty();
        assertThat(ProcessTable.having(own)).as(ended.encode()).isEmpty();
        assertThat(Path.of("/tmp/linkops-" + tag)).doesNotExist();
        assertThat(statuses(ended)).as(ended.encode()).containsExactly("stopped");
        return World.executions(ended).findFirst().orElseThrow().getString("reason");
    }

    private List<String> stopAtRandomMoments(String link, Random random) throws Exception {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < TRIES_PER_LINK; i++) {
            var own = marker + "-" + link + "-" + i;
            var id = run("sleeper", own, 1, link);
            if (i % 3 != 0) {
                awaitArrival(id);
            }
            int delay = random.nextInt(60);
            Thread.sleep(i % 3 == 2 ? 0 : delay);
            assertThat(stop(id)).isTrue();
            var ended = World.await(api, id);
            assertThat(ProcessTable.having(own))
                    .as("after %d ms: %s", delay, ended)
                    .isEmpty();
            var execution = World.executions(ended).findFirst().orElseThrow();
            assertThat(ended.getString("status")).as(ended.encode()).isEqualTo("stopped");
            assertThat(execution.getString("status")).as(ended.encode()).isIn("stopped", "skipped");
            seen.add(execution.getString("status") + " " + execution.getString("reason"));
        }
        return seen;
    }

    /**
     * The launcher has the word to go ahead and makes the script's directory; the script itself is not there yet.
     *
     * @return the execution's id
     */
    private static String awaitArrival(String id) throws Exception {
        var execution = World.executions(api.get("/api/operations/" + id).json())
                .findFirst()
                .orElseThrow()
                .getString("id");
        var place = Path.of("/tmp/linkops-" + execution);
        var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!Files.exists(place)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
        return execution;
    }

    @Test
    void canBeAskedTwiceAndAfterTheEnd() throws Exception {
        var id = run("sleeper", marker, 1, "link-001");
        Patience.until("the script runs", () -> !ProcessTable.having(marker).isEmpty());
        assertThat(stop(id)).isTrue();
        assertThat(api.post("/api/operations/" + id + "/stop").status()).isEqualTo(202);
        var events = api.events(id);
        assertThat(stop(id)).isFalse();
        assertThat(ProcessTable.having(marker)).isEmpty();
        assertThat(events.stream().filter(event -> event.type().endsWith(".finished")))
                .hasSize(2);
        assertThat(api.events(id)).isEqualTo(events);

        var finished = run("quick", "", 1, "link-001");
        assertThat(World.await(api, finished).getString("status")).isEqualTo("success");
        assertThat(stop(finished)).isFalse();
        assertThat(api.get("/api/operations/" + finished).json().getString("status"))
                .isEqualTo("success");
        assertThat(api.post("/api/operations/op-nowhere/stop").status()).isEqualTo(404);
    }

    @Test
    void isNotForViewers() throws Exception {
        var made = api.post(
                "/api/users",
                new JsonObject()
                        .put("username", "watcher")
                        .put("password", "a quiet observer 42")
                        .put("role", "viewer"));
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        var viewer = ApiClient.login(linkops.awaitPort(), "watcher", "a quiet observer 42");
        var id = run("sleeper", marker, 1, "link-001");
        Patience.until("the script runs", () -> !ProcessTable.having(marker).isEmpty());
        var refused = viewer.post("/api/operations/" + id + "/stop");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.errorCode()).isEqualTo("FORBIDDEN");
        assertThat(viewer.get("/api/operations/" + id).json().getString("status"))
                .isEqualTo("running");
        assertThat(ProcessTable.having(marker)).isNotEmpty();
        assertThat(stop(id)).isTrue();
        assertThat(World.await(viewer, id).getString("status")).isEqualTo("stopped");
    }

    private static String run(String script, String marker, int concurrency, String... targets) throws Exception {
        return World.run(
                api,
                new JsonObject()
                        .put("scripts", new JsonArray().add(script))
                        .put("flags", new JsonObject().put(script, new JsonArray().add(marker)))
                        .put("targets", new JsonArray(List.of(targets)))
                        .put("concurrency", concurrency));
    }

    private static boolean stop(String id) throws Exception {
        var answer = api.post("/api/operations/" + id + "/stop");
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.json().getBoolean("stopping");
    }

    private static List<String> statuses(JsonObject operation) {
        return World.executions(operation).map(each -> each.getString("status")).toList();
    }

    /** True at the n-th event that is like this. */
    private static final class Count implements Predicate<ApiClient.Event> {
        private final Predicate<ApiClient.Event> kind;
        private int left;

        Count(int number, Predicate<ApiClient.Event> kind) {
            this.left = number;
            this.kind = kind;
        }

        @Override
        public boolean test(ApiClient.Event event) {
            return kind.test(event) && --left == 0;
        }
    }
}
