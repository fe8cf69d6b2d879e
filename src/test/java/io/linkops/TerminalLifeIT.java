package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsHere;
import io.linkops.world.Patience;
import io.linkops.world.TerminalClient;
import io.linkops.world.Terminals;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How terminals begin and end: recordings, time-outs, stops, crashes. */
class TerminalLifeIT {
    private World world;

    @BeforeEach
    void start() throws Exception {
        world = World.with(World.newDirectory(), 2)
                .script("nothing", "#!/bin/bash", "true")
                .commit();
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    private LinkOpsHere linkops(Map<String, Object> overrides) throws Exception {
        var linkops = LinkOpsHere.start(world, new HashMap<>(overrides));
        World.enroll(linkops.api());
        return linkops;
    }

    private static TerminalClient open(LinkOpsHere linkops, String workspace, String query) {
        return TerminalClient.open(linkops.port(), linkops.api().token(), workspace, query);
    }

    /** How many terminals the sshd over there has. */
    private long shells() {
        return world.sshd().shells();
    }

    @Test
    void aRecordingReplaysToTheSameBytes() throws Exception {
        try (var linkops = linkops(Map.of())) {
            var id = Terminals.connected(linkops.api(), "link-001");
            String session;
            byte[] heard;
            try (var client = open(linkops, id, "output=binary&acks=true")) {
                session = Terminals.pane(linkops.api(), id, 0).getString("session");
                client.resize(0, 100, 30);
                client.type(
                        0,
                        "read -s secret; echo 'h\u00e9llo \ud83d\ude80 \u5b57'; seq 1 200000; tput setaf 1; exit 3\n");
                client.type(0, "typed in secret\n");
                client.awaitStatus(0, "closed");
                heard = client.bytes(0);
            }
            var recording = linkops.api()
                    .get("/api/terminal/recordings")
                    .json()
                    .getJsonArray("recordings")
                    .getJsonObject(0);
            assertThat(recording.getString("id")).isEqualTo(session);
            assertThat(recording.getString("link")).isEqualTo("link-001");
            assertThat(recording.getString("username")).isEqualTo("admin");
            assertThat(recording.getString("reason")).isEqualTo("exited");
            assertThat(recording.getInteger("exit_code")).isEqualTo(3);
            assertThat(recording.getLong("bytes_out")).isEqualTo(heard.length);
            var cast = linkops.api().download(recording.getString("cast"));
            assertThat(recording.getLong("size")).isEqualTo(cast.length);
            assertThat(replay(cast)).isEqualTo(heard);
            var text = new String(cast, StandardCharsets.UTF_8);
            assertThat(text).contains("\"r\", \"100x30\"").doesNotContain("typed in secret");
            var file = world.directory().resolve("data/recordings/" + session + ".cast");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(linkops.api()
                            .delete("/api/terminal/recordings/" + session)
                            .status())
                    .isEqualTo(204);
            assertThat(file).doesNotExist();
            assertThat(linkops.api().get("/api/terminal/recordings/" + session).status())
                    .isEqualTo(404);
        }
    }

    /** What a player would print; throws unless every line is what the format says. */
    private static byte[] replay(byte[] cast) {
        var lines = new String(cast, StandardCharsets.UTF_8).lines().toList();
        var header = new JsonObject(lines.getFirst());
        assertThat(header.getInteger("version")).isEqualTo(2);
        assertThat(header.getInteger("width")).isPositive();
        var printed = new ByteArrayOutputStream();
        double last = 0;
        for (var line : lines.subList(1, lines.size())) {
            var event = new JsonArray(line);
            assertThat(event.getDouble(0)).isGreaterThanOrEqualTo(last);
            last = event.getDouble(0);
            if (event.getString(1).equals("o")) {
                printed.writeBytes(event.getString(2).getBytes(StandardCharsets.UTF_8));
            } else {
                assertThat(event.getString(1)).isIn("r", "m");
            }
        }
        return printed.toByteArray();
    }

    @Test
    void recordingCanBeSwitchedOff() throws Exception {
        try (var linkops = linkops(Map.of("terminal.recordings", false))) {
            var id = Terminals.connected(linkops.api(), "link-001");
            try (var client = open(linkops, id, "")) {
                client.type(0, "echo not re''corded; exit\n");
                client.awaitStatus(0, "closed");
            }
            assertThat(linkops.api().get("/api/terminal/recordings").json().getJsonArray("recordings"))
                    .isEmpty();
            assertThat(world.directory().resolve("data/recordings")).doesNotExist();
            assertThat(linkops.column("SELECT end_reason FROM terminal_sessions"))
                    .containsExactly("exited");
        }
    }

    @Test
    void anIdleSocketIsClosedAndAShellThatNobodyComesBackToEnds() throws Exception {
        try (var linkops = linkops(Map.of("terminal.websocket_timeout", "1s", "terminal.reattach_seconds", 1))) {
            var id = Terminals.connected(linkops.api(), "link-001");
            try (var client = open(linkops, id, "")) {
                assertThat(client.awaitClose()).isEqualTo(4001);
            }
            Patience.until(
                    "the shell has ended",
                    () -> linkops.column("SELECT end_reason FROM terminal_sessions WHERE closed_at IS NOT NULL")
                            .equals(List.of("abandoned")));
            Patience.until("nothing runs over there", () -> shells() == 0);
            Patience.until(
                    "the workspace is gone",
                    () -> linkops.api().get(Terminals.path(id)).status() == 404);
            Patience.until(
                    "its end is on record",
                    () -> linkops.column("SELECT end_reason FROM terminal_workspaces")
                            .equals(List.of("expired")));
        }
    }

    @Test
    void aStopClosesSocketsProperlyAndEndsTheShells() throws Exception {
        var linkops = linkops(Map.of());
        TerminalClient client;
        try (linkops) {
            var id = Terminals.connected(linkops.api(), "link-001", "link-002");
            client = open(linkops, id, "");
            client.type(0, "yes\n");
            client.until(0, "y\r\ny\r\n");
        }
        assertThat(client.awaitClose()).isEqualTo(1001);
        Patience.until("nothing runs over there", () -> shells() == 0);
        assertThat(linkops.column("SELECT end_reason FROM terminal_sessions WHERE closed_at IS NOT NULL"))
                .containsExactly("shutdown", "shutdown");
        try (var files = Files.list(world.directory().resolve("data/recordings"))) {
            for (var file : files.toList()) {
                replay(Files.readAllBytes(file));
            }
        }
    }

    @Test
    void deletingAWorkspaceClosesItsSocketsAndShells() throws Exception {
        try (var linkops = linkops(Map.of())) {
            var id = Terminals.connected(linkops.api(), "link-001", "link-002");
            try (var client = open(linkops, id, "")) {
                assertThat(linkops.api().delete(Terminals.path(id)).status()).isEqualTo(204);
                assertThat(client.awaitClose()).isEqualTo(4000);
            }
            Patience.until("nothing runs over there", () -> shells() == 0);
        }
    }

    @Test
    void moreShellsThanOneConnectionTakesOpenOnFurtherOnes() throws Exception {
        try (var narrow = World.with(World.newDirectory(), 1, List.of("MaxSessions 3"))) {
            narrow.script("nothing", "#!/bin/bash", "true").commit();
            try (var linkops = LinkOpsHere.start(narrow, Map.of())) {
                World.enroll(linkops.api());
                for (int i = 0; i < 2; i++) {
                    var id = Terminals.workspace(linkops.api(), "link-001", "link-001", "link-001", "link-001");
                    try (var client = open(linkops, id, "")) {
                        for (int pane = 0; pane < 4; pane++) {
                            client.say("connect", pane);
                            client.awaitStatus(pane, "connected");
                            client.type(pane, "echo he''re\n");
                            client.until(pane, "here");
                        }
                    }
                }
                assertThat(narrow.sshd().shells()).isEqualTo(8);
                assertThat(narrow.sshd().connections()).isGreaterThan(2);
            }
        }
    }

    @Test
    void aCrashLeavesRecordingsThatPlayAndNothingOpen() throws Exception {
        String session;
        try (var process = world.serve()) {
            ApiClient api = process.login();
            World.enroll(api);
            var id = Terminals.connected(api, "link-001");
            session = Terminals.pane(api, id, 0).getString("session");
            try (var client = TerminalClient.open(process.awaitPort(), api.token(), id, "output=binary&acks=true")) {
                client.type(0, "while true; do seq 1 1000; done\n");
                Patience.until("much output", () -> client.size(0) > 2_000_000);
                process.kill();
            }
        }
        try (var database = DriverManager.getConnection(
                        "jdbc:sqlite:" + world.directory().resolve("data/linkops.db"));
                var rows = database.createStatement()
                        .executeQuery("SELECT COUNT(*) FROM terminal_sessions WHERE closed_at IS NULL")) {
            assertThat(rows.getInt(1)).isEqualTo(1);
        }
        try (var linkops = LinkOpsHere.start(world, Map.of())) {
            assertThat(linkops.column("SELECT end_reason FROM terminal_sessions WHERE closed_at IS NOT NULL"))
                    .containsExactly("interrupted");
            assertThat(linkops.column("SELECT end_reason FROM terminal_workspaces WHERE closed_at IS NOT NULL"))
                    .containsExactly("interrupted");
            var recording =
                    linkops.api().get("/api/terminal/recordings/" + session).json();
            var cast = linkops.api().download(recording.getString("cast"));
            assertThat((long) cast.length).isEqualTo(recording.getLong("size"));
            assertThat(replay(cast).length).isGreaterThan(1_000_000);
        }
    }
}
