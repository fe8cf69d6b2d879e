package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.World;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader that is cut off a hundred times, and one that never reads. */
class ResumeIT {
    private static final int CUTS = 100;
    private static final int LINES = 6000;

    @TempDir
    Path directory;

    @Test
    void aReaderThatIsCutOffAHundredTimesEndsWithTheSameBytes() throws Exception {
        try (var world = World.with(directory, 4)
                        .script(
                                "talk",
                                "#!/bin/bash",
                                "for ((i = 1; i <= " + LINES + "; i++)); do",
                                "  printf '\\033[3%dm%d é🦊 data: {\"id\": 7}\\033[0m\\n' $((i % 8)) \"$i\"",
                                "  ((i % 7)) || printf 'id: 3\\nevent: operation.finished\\ndata: {}\\n\\n' >&2",
                                "  ((i % 300)) || sleep 0.1",
                                "done")
                        .commit();
                var linkops = world.serve()) {
            var api = linkops.login();
            World.enroll(api);
            var id = World.run(api, 4, List.of("talk"), "*");
            var path = "/api/operations/" + id + "/events";
            List<ApiClient.Event> events = new ArrayList<>();
            try (var stalled = stalledReader(linkops.awaitPort(), api.token(), path)) {
                var random = new Random(42);
                for (int cut = 0; cut < CUTS; cut++) {
                    int enough = 1 + random.nextInt(6);
                    var part = api.events(path, last(events), count(enough));
                    events.addAll(part);
                }
                events.addAll(api.events(path, last(events), _ -> false));
                assertThat(stalled.isConnected()).isTrue();
            }
            assertThat(events).isEqualTo(api.events(id));
            for (var execution :
                    World.executions(api.get("/api/operations/" + id).json()).toList()) {
                for (var stream : List.of("stdout", "stderr")) {
                    var whole = api.download("/api/operations/" + id + "/executions/" + execution.getString("id")
                            + "/output?stream=" + stream);
                    assertThat(bytes(events, execution.getString("id"), stream)).isEqualTo(whole);
                }
                assertThat(execution.getString("status")).isEqualTo("success");
            }
            assertThat(new String(
                                    bytes(
                                            events,
                                            World.executions(api.get("/api/operations/" + id)
                                                            .json())
                                                    .findFirst()
                                                    .orElseThrow()
                                                    .getString("id"),
                                            "stdout"),
                                    StandardCharsets.UTF_8)
                            .lines())
                    .hasSize(LINES);
        }
    }

    private static java.util.function.Predicate<ApiClient.Event> count(int enough) {
        var left = new java.util.concurrent.atomic.AtomicInteger(enough);
        return _ -> left.decrementAndGet() <= 0;
    }

    private static long last(List<ApiClient.Event> events) {
        return events.isEmpty() ? 0 : events.getLast().id();
    }

    /** Asks for the stream and never takes a byte of it. */
    private static Socket stalledReader(int port, String token, String path) throws Exception {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream()
                .write(("GET " + path
                                + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nAuthorization: Bearer "
                                + token + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static byte[] bytes(List<ApiClient.Event> events, String execution, String stream) {
        var bytes = new ByteArrayOutputStream();
        events.stream()
                .filter(event -> event.type().equals("execution.output"))
                .map(ApiClient.Event::data)
                .filter(data -> data.getString("execution").equals(execution)
                        && data.getString("stream").equals(stream))
                .forEach(data -> {
                    assertThat(data.getString("base64")).isNull();
                    bytes.writeBytes(data.getString("data").getBytes(StandardCharsets.UTF_8));
                });
        return bytes.toByteArray();
    }
}
