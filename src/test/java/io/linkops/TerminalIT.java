package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.LinkOpsHere;
import io.linkops.world.Patience;
import io.linkops.world.TerminalClient;
import io.linkops.world.Terminals;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Terminals on a real OpenSSH sshd, through real HTTP and WebSocket. */
class TerminalIT {
    private static World world;
    private static LinkOpsHere linkops;

    @BeforeAll
    static void start() throws Exception {
        world = World.with(World.newDirectory(), 4, List.of("PermitUserEnvironment no", "AcceptEnv LANG"))
                .script("nothing", "#!/bin/bash", "true")
                .commit();
        linkops = LinkOpsHere.start(world, Map.of("terminal.max_workspaces_per_user", 100));
        World.enroll(linkops.api());
    }

    @AfterAll
    static void stop() throws Exception {
        linkops.close();
        world.close();
    }

    private static TerminalClient open(String workspace, String query) {
        return TerminalClient.open(linkops.port(), linkops.api().token(), workspace, query);
    }

    @Test
    void whatIsTypedReachesAShellAndWhatItSaysComesBack() throws Exception {
        var id = Terminals.connected(linkops.api(), "link-001");
        try (var client = open(id, "")) {
            client.type(0, "echo $((6*7)) $TERM $LANG\n");
            client.until(0, "42 xterm-256color C.UTF-8");
        }
    }

    @Test
    void theShellHearsOfItsSize() throws Exception {
        var id = Terminals.connected(linkops.api(), "link-001");
        try (var client = open(id, "")) {
            client.type(0, "stty size\n");
            client.until(0, "24 80");
            client.resize(0, 132, 43);
            client.type(0, "stty size\n");
            client.until(0, "43 132");
        }
    }

    @Test
    void aFloodInOnePaneNeitherStopsTheOthersNorCtrlC() throws Exception {
        var id = Terminals.connected(linkops.api(), "link-001", "link-002", "link-003", "link-004");
        try (var client = open(id, "output=binary&acks=true")) {
            for (int pane = 0; pane < 4; pane++) {
                Terminals.hush(client, pane);
            }
            client.forget();
            client.type(0, "yes\n");
            client.until(0, "y\r\ny\r\n");
            for (int round = 0; round < 50; round++) {
                int pane = 1 + round % 3;
                client.type(pane, "echo r''" + round + "\n");
                client.until(pane, "r" + round + "\r\n");
            }
            client.type(0, "\u0003");
            client.type(0, "echo the e''nd\n");
            Patience.until("Ctrl-C ends the flood", () -> tail(client, 0).contains("the end\r\n"));
            var shown = Terminals.pane(linkops.api(), id, 0);
            assertThat(shown.getLong("end") - shown.getLong("start")).isLessThanOrEqualTo(256 * 1024);
        }
    }

    private static String tail(TerminalClient client, int pane) {
        var bytes = client.bytes(pane);
        int length = Math.min(200, bytes.length);
        return new String(bytes, bytes.length - length, length, StandardCharsets.UTF_8);
    }

    @Test
    void aSocketThatIsCutAgainAndAgainMissesNotOneByte() throws Exception {
        var id = Terminals.connected(linkops.api(), "link-001");
        long next;
        try (var client = open(id, "")) {
            Terminals.hush(client, 0);
            next = client.next(0);
            client.type(0, "seq 1 1000000; echo fin''ished\n");
        }
        var random = new Random(42);
        var all = new ByteArrayOutputStream();
        int cuts = 0;
        while (!all.toString(StandardCharsets.UTF_8).endsWith("finished\r\n")) {
            var client = open(id, (cuts % 2 == 0 ? "output=binary&" : "") + "acks=true&after=0:" + next);
            int enough = 1 + random.nextInt(150_000);
            Patience.until(
                    "some more",
                    () -> client.size(0) >= enough || client.heard(0).endsWith("finished\r\n"));
            client.abort();
            synchronized (client) {
                assertThat(client.first(0)).isEqualTo(next);
                all.writeBytes(client.bytes(0));
                next = client.next(0);
            }
            cuts++;
        }
        var expected = IntStream.rangeClosed(1, 1_000_000)
                .mapToObj(number -> number + "\r\n")
                .collect(Collectors.joining("", "", "finished\r\n"));
        assertThat(cuts).isGreaterThan(5);
        assertThat(all.toString(StandardCharsets.UTF_8)).isEqualTo(expected);
    }

    @Test
    void charactersStayWholeWhereverTheirBytesAreCut() throws Exception {
        var id = Terminals.connected(linkops.api(), "link-001");
        try (var client = open(id, "")) {
            Terminals.hush(client, 0);
            client.forget();
            client.type(0, "printf '\\360\\237'; sleep 0.3; printf '\\232\\200 e'; printf '\\377'; echo nd\n");
            client.until(0, "\ud83d\ude80 e\ufffdnd\r\n");
        }
    }

    @Test
    void inputGoesToAllChosenPanesAtOnce() throws Exception {
        var id = Terminals.connected(linkops.api(), "link-001", "link-002", "link-003");
        try (var client = open(id, "")) {
            client.broadcast(List.of(0, 2), "echo all to''gether\n");
            client.until(0, "all together");
            client.until(2, "all together");
            assertThat(client.heard(1)).doesNotContain("together");
            client.say("disconnect", 1);
            client.awaitStatus(1, "closed");
            client.broadcast(List.of(1, 2, 3), "echo ag''ain\n");
            client.until(2, "again");
            assertThat(client.awaitFrame(
                                    "pane 1 refused",
                                    frame -> Integer.valueOf(1).equals(frame.getInteger("pane"))
                                            && "error".equals(frame.getString("type")))
                            .getString("code"))
                    .isEqualTo("CONFLICT");
            assertThat(client.awaitFrame(
                                    "pane 3 refused",
                                    frame -> Integer.valueOf(3).equals(frame.getInteger("pane"))
                                            && "error".equals(frame.getString("type")))
                            .getString("code"))
                    .isEqualTo("VALIDATION_FAILED");
        }
    }

    @Test
    void whoAsksIsToldThatInputWasTakenAndWhoWatchesThatTheSizeChanged() throws Exception {
        var id = Terminals.connected(linkops.api(), "link-001");
        try (var client = open(id, "");
                var other = open(id, "")) {
            other.awaitFrame("greeted", frame -> frame.containsKey("workspace"));
            client.send(new JsonObject()
                    .put("type", "stdin")
                    .put("panes", new JsonArray(List.of(0, 1)))
                    .put("data", "echo ta''ken\n")
                    .put("confirm", true));
            client.awaitFrame(
                    "taken", frame -> "taken".equals(frame.getString("input")) && frame.getInteger("pane") == 0);
            client.awaitError("VALIDATION_FAILED");
            client.until(0, "taken");
            client.forget();
            client.type(0, "echo with''out\n");
            client.until(0, "without");
            assertThat(client.frames()).noneMatch(frame -> frame.containsKey("input"));
            client.resize(0, 77, 33);
            other.awaitFrame("the new size", frame -> Integer.valueOf(77).equals(frame.getInteger("cols")));
        }
    }

    @Test
    void aPasteIntoAProgramThatDoesNotReadIsBoundedAndLosesNothing() throws Exception {
        var id = Terminals.connected(linkops.api(), "link-001", "link-002");
        try (var client = open(id, "")) {
            Terminals.hush(client, 0);
            client.type(0, "stty raw; echo ra''w; sleep 3; head -c 6000000 | sha256sum; stty -raw\n");
            // before, the terminal keeps a line of 4,095 bytes and drops what is longer
            client.until(0, "raw\n");
            var line = "0123456789abcdef".repeat(3750);
            var paste = new ArrayList<String>();
            for (int i = 0; i < 100; i++) {
                paste.add(line);
            }
            int refusals = 0;
            for (int i = 0; i < paste.size(); ) {
                client.forget();
                client.type(0, paste.get(i));
                client.type(1, "echo pi''ece" + i + "\n");
                client.until(1, "piece" + i + "\r\n");
                if (client.frames().stream().anyMatch(frame -> "INPUT_FULL".equals(frame.getString("code")))) {
                    refusals++;
                    client.awaitFrame("room again", frame -> "ready".equals(frame.getString("input")));
                    client.say("stdin_resume", 0);
                } else {
                    i++;
                }
            }
            assertThat(refusals).isPositive();
            client.until(0, sha256(line.repeat(100)));
        }
    }

    private static String sha256(String text) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }

    @Test
    void framesThatMakeNoSenseAreAnsweredAndHarmNothing() throws Exception {
        var id = Terminals.connected(linkops.api(), "link-001");
        try (var client = open(id, "")) {
            for (var frame : List.of(
                    "",
                    "{",
                    "[]",
                    "null",
                    "{\"type\":1}",
                    "{\"type\":\"stdin\"}",
                    "{\"type\":\"stdin\",\"pane\":0}",
                    "{\"type\":\"stdin\",\"pane\":9,\"data\":\"x\"}",
                    "{\"type\":\"stdin\",\"pane\":\"0\",\"data\":\"x\"}",
                    "{\"type\":\"stdin\",\"panes\":[],\"data\":\"x\"}",
                    "{\"type\":\"stdin\",\"pane\":0,\"data\":\"\\ud800\"}",
                    "{\"type\":\"resize\",\"pane\":0,\"cols\":0,\"rows\":-1}",
                    "{\"type\":\"resize\",\"pane\":0,\"cols\":99999999999999999999,\"rows\":1}",
                    "{\"type\":\"connect\",\"pane\":0,\"link\":\"link-002\"}",
                    "{\"type\":\"ack\",\"pane\":3,\"offset\":1e3}",
                    "[".repeat(5000))) {
                client.forget();
                client.sendText(frame);
                client.awaitFrame("an error for " + frame, heard -> "error".equals(heard.getString("type")));
            }
            client.forget();
            client.sendBytes(new byte[] {7, 65});
            client.awaitError("MALFORMED_REQUEST");
            client.sendBytes("\0echo still th''ere\n".getBytes(StandardCharsets.UTF_8));
            client.until(0, "still there");
            client.sendText("x".repeat(300_000));
            assertThat(client.awaitClose()).isIn(1009, -1, 1006);
        }
    }

    @Test
    void aShellThatEndsSaysHowAfterItsLastOutput() throws Exception {
        var id = Terminals.connected(linkops.api(), "link-001");
        try (var client = open(id, "")) {
            Terminals.hush(client, 0);
            client.type(0, "seq 1 30000; exit 7\n");
            var end = client.awaitStatus(0, "closed");
            assertThat(end.getString("reason")).isEqualTo("exited");
            assertThat(end.getInteger("exit_code")).isEqualTo(7);
            assertThat(client.heard(0)).contains("30000\r\n");
            client.say("connect", 0);
            client.forget();
            client.awaitStatus(0, "connected");
            client.type(0, "echo a n''ew one\n");
            client.until(0, "a new one");
        }
    }
}
