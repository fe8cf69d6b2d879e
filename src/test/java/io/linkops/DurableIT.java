package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.Patience;
import io.linkops.world.Torment;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Durable runs on a real sshd, seen through a LinkOps that is killed, cut off and started again. */
class DurableIT {
    @TempDir
    private Path directory;

    /** Numbered lines on both streams, then exit code 7; a line in the file "ran" for each time it is started. */
    static String[] numbers(String ran, int lines, String sleep) {
        return new String[] {
            "#!/bin/bash",
            "echo ran >>" + ran,
            "for ((i = 1; i <= " + lines + "; i++)); do",
            "  echo \"out $i\"; echo \"err $i\" >&2; sleep " + sleep,
            "done",
            "exit 7"
        };
    }

    static void requireNumbers(Torment.Result result, int lines) {
        assertThat(new String(result.output("stdout"), StandardCharsets.UTF_8)).isEqualTo(lines("out", lines));
        assertThat(new String(result.output("stderr"), StandardCharsets.UTF_8)).isEqualTo(lines("err", lines));
        assertThat(result.execution().getString("status"))
                .as(result.execution().encode())
                .isEqualTo("failed");
        assertThat(result.execution().getString("reason")).isEqualTo("exit_code");
        assertThat(result.execution().getInteger("exit_code")).isEqualTo(7);
        assertThat(result.operation().getString("status")).isEqualTo("failed");
        for (var type : List.of("execution.started", "execution.finished", "operation.finished")) {
            assertThat(result.events().stream().filter(event -> event.type().equals(type)))
                    .hasSize(1);
        }
    }

    static String lines(String word, int lines) {
        return IntStream.rangeClosed(1, lines)
                .mapToObj(line -> word + " " + line + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void losesAndDoublesNothingWhateverIsKilledAndCut() throws Exception {
        long seed = System.nanoTime();
        System.out.println("DurableIT seed " + seed);
        var ran = directory.resolve("ran");
        try (var world = World.with(directory, 1)
                .script("numbers", numbers(ran.toString(), 500, "0.05"))
                .fields("numbers", "durable: always")
                .commit()) {
            var torment = new Torment(
                    world,
                    world.serve(),
                    new Random(seed),
                    Duration.ofSeconds(5),
                    () -> world.sshd().cutConnections());
            try {
                var api = torment.linkops().login();
                World.enroll(api);
                var result = torment.untilTheEnd(World.run(api, 1, List.of("numbers"), "*"));
                System.out.println("DurableIT: " + result.kills() + " kills, " + result.cuts() + " cuts, "
                        + result.events().stream()
                                .filter(event -> event.type().startsWith("execution."))
                                .filter(event -> !event.isOutput())
                                .map(ApiClient.Event::type)
                                .toList());
                requireNumbers(result, 500);
                assertThat(Files.readAllLines(ran)).hasSize(1);
            } finally {
                torment.close();
            }
        }
    }

    /** All links are one machine here, so each operation has a link and a script of its own. */
    @Test
    void findsOutWhatHappenedWhileItWasAway() throws Exception {
        var go = directory.resolve("go");
        var until = "until [ -e " + go + " ]; do sleep 0.05; done";
        try (var world = World.with(directory, 8)) {
            script(world, "signal", "echo before", until, "kill -SEGV $$", "sleep 9");
            script(world, "over", "echo before", until, "echo after", "exit 3");
            script(
                    world,
                    "bytes",
                    "printf 'a\\xc3'",
                    until,
                    "printf '\\xa4\\xff\\0\\xe2\\x82'",
                    "sleep 0.1",
                    "printf '\\xac\\xf0'");
            script(
                    world,
                    "large",
                    "yes 'fifty megabytes of the same line, but for what is counted' | head -c 25000000 | cat -n |"
                            + " head -c 25000000 >" + directory + "/large",
                    "cat " + directory + "/large",
                    until,
                    "cat " + directory + "/large");
            script(world, "slow", "echo $$ >" + directory + "/slow.pid", "echo before", "sleep 600")
                    .timeout("slow", "8s");
            script(
                    world,
                    "stopped",
                    "echo before",
                    "trap 'echo asked' TERM",
                    "(setsid sleep 600 &)",
                    "while :; do sleep 0.1; done");
            script(world, "deleted", "echo before", "sleep 60");
            script(world, "simple", "echo before", "sleep 1", "echo after");
            world.commit();
            var scripts = List.of("signal", "over", "bytes", "large", "slow", "stopped", "deleted", "simple");
            var ids = new java.util.TreeMap<String, String>();
            var overrides = Map.<String, Object>of("operations.output_limit", 60_000_000);
            var linkops = world.serve(overrides);
            try {
                var api = linkops.login();
                World.enroll(api);
                for (int i = 0; i < scripts.size(); i++) {
                    ids.put(
                            scripts.get(i),
                            World.run(
                                    api, 1, List.of(scripts.get(i)), world.ids().get(i)));
                }
                for (var script : scripts) {
                    Patience.until(
                            script + " printed",
                            () -> execution(api, ids.get(script))
                                            .getString("status")
                                            .equals("success")
                                    || hasOutput(api, ids.get(script)));
                }
                linkops.kill();
                Files.createFile(go);
                delete(directory
                        .resolve("sshd/runs")
                        .resolve(
                                column("SELECT id FROM executions WHERE operation_id = '" + ids.get("deleted") + "'")));
                long slow = Long.parseLong(
                        Files.readString(directory.resolve("slow.pid")).strip());
                Patience.until(
                        "the slow one was ended", () -> ProcessHandle.of(slow).isEmpty());

                linkops = world.serve(overrides);
                var after = linkops.login();
                Patience.until(
                        "the one to be stopped was found", () -> events(ids.get("stopped"), "execution.attached") == 2);
                assertThat(after.get("/api/operations/" + ids.get("stopped"))
                                .json()
                                .getString("status"))
                        .isEqualTo("running");
                assertThat(after.post("/api/operations/" + ids.get("stopped") + "/stop")
                                .status())
                        .isEqualTo(202);
                var ends = new java.util.TreeMap<String, JsonObject>();
                for (var script : scripts) {
                    ends.put(script, World.await(after, ids.get(script)));
                    System.out.println("DurableIT: " + script + " "
                            + World.executions(ends.get(script))
                                    .findFirst()
                                    .orElseThrow()
                                    .encode());
                }
                requireEnds(after, ends);
                Patience.until("nothing is left but of the deleted one", () -> {
                    try (var left = Files.list(directory.resolve("sshd/runs"))) {
                        return left.count() <= 1;
                    }
                });
            } finally {
                linkops.close();
            }
        }
    }

    private void requireEnds(ApiClient api, Map<String, JsonObject> ends) throws Exception {
        requireEnd(api, ends.get("signal"), "failed", "signal", "before\n");
        assertThat(first(ends.get("signal")).getString("signal")).isEqualTo("SEGV");
        requireEnd(api, ends.get("over"), "failed", "exit_code", "before\nafter\n");
        assertThat(first(ends.get("over")).getInteger("exit_code")).isEqualTo(3);
        requireEnd(api, ends.get("simple"), "success", null, "before\nafter\n");
        requireEnd(api, ends.get("slow"), "timeout", "timeout", "before\n");
        requireEnd(api, ends.get("stopped"), "stopped", "stopped", null);
        requireEnd(api, ends.get("deleted"), "lost", "run_gone", "before\n");
        assertThat(download(api, ends.get("bytes"))).isEqualTo(new byte[] {
            'a', (byte) 0xc3, (byte) 0xa4, (byte) 0xff, 0, (byte) 0xe2, (byte) 0x82, (byte) 0xac, (byte) 0xf0
        });
        var large = Files.readAllBytes(directory.resolve("large"));
        var twice = java.util.Arrays.copyOf(large, 2 * large.length);
        System.arraycopy(large, 0, twice, large.length, large.length);
        assertThat(java.util.Arrays.equals(download(api, ends.get("large")), twice))
                .as("50 MB, byte for byte")
                .isTrue();
        for (var script : ends.keySet()) {
            assertThat(directory.resolve("ran-" + script)).hasContent("ran\n");
        }
    }

    private void requireEnd(ApiClient api, JsonObject end, String status, String reason, String output)
            throws Exception {
        assertThat(first(end).getString("status")).as(end.encode()).isEqualTo(status);
        assertThat(first(end).getString("reason")).isEqualTo(reason);
        assertThat(end.getString("status"))
                .isEqualTo(status.equals("success") || status.equals("stopped") ? status : "failed");
        if (output != null) {
            assertThat(new String(download(api, end), StandardCharsets.UTF_8)).isEqualTo(output);
        }
        assertThat(events(end.getString("id"), "execution.finished")).isEqualTo(1);
    }

    /** SIGTERM leaves it running; the limit of its output holds over two LinkOps, and the mark is there once. */
    @Test
    void leavesItRunningAtSigtermAndCutsItsOutputOnce() throws Exception {
        var go = directory.resolve("go");
        var until = "until [ -e " + go + "$i ]; do sleep 0.05; done";
        var overrides = Map.<String, Object>of("operations.output_limit", 20_000);
        try (var world = World.with(directory, 1)) {
            script(
                    world,
                    "noisy",
                    "for i in 1 2 3; do head -c 8000 /dev/zero | tr '\\0' $i; head -c 1000 /dev/zero | tr '\\0' $i"
                            + " >&2; "
                            + until + "; done",
                    "echo end");
            world.commit();
            var linkops = world.serve(overrides);
            try {
                World.enroll(linkops.login());
                var id = World.run(linkops.login(), 1, List.of("noisy"), "*");
                for (int i = 1; i <= 3; i++) {
                    var api = linkops.login();
                    int kept = i * 9000;
                    Patience.until("there is more", () -> soFar(api, id).length >= Math.min(20_000, kept));
                    linkops.terminate();
                    assertThat(linkops.awaitExit()).isZero();
                    assertThat(linkops.output()).contains("1 durable executions go on without LinkOps");
                    Files.createFile(directory.resolve("go" + i));
                    linkops = world.serve(overrides);
                }
                var end = World.await(linkops.login(), id);
                assertThat(end.getString("status")).isEqualTo("success");
                assertThat(first(end).getBoolean("is_truncated")).isTrue();
                assertThat(first(end).getLong("output_bytes")).isEqualTo(20_000);
                var text = new String(download(linkops.login(), end), StandardCharsets.UTF_8);
                assertThat(text).containsOnlyOnce("[linkops: output is limited to 20000 bytes");
                assertThat(text.replaceAll("\n\\[linkops.*\\]\n", "")).hasSize(20_000);
                assertThat(directory.resolve("ran-noisy")).hasContent("ran\n");
            } finally {
                linkops.close();
            }
        }
    }

    /** In the window between the order on disk and the first answer: it ran once and is told, or never and is told. */
    @Test
    void isNeverInDoubtWhenKilledWhileItStarts() throws Exception {
        long seed = System.nanoTime();
        System.out.println("DurableIT seed " + seed);
        var random = new Random(seed);
        try (var world = World.with(directory, 4)) {
            script(
                    world,
                    "short",
                    "echo $LINKOPS_LINK >>" + directory + "/$LINKOPS_OPERATION",
                    "sleep 0.3",
                    "echo end");
            world.commit();
            var linkops = world.serve();
            try {
                World.enroll(linkops.login());
                for (int round = 0; round < 4; round++) {
                    var id = World.run(linkops.login(), 4, List.of("short"), "*");
                    Thread.sleep(random.nextInt(400));
                    linkops.kill();
                    linkops = world.serve();
                    var end = World.await(linkops.login(), id);
                    var ran = directory.resolve(id);
                    var links = Files.exists(ran) ? Files.readAllLines(ran) : List.<String>of();
                    System.out.println("DurableIT: " + end.getString("status") + " "
                            + World.executions(end)
                                    .map(each -> each.getString("status") + "/" + each.getString("reason"))
                                    .toList());
                    assertThat(links).doesNotHaveDuplicates();
                    World.executions(end).forEach(each -> {
                        boolean hasRun = links.contains(each.getString("target"));
                        switch (each.getString("status")) {
                            case "success" -> assertThat(hasRun).isTrue();
                            case "skipped" -> assertThat(hasRun).isFalse();
                            default -> {
                                assertThat(each.getString("reason"))
                                        .as(each.encode())
                                        .isEqualTo("not_started");
                                assertThat(hasRun).isFalse();
                            }
                        }
                    });
                }
            } finally {
                linkops.close();
            }
        }
    }

    private World script(World world, String id, String... lines) {
        var all =
                new java.util.ArrayList<String>(List.of("#!/bin/bash", "echo ran >>" + directory.resolve("ran-" + id)));
        all.addAll(List.of(lines));
        return world.script(id, all.toArray(String[]::new)).fields(id, "durable: always");
    }

    private static JsonObject first(JsonObject operation) {
        return World.executions(operation).findFirst().orElseThrow();
    }

    private static JsonObject execution(ApiClient api, String operation) throws Exception {
        return first(api.get("/api/operations/" + operation).json());
    }

    private static boolean hasOutput(ApiClient api, String operation) throws Exception {
        return soFar(api, operation).length > 0;
    }

    private static byte[] soFar(ApiClient api, String operation) throws Exception {
        return download(api, api.get("/api/operations/" + operation).json());
    }

    /** Straight from the database. */
    private long events(String operation, String type) throws Exception {
        return Long.parseLong(column(
                "SELECT COUNT(*) FROM journal WHERE stream = 'operation:" + operation + "' AND type = '" + type + "'"));
    }

    private String column(String sql) throws Exception {
        try (var connection =
                        java.sql.DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("data/linkops.db"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static byte[] download(ApiClient api, JsonObject operation) throws Exception {
        return api.download("/api/operations/" + operation.getString("id") + "/executions/"
                + first(operation).getString("id") + "/output");
    }

    private static void delete(Path path) throws Exception {
        try (var files = Files.walk(path)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
