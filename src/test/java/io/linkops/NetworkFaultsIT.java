package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.fleet.FaultyProxy;
import io.linkops.fleet.FaultyProxy.Mode;
import io.linkops.world.ApiClient;
import io.linkops.world.Detour;
import io.linkops.world.LinkOpsHere;
import io.linkops.world.Patience;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks that fail in every way: each execution ends in one final state, with its cause, within the time-outs. */
class NetworkFaultsIT {
    private static final int LINKS = 7;
    /** Bytes from the server after which a connection is cut: within the key exchange. */
    private static final long KEY_EXCHANGE = 300;

    @TempDir
    private static Path directory;

    private static World world;
    private static LinkOpsHere linkops;
    private static ApiClient api;
    private static final List<FaultyProxy> PROXIES = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        world = World.with(directory, LINKS)
                .script("touch", "#!/bin/bash", "echo ran >>" + directory + "/ran.$LINKOPS_LINK")
                .script(
                        "waits",
                        "#!/bin/bash",
                        "echo begun",
                        "echo $$ >" + directory + "/begun.$LINKOPS_LINK",
                        "until [ -e " + directory + "/release ]; do sleep 0.1; done",
                        "echo ended");
        var yaml = world.linksYaml();
        for (var link : world.ids()) {
            PROXIES.add(FaultyProxy.start(world.sshd().port()));
            yaml = Detour.through(yaml, link, PROXIES.getLast());
        }
        world.commit(yaml);
        linkops = LinkOpsHere.start(
                world,
                Map.of(
                        "ssh.connection_timeout", 2,
                        "ssh.max_retries", 1,
                        "ssh.retry_delay", 0,
                        "ssh.idle_timeout", 0,
                        "ssh.keepalive_interval", 1,
                        "operations.kill_grace", 1));
        api = linkops.api();
    }

    @BeforeEach
    void mend() throws Exception {
        for (var proxy : PROXIES) {
            proxy.mode(Mode.PASS);
        }
        World.enroll(api);
    }

    @AfterAll
    static void end() throws Exception {
        linkops.close();
        for (var proxy : PROXIES) {
            proxy.close();
        }
        world.close();
    }

    private static Map<String, JsonObject> byLink(JsonObject operation) {
        return World.executions(operation)
                .collect(Collectors.toMap(execution -> execution.getString("target"), execution -> execution));
    }

    @Test
    void beforeTheScriptStartsEachFaultIsNamedAndNothingRuns() throws Exception {
        PROXIES.get(0).mode(Mode.REFUSE);
        PROXIES.get(1).mode(Mode.BLACK_HOLE);
        PROXIES.get(2).mode(Mode.BANNER_NEVER_SENT);
        PROXIES.get(3).mode(Mode.TRICKLE);
        PROXIES.get(4).mode(Mode.RESET);
        PROXIES.get(5).cutAfter(KEY_EXCHANGE);
        var operation = World.await(api, World.run(api, LINKS, List.of("touch"), "*"));
        var executions = byLink(operation);
        assertThat(operation.getString("status")).isEqualTo("partial");
        assertThat(executions.get("link-007").getString("status")).isEqualTo("success");
        for (var link : world.ids().subList(0, LINKS - 1)) {
            var execution = executions.get(link);
            assertThat(execution.getString("status")).as(execution.encode()).isEqualTo("failed");
            // Whoever takes the TCP connection and then fails is told from whoever cannot be reached; a reset comes
            // before or after the connection is there.
            assertThat(execution.getString("reason"))
                    .as(execution.encode())
                    .isIn(
                            switch (link) {
                                case "link-001" -> List.of("unreachable");
                                case "link-005" -> List.of("unreachable", "handshake_failed", "connection_lost");
                                default -> List.of("handshake_failed");
                            });
            assertThat(execution.getString("error")).contains(link);
            assertThat(directory.resolve("ran." + link)).doesNotExist();
        }
        mend();
        var again = World.await(api, World.run(api, LINKS, List.of("touch"), "*"));
        assertThat(again.getString("status")).isEqualTo("success");
        assertThat(Files.readAllLines(directory.resolve("ran.link-007"))).hasSize(2);
        assertThat(Files.readAllLines(directory.resolve("ran.link-001"))).hasSize(1);
    }

    @Test
    void whileTheScriptRunsWhatIsNotKnownIsToldAsLost() throws Exception {
        var id = World.run(api, LINKS, List.of("waits"), "*");
        for (var link : world.ids()) {
            Patience.until(link + " has begun", () -> Files.exists(directory.resolve("begun." + link)));
        }
        PROXIES.get(0).cut();
        PROXIES.get(1).mode(Mode.BLACK_HOLE);
        PROXIES.get(2).mode(Mode.RESET);
        PROXIES.get(3).mode(Mode.REFUSE);
        for (var link : List.of("link-001", "link-002", "link-003", "link-004")) {
            Patience.until(
                    link + " is lost",
                    () -> byLink(api.get("/api/operations/" + id).json())
                            .get(link)
                            .getString("status")
                            .equals("lost"));
        }
        Files.createFile(directory.resolve("release"));
        var operation = World.await(api, id);
        var executions = byLink(operation);
        assertThat(operation.getString("status")).isEqualTo("partial");
        for (var link : List.of("link-001", "link-002", "link-003", "link-004")) {
            assertThat(executions.get(link).getString("reason")).isEqualTo("connection_lost");
            assertThat(executions.get(link).getString("error")).contains("may still be running");
        }
        for (var link : List.of("link-005", "link-006", "link-007")) {
            assertThat(executions.get(link).getString("status")).isEqualTo("success");
        }
    }
}
