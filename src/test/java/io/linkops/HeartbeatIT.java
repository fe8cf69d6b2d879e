package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.ProcessTable;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The heartbeat of the product: scripts of a commit, run on many links, seen live, kept to the last byte. */
class HeartbeatIT {
    private static final int LINKS = 20;
    private static final int LINES = 50;
    private static final int AT_ONCE = 5;
    private static final String NUMBERS = """
        #!/bin/bash
        for ((i = 1; i <= 50; i++)); do
          echo "numbers $LINKOPS_LINK out $i"
          echo "numbers $LINKOPS_LINK err $i" >&2
        done
        """;

    @TempDir
    private static Path directory;

    private static World world;
    private static LinkOpsProcess linkops;
    private static ApiClient api;

    @BeforeAll
    static void start() throws Exception {
        world = World.with(directory, LINKS)
                .script("numbers", NUMBERS.stripTrailing().split("\n", -1))
                .script(
                        "letters",
                        NUMBERS.replace("numbers", "letters").stripTrailing().split("\n", -1))
                .script("bytes", "#!/bin/bash", "cat \"$1\"", "cat \"$2\" >&2", "exit 7")
                .script(
                        "late",
                        "#!/bin/bash",
                        "trap '' TERM",
                        "echo begun",
                        "(exec -a \"$1\" sleep 1000)",
                        "echo never")
                .timeout("late", "2s")
                .script("fails", "#!/bin/bash", "echo failing", "exit 3")
                .script("echo", "#!/bin/bash", "printf '%s\\0' \"$@\"")
                .commit();
        linkops = world.serve();
        api = linkops.login();
        World.enroll(api);
    }

    @AfterAll
    static void end() throws Exception {
        linkops.close();
        world.close();
    }

    @Test
    void showsEveryLineOfTwoScriptsOnTwentyLinksInOrder() throws Exception {
        var id = World.run(api, AT_ONCE, List.of("numbers", "letters"), "*");
        var events = api.events(id);
        var operation = api.get("/api/operations/" + id).json();

        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).id()).isEqualTo(i + 1);
        }
        assertThat(events.getFirst().type()).isEqualTo("operation.started");
        assertThat(events.getLast().type()).isEqualTo("operation.finished");
        assertThat(mostAtOnce(events)).isEqualTo(AT_ONCE);
        assertThat(operation.getString("status")).isEqualTo("success");
        assertThat(operation.getJsonObject("counts").getInteger("success")).isEqualTo(LINKS * 2);
        var commit = git("rev-parse", "main").strip();
        assertThat(operation.getString("commit")).isEqualTo(commit);
        var executions = World.executions(operation).toList();
        assertThat(executions).hasSize(LINKS * 2);
        for (var execution : executions) {
            requireAllLines(id, execution, events);
            requireOwnTimes(operation, execution);
            assertThat(execution.getString("sha256"))
                    .isEqualTo(sha256(git("show", commit + ":scripts/" + execution.getString("script") + ".sh")));
        }
    }

    private static void requireAllLines(String id, JsonObject execution, List<ApiClient.Event> events)
            throws Exception {
        long bytes = 0;
        for (var stream : List.of("stdout", "stderr")) {
            var expected = new StringBuilder();
            for (int i = 1; i <= LINES; i++) {
                expected.append("%s %s %s %d\n"
                        .formatted(
                                execution.getString("script"), execution.getString("target"), stream.substring(3), i));
            }
            assertThat(ApiClient.output(events, execution.getString("id"), stream))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(expected.toString());
            assertThat(output(id, execution, "?stream=" + stream))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(expected.toString());
            bytes += expected.length();
        }
        assertThat(execution.getLong("output_bytes")).isEqualTo(bytes);
        assertThat(execution.getInteger("exit_code")).isZero();
        assertThat(output(id, execution, "")).isEqualTo(ApiClient.output(events, execution.getString("id"), null));
    }

    private static void requireOwnTimes(JsonObject operation, JsonObject execution) {
        var started = Instant.parse(execution.getString("started_at"));
        var ended = Instant.parse(execution.getString("ended_at"));
        assertThat(started)
                .isBetween(
                        Instant.parse(operation.getString("started_at")),
                        Instant.parse(operation.getString("ended_at")));
        assertThat(execution.getLong("duration_ms"))
                .isEqualTo(ended.toEpochMilli() - started.toEpochMilli())
                .isPositive();
    }

    /** Started and not finished, counted over the events. */
    private static int mostAtOnce(List<ApiClient.Event> events) {
        var open = new HashSet<String>();
        int most = 0;
        for (var event : events) {
            switch (event.type()) {
                case "execution.started" ->
                    assertThat(open.add(event.execution())).isTrue();
                case "execution.finished" ->
                    assertThat(open.remove(event.execution())).isTrue();
                case "execution.output" -> assertThat(open).contains(event.execution());
                default -> {}
            }
            most = Math.max(most, open.size());
        }
        assertThat(open).isEmpty();
        return most;
    }

    @Test
    void keepsEveryByte() throws Exception {
        long seed = System.nanoTime();
        System.out.println("HeartbeatIT seed " + seed);
        var random = new Random(seed);
        var noise = new byte[300_000];
        random.nextBytes(noise);
        var out = new ByteArrayOutputStream();
        out.writeBytes(noise);
        out.writeBytes(new byte[] {(byte) 0xc3, '\n', (byte) 0xf0, (byte) 0x9f, (byte) 0x98, '\r', '\n', 0});
        out.writeBytes("ä€😀\u2028".repeat(20_000).getBytes(StandardCharsets.UTF_8));
        out.writeBytes(new byte[] {(byte) 0xe2, (byte) 0x82}); // the beginning of a character, and then nothing
        var line = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        var one = Files.write(directory.resolve("one.bin"), out.toByteArray());
        var other = Files.write(directory.resolve("other.bin"), line);

        var id = run("bytes", List.of(one.toString(), other.toString()), "link-001", "link-002");
        var events = api.events(id);
        var operation = api.get("/api/operations/" + id).json();

        for (var execution : World.executions(operation).toList()) {
            assertThat(execution.getString("status")).isEqualTo("failed");
            assertThat(execution.getInteger("exit_code")).isEqualTo(7);
            assertThat(execution.getLong("output_bytes")).isEqualTo(out.size() + line.length);
            assertThat(output(id, execution, "?stream=stdout")).isEqualTo(out.toByteArray());
            assertThat(output(id, execution, "?stream=stderr")).isEqualTo(line);
            assertThat(ApiClient.output(events, execution.getString("id"), "stdout"))
                    .isEqualTo(out.toByteArray());
            assertThat(ApiClient.output(events, execution.getString("id"), "stderr"))
                    .isEqualTo(line);
        }
    }

    @Test
    void endsAScriptAtItsOwnTimeLimit() throws Exception {
        var marker = "marker-" + UUID.randomUUID();
        var operation = World.await(api, run("late", List.of(marker), "link-003"));
        var execution = World.executions(operation).findFirst().orElseThrow();
        assertThat(ProcessTable.having(marker)).isEmpty();
        assertThat(execution.getString("status")).isEqualTo("timeout");
        assertThat(execution.getString("error")).isEqualTo("It took longer than 2 s and was ended");
        assertThat(operation.getString("status")).isEqualTo("failed");
        assertThat(output(operation.getString("id"), execution, "")).asString().isEqualTo("begun\n");
    }

    @Test
    void stopsOrGoesOnAfterAFailureAsAsked() throws Exception {
        for (var onFailure : List.of("stop", "continue")) {
            var operation = World.await(
                    api,
                    World.run(
                            api,
                            new JsonObject()
                                    .put("scripts", new JsonArray().add("fails").add("numbers"))
                                    .put(
                                            "targets",
                                            new JsonArray().add("link-004").add("link-005"))
                                    .put("on_failure", onFailure)));
            var second = onFailure.equals("stop") ? "skipped" : "success";
            assertThat(World.executions(operation).map(each -> each.getString("status")))
                    .containsExactly("failed", second, "failed", second);
            assertThat(operation.getString("status")).isEqualTo(onFailure.equals("stop") ? "failed" : "partial");
            assertThat(World.executions(operation)
                            .filter(each -> each.getString("status").equals("skipped")))
                    .allMatch(each -> each.getString("reason").equals("earlier_failure"));
        }
    }

    @Test
    void handsArgumentsOnAsTheyAre() throws Exception {
        var arguments = List.of(
                "it's \"quoted\"",
                "two\nlines\n",
                "$(touch " + directory.resolve("injected") + ")",
                "`id`",
                "-e",
                "--",
                "--flag=value",
                "",
                " ",
                "*",
                "~",
                "\\",
                "a;b&c|d>e<f",
                "${HOME}",
                "ä😀",
                "\u001b[31m\r\t");
        var operation = World.await(api, run("echo", arguments, "link-006"));
        var execution = World.executions(operation).findFirst().orElseThrow();
        var seen = new String(output(operation.getString("id"), execution, "?stream=stdout"), StandardCharsets.UTF_8);
        assertThat(new ArrayList<>(List.of(seen.split("\0", -1))).subList(0, arguments.size()))
                .isEqualTo(arguments);
        assertThat(seen.chars().filter(each -> each == 0)).hasSize(arguments.size());
        assertThat(execution.getJsonArray("arguments")).isEqualTo(new JsonArray(arguments));
        assertThat(directory.resolve("injected")).doesNotExist();
    }

    private static String run(String script, List<String> arguments, String... targets) throws Exception {
        return World.run(
                api,
                new JsonObject()
                        .put("scripts", new JsonArray().add(script))
                        .put("flags", new JsonObject().put(script, new JsonArray(arguments)))
                        .put("targets", new JsonArray(List.of(targets))));
    }

    private static byte[] output(String operation, JsonObject execution, String query) throws Exception {
        return api.download(
                "/api/operations/" + operation + "/executions/" + execution.getString("id") + "/output" + query);
    }

    private static String git(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("git", "--git-dir", world.repository().toString()));
        command.addAll(List.of(arguments));
        var git = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(git.waitFor()).as(said).isZero();
        return said;
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
