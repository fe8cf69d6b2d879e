package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsHere;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.TerminalClient;
import io.linkops.world.Terminals;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whom terminals let in, and where they open. */
class TerminalTrustIT {
    private static World world;
    private static LinkOpsHere linkops;
    private static ApiClient alice;
    private static ApiClient bob;
    private static ApiClient viewer;

    @BeforeAll
    static void start() throws Exception {
        world = World.with(World.newDirectory(), 3)
                .script("nothing", "#!/bin/bash", "true")
                .commit();
        linkops = LinkOpsHere.start(
                world, Map.of("terminal.max_workspaces_per_user", 3, "terminal.max_sockets_per_user", 2));
        World.enroll(linkops.api());
        alice = user("alice", "operator");
        bob = user("bob", "operator");
        viewer = user("vera", "viewer");
    }

    @AfterAll
    static void stop() throws Exception {
        linkops.close();
        world.close();
    }

    @AfterEach
    void deleteWorkspaces() throws Exception {
        for (var each : linkops.api().get("/api/terminal/workspaces").json().getJsonArray("workspaces")) {
            linkops.api().delete(Terminals.path(((JsonObject) each).getString("id")));
        }
    }

    private static ApiClient user(String name, String role) throws Exception {
        var body = new JsonObject()
                .put("username", name)
                .put("password", LinkOpsProcess.PASSWORD)
                .put("role", role);
        assertThat(linkops.api().post("/api/users", body).status()).isEqualTo(201);
        return ApiClient.login(linkops.port(), name, LinkOpsProcess.PASSWORD);
    }

    private static TerminalClient open(ApiClient who, String workspace) {
        return TerminalClient.open(linkops.port(), who.token(), workspace, "");
    }

    private static void requireRefusal(int status, Runnable opening) {
        assertThatThrownBy(opening::run)
                .hasCauseInstanceOf(WebSocketHandshakeException.class)
                .satisfies(e -> assertThat(((WebSocketHandshakeException) e.getCause())
                                .getResponse()
                                .statusCode())
                        .isEqualTo(status));
    }

    @Test
    void theClientIdIsReadAgainOnTheVeryConnectionOfTheShell() throws Exception {
        var id = Terminals.workspace(alice, "link-001");
        var right = Files.readString(world.clientIdFile("link-001"));
        Files.writeString(world.clientIdFile("link-001"), "LINKOPS-" + UUID.randomUUID() + "\n");
        try (var client = open(alice, id)) {
            client.say("connect", 0);
            var refused = client.awaitStatus(0, "closed");
            assertThat(refused.getString("reason")).isEqualTo("client_id_mismatch");
            assertThat(refused.getString("error")).contains("link-001");
            assertThat(client.size(0)).isZero();
            assertThat(Terminals.assign(alice, id, "link-001").status()).isEqualTo(403);
        } finally {
            Files.writeString(world.clientIdFile("link-001"), right);
            linkops.api().post("/api/links/link-001/verify");
        }
    }

    @Test
    void aHostKeyThatIsNotTrustedOpensNothing() throws Exception {
        try (var other = World.with(World.newDirectory(), 1)) {
            other.script("nothing", "#!/bin/bash", "true").commit();
            try (var here = LinkOpsHere.start(other, Map.of())) {
                World.enroll(here.api());
                var id = Terminals.workspace(here.api(), "link-001");
                other.sshd().changeHostKeys();
                try (var client = TerminalClient.open(here.port(), here.api().token(), id, "")) {
                    client.say("connect", 0);
                    var refused = client.awaitStatus(0, "closed");
                    assertThat(refused.getString("reason")).isEqualTo("host_key_changed");
                    assertThat(client.size(0)).isZero();
                }
            }
        }
    }

    @Test
    void pagesOfOtherOriginsAreRefusedWhateverTheyShow() throws Exception {
        var id = Terminals.workspace(alice, "link-001");
        var cookie = "linkops=" + alice.token();
        int port = linkops.port();
        requireRefusal(
                403,
                () -> TerminalClient.open(port, id, "", Map.of("Cookie", cookie, "Origin", "https://evil.example")));
        requireRefusal(403, () -> TerminalClient.open(port, id, "", Map.of("Cookie", cookie)));
        requireRefusal(403, () -> TerminalClient.open(port, id, "", Map.of("Cookie", cookie, "Origin", "null")));
        requireRefusal(
                403,
                () -> TerminalClient.open(
                        port,
                        id,
                        "",
                        Map.of("Authorization", "Bearer " + alice.token(), "Origin", "https://evil.example")));
        requireRefusal(
                403,
                () -> TerminalClient.open(
                        port, id, "ticket=" + ticket(alice, id), Map.of("Origin", "https://evil.example")));
        try (var client =
                TerminalClient.open(port, id, "", Map.of("Cookie", cookie, "Origin", "http://127.0.0.1:" + port))) {
            client.awaitFrame("the greeting", frame -> frame.containsKey("workspace"));
        }
    }

    private static String ticket(ApiClient who, String workspace) {
        try {
            return who.post("/api/auth/ticket", new JsonObject().put("resource", Terminals.path(workspace) + "/ws"))
                    .json()
                    .getString("ticket");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTicketOpensOneSocketOnceAndNoOther() throws Exception {
        var id = Terminals.workspace(alice, "link-001");
        var other = Terminals.workspace(alice, "link-002");
        int port = linkops.port();
        var ticket = ticket(alice, id);
        TerminalClient.open(port, id, "ticket=" + ticket, Map.of()).close();
        requireRefusal(401, () -> TerminalClient.open(port, id, "ticket=" + ticket, Map.of()));
        requireRefusal(401, () -> TerminalClient.open(port, other, "ticket=" + ticket(alice, id), Map.of()));
        requireRefusal(401, () -> TerminalClient.open(port, id, "", Map.of()));
        requireRefusal(401, () -> TerminalClient.open(port, id, "", Map.of("Authorization", "Bearer nonsense")));
    }

    @Test
    void whatIsNotYoursIsNotThere() throws Exception {
        var id = Terminals.connected(alice, "link-001");
        var path = Terminals.path(id);
        assertThat(bob.get(path).errorCode()).isEqualTo("WORKSPACE_NOT_FOUND");
        assertThat(bob.post(path + "/connect-all").status()).isEqualTo(404);
        assertThat(bob.post(path + "/take-over").status()).isEqualTo(404);
        assertThat(bob.delete(path).status()).isEqualTo(404);
        assertThat(Terminals.assign(bob, id, "link-002").status()).isEqualTo(404);
        assertThat(bob.post(
                                path + "/shares",
                                new JsonObject().put("user", "bob").put("mode", "control"))
                        .status())
                .isEqualTo(404);
        requireRefusal(404, () -> open(bob, id));
        assertThat(viewer.get(path).status()).isEqualTo(403);
        requireRefusal(403, () -> open(viewer, id));
        assertThat(bob.get("/api/terminal/workspaces").json().getInteger("total"))
                .isZero();
        var recording = Terminals.pane(alice, id, 0).getString("session");
        assertThat(alice.get("/api/terminal/recordings/" + recording).status()).isEqualTo(200);
        assertThat(bob.get("/api/terminal/recordings/" + recording).status()).isEqualTo(404);
        assertThat(bob.get("/api/terminal/recordings/" + recording + "/cast").status())
                .isEqualTo(404);
        assertThat(alice.delete("/api/terminal/recordings/" + recording).status())
                .isEqualTo(403);
        assertThat(linkops.api().get(path).status()).isEqualTo(200);
    }

    @Test
    void limitsAreToldClearly() throws Exception {
        for (int i = 0; i < 3; i++) {
            Terminals.workspace(alice, "link-001");
        }
        var refused = alice.post("/api/terminal/workspaces", new JsonObject().put("layout", "single"));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.errorMessage()).contains("terminal.max_workspaces_per_user");
        var id = Terminals.workspace(bob, "link-001");
        try (var _ = open(bob, id);
                var _ = open(bob, id)) {
            requireRefusal(429, () -> open(bob, id));
        }
    }

    @Test
    void aWatcherSeesAndDoesNotTypeUntilItTakesOver() throws Exception {
        var id = Terminals.connected(alice, "link-001");
        var path = Terminals.path(id);
        share(id, "watch");
        try (var typing = open(alice, id);
                var watching = open(bob, id)) {
            typing.type(0, "echo for ev''erybody\n");
            watching.until(0, "for everybody");
            watching.type(0, "echo not al''lowed\n");
            assertThat(watching.awaitError("FORBIDDEN").getString("message")).contains("alice");
            watching.resize(0, 10, 10);
            watching.say("disconnect", 0);
            assertThat(bob.post(path + "/take-over").status()).isEqualTo(403);
            share(id, "control");
            assertThat(bob.post(path + "/take-over").status()).isEqualTo(200);
            typing.awaitFrame(
                    "bob types",
                    frame -> "bob".equals(frame.getString("typist"))
                            && Boolean.FALSE.equals(frame.getBoolean("you_type")));
            watching.type(0, "echo now b''ob; stty size\n");
            typing.until(0, "now bob");
            typing.until(0, "24 80");
            typing.type(0, "echo not al''lowed\n");
            typing.awaitError("FORBIDDEN");
            typing.send(new JsonObject().put("type", "take_over"));
            watching.awaitFrame(
                    "alice types",
                    frame -> "alice".equals(frame.getString("typist")) && !frame.containsKey("workspace"));
            typing.type(0, "echo al''ice again\n");
            watching.until(0, "alice again");
            assertThat(typing.heard(0)).doesNotContain("not allowed");
            assertThat(alice.delete(path + "/shares/bob").status()).isEqualTo(200);
            assertThat(watching.awaitClose()).isEqualTo(4003);
        }
        requireRefusal(404, () -> open(bob, id));
    }

    private static void share(String id, String mode) throws Exception {
        var body = new JsonObject().put("user", "bob").put("mode", mode);
        assertThat(alice.post(Terminals.path(id) + "/shares", body).status()).isEqualTo(200);
    }

    @Test
    void aSlowWatcherIsToldOfAGapAndSlowsNobody() throws Exception {
        var id = Terminals.connected(alice, "link-001");
        share(id, "watch");
        try (var typing = TerminalClient.open(linkops.port(), alice.token(), id, "output=binary&acks=true");
                var watching = TerminalClient.open(linkops.port(), bob.token(), id, "output=binary&acks=true")) {
            Terminals.hush(typing, 0);
            watching.pause();
            typing.type(0, "seq 1 1000000; echo the e''nd\n");
            typing.until(0, "the end\r\n");
            watching.resume();
            watching.until(0, "the end\r\n");
            var gap = watching.awaitFrame("a gap", frame -> frame.containsKey("gap"))
                    .getJsonObject("gap");
            assertThat(gap.getLong("to")).isGreaterThan(gap.getLong("from"));
            assertThat(typing.frames()).noneMatch(frame -> frame.containsKey("gap"));
        }
    }
}
