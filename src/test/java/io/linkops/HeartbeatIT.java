package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job, as its own process against a real sshd and a real repository: sync, verify, run, watch, look it up. */
class HeartbeatIT {
    private static final int LINKS = 20;
    private static final int LINES = 50;

    @TempDir
    java.nio.file.Path directory;

    @Test
    void aScriptFromTheRepositoryRunsOnTwentyLinksAndItsOutputIsWatchedLiveAndKept() throws Exception {
        var greet = new String[] {
            "#!/usr/bin/env bash",
            "set -eu",
            "for i in $(seq 1 " + LINES + "); do",
            "  echo \"out $LINKOPS_LINK $i\"",
            "  echo \"err $LINKOPS_LINK $i\" >&2",
            "done"
        };
        try (var world = World.with(directory, LINKS)
                        .script("greet", greet)
                        .script(
                                "odd",
                                "#!/bin/bash",
                                "printf 'raw \\xff\\xfe \\n'",
                                "[ \"$LINKOPS_LINK\" != link-013 ]")
                        .commit();
                var linkops = world.serve()) {
            var api = linkops.login();
            World.enroll(api);
            var id = World.run(api, 5, List.of("greet", "odd"), "*");
            var events = api.events(id);

            assertThat(events.stream().map(ApiClient.Event::id).toList())
                    .isEqualTo(IntStream.rangeClosed(1, events.size())
                            .mapToObj(Long::valueOf)
                            .toList());
            assertThat(events.getFirst().type()).isEqualTo("operation.started");
            assertThat(events.getLast().type()).isEqualTo("operation.finished");
            assertThat(mostAtOnce(events)).isLessThanOrEqualTo(5);
            requireLinesInOrder(events);

            var operation = api.get("/api/operations/" + id).json();
            assertThat(operation.getString("status")).isEqualTo("partial");
            assertThat(operation.getJsonObject("counts").getInteger("success")).isEqualTo(2 * LINKS - 1);
            requireRecords(api, id, operation, sha256(String.join("\n", greet) + "\n"));
        }
    }

    @Test
    void argumentsArriveExactlyAndALimitOfTimeEndsAScript() throws Exception {
        try (var world = World.with(directory, 2)
                        .script("echo_all", "#!/bin/bash", "printf '<%s>' \"$@\"")
                        .script("slow", "#!/bin/bash", "echo begun; sleep 600")
                        .timeout("slow", "2s")
                        .script("after", "#!/bin/bash", "echo after")
                        .commit();
                var linkops = world.serve()) {
            var api = linkops.login();
            World.enroll(api);
            var arguments = List.of("-n", "--", "", "a b", "'\"", "$(id)`id`", "line\nbreak", "ünï 🦊", "\\", "*");
            var answer = api.post(
                    "/api/operations/run",
                    new JsonObject()
                            .put("scripts", new JsonArray().add("echo_all"))
                            .put("flags", new JsonObject().put("echo_all", new JsonArray(arguments)))
                            .put("targets", new JsonArray().add("link-001")));
            var done = World.await(api, answer.json().getString("operation_id"));
            assertThat(output(api, done, 0)).isEqualTo("<" + String.join("><", arguments) + ">");

            var limited = World.await(api, World.run(api, 2, List.of("slow", "after"), "*"));
            assertThat(World.executions(limited).map(each -> each.getString("status")))
                    .containsExactly("timeout", "skipped", "timeout", "skipped");
            assertThat(output(api, limited, 0)).isEqualTo("begun\n");
        }
    }

    private static int mostAtOnce(List<ApiClient.Event> events) {
        int running = 0;
        int most = 0;
        for (var event : events) {
            running +=
                    event.type().equals("execution.started") ? 1 : event.type().equals("execution.finished") ? -1 : 0;
            most = Math.max(most, running);
        }
        return most;
    }

    private static void requireLinesInOrder(List<ApiClient.Event> events) {
        Map<String, StringBuilder> streams = new HashMap<>();
        events.stream()
                .filter(event -> event.type().equals("execution.output"))
                .map(ApiClient.Event::data)
                .filter(data -> data.getString("script").equals("greet"))
                .forEach(data -> streams.computeIfAbsent(
                                data.getString("stream") + " " + data.getString("target"), _ -> new StringBuilder())
                        .append(data.getString("data")));
        assertThat(streams).hasSize(2 * LINKS);
        streams.forEach((stream, text) -> {
            var link = stream.substring(stream.indexOf(' ') + 1);
            assertThat(text.toString()).isEqualTo(lines(stream.startsWith("stdout") ? "out " : "err ", link));
        });
    }

    private static String lines(String word, String link) {
        var text = new StringBuilder();
        IntStream.rangeClosed(1, LINES)
                .forEach(i ->
                        text.append(word).append(link).append(' ').append(i).append('\n'));
        return text.toString();
    }

    private static void requireRecords(ApiClient api, String id, JsonObject operation, String sha256) throws Exception {
        assertThat(operation.getString("commit")).hasSize(40);
        for (var execution : World.executions(operation).toList()) {
            var isOdd = execution.getString("script").equals("odd");
            var fails = isOdd && execution.getString("target").equals("link-013");
            assertThat(execution.getInteger("exit_code")).isEqualTo(fails ? 1 : 0);
            assertThat(execution.getLong("duration_ms")).isNotNegative();
            var path = "/api/operations/" + id + "/executions/" + execution.getString("id") + "/output?stream=stdout";
            if (isOdd) {
                assertThat(api.download(path))
                        .isEqualTo(new byte[] {'r', 'a', 'w', ' ', (byte) 0xff, (byte) 0xfe, ' ', '\n'});
            } else {
                assertThat(execution.getString("sha256")).isEqualTo(sha256);
                assertThat(new String(api.download(path), StandardCharsets.UTF_8))
                        .isEqualTo(lines("out ", execution.getString("target")));
            }
        }
    }

    private static String output(ApiClient api, JsonObject operation, int index) throws Exception {
        List<JsonObject> executions =
                new ArrayList<>(World.executions(operation).toList());
        return new String(
                api.download("/api/operations/" + operation.getString("id") + "/executions/"
                        + executions.get(index).getString("id") + "/output"),
                StandardCharsets.UTF_8);
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
