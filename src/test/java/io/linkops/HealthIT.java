package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.fleet.FaultyProxy;
import io.linkops.fleet.FaultyProxy.Mode;
import io.linkops.world.ApiClient;
import io.linkops.world.Detour;
import io.linkops.world.LinkOpsHere;
import io.linkops.world.Patience;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network and the links fail in every way there is: health says where and why, within its time-outs. */
class HealthIT {
    private static final String LINK = "link-001";
    private static final String OTHER = "link-002";
    private static final List<String> ACTS =
            List.of("dns", "tcp", "key_exchange", "host_key", "login", "client_id", "through");

    @TempDir
    Path directory;

    private World world;
    private FaultyProxy proxy;
    private LinkOpsHere linkops;

    @AfterEach
    void stop() throws Exception {
        if (linkops != null) {
            linkops.close();
        }
        if (proxy != null) {
            proxy.close();
        }
        if (world != null) {
            world.close();
        }
    }

    private void start(Map<String, Object> overrides, String... sshdConfig) throws Exception {
        world = World.with(directory, 3, List.of(sshdConfig))
                .script("wait", "#!/bin/bash", "touch " + directory + "/began", "read -t 30 < " + directory + "/gate");
        proxy = FaultyProxy.start(world.sshd().port());
        world.commit(Detour.through(world.linksYaml(), LINK, proxy));
        var all = new java.util.TreeMap<String, Object>(Map.of("health.check_timeout", 1, "ssh.keepalive_interval", 0));
        all.putAll(overrides);
        linkops = LinkOpsHere.start(world, all);
        sync();
    }

    private void sync() throws Exception {
        var synced = linkops.api().post("/api/git/sync");
        // Another pinned host key waits for an admin's word.
        if (synced.status() == 409 && synced.errorCode().equals("SYNC_HELD")) {
            var commit = linkops.api()
                    .get("/api/git/status")
                    .json()
                    .getJsonObject("held")
                    .getString("commit");
            synced = linkops.api().post("/api/git/held/" + commit + "/approve");
        }
        assertThat(synced.status()).as(synced.body()).isEqualTo(200);
    }

    private JsonObject check(String link) throws Exception {
        var answer = linkops.api().post("/api/links/" + link + "/check");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static void require(JsonObject check, String stage, String reason) {
        assertThat(check.getString("result")).as(check.encode()).isEqualTo("offline");
        assertThat(check.getString("stage")).as(check.encode()).isEqualTo(stage);
        assertThat(check.getString("reason")).as(check.encode()).isEqualTo(reason);
        assertThat(check.getString("error")).isNotBlank();
        assertThat(check.getString("hop")).isEqualTo(check.getString("link"));
        assertThat(check.getJsonArray("stages"))
                .last()
                .isEqualTo(new JsonObject()
                        .put("hop", check.getString("link"))
                        .put("act", stage)
                        .put("took_ms", last(check).getLong("took_ms"))
                        .put("passed", false));
    }

    private static JsonObject last(JsonObject check) {
        var stages = check.getJsonArray("stages");
        return stages.getJsonObject(stages.size() - 1);
    }

    @Test
    void everyFaultOfTheNetworkHasItsStageAndReason() throws Exception {
        start(Map.of());
        var good = check(LINK);
        assertThat(good.getString("result")).as(good.encode()).isEqualTo("online");
        assertThat(good.getJsonArray("stages").stream().map(stage -> ((JsonObject) stage).getString("act")))
                .containsExactlyElementsOf(ACTS.subList(0, 6));
        assertThat(good.getJsonObject("enrollment").getBoolean("enrolled")).isTrue();
        proxy.mode(Mode.REFUSE);
        require(check(LINK), "tcp", "unreachable");
        for (var mode : List.of(Mode.BLACK_HOLE, Mode.BANNER_NEVER_SENT, Mode.TRICKLE)) {
            proxy.mode(mode);
            var check = check(LINK);
            require(check, "key_exchange", "handshake_failed");
            assertThat(check.getLong("took_ms")).as("bounded by the time-out").isLessThan(20_000);
        }
        proxy.mode(Mode.RESET);
        var reset = check(LINK);
        assertThat(reset.getString("reason")).isIn("unreachable", "handshake_failed");
        assertThat(reset.getString("stage")).isIn("tcp", "key_exchange");
        proxy.cutAfter(10);
        require(check(LINK), "key_exchange", "handshake_failed");
        proxy.mode(Mode.PASS);
        assertThat(check(LINK).getString("status")).isEqualTo("online");
        assertThat(enrollment(LINK))
                .as("a link out of reach is still what it is")
                .isEqualTo("enrolled");
        Patience.until("no connection is left", () -> proxy.open() == 0);
    }

    /**
     * The later the connection is cut, the later the stage that fails. Where the key exchange ends and the log-in
     * begins, either side may hear of the end first; the steps are smaller than what is said during the log-in.
     */
    @Test
    void aConnectionThatIsCutFailsAtTheStageItHasReached() throws Exception {
        start(Map.of());
        int reached = 0;
        var stages = new ArrayList<String>();
        for (long bytes = 100; stages.isEmpty() || !stages.getLast().equals("through"); bytes += 30) {
            proxy.cutAfter(bytes);
            var check = check(LINK);
            var stage = check.getString("stage") == null ? "through" : check.getString("stage");
            assertThat(ACTS.indexOf(stage))
                    .as(stages + " then " + check.encode())
                    .isGreaterThanOrEqualTo(reached);
            reached = stage.equals("login") ? ACTS.indexOf("key_exchange") : ACTS.indexOf(stage);
            stages.add(stage);
            if (!stage.equals("through")) {
                assertThat(check.getString("reason"))
                        .isIn("handshake_failed", "connection_lost", "no_shell", "timeout");
            }
            assertThat(bytes).as(stages.toString()).isLessThan(20_000);
        }
        assertThat(stages).contains("key_exchange", "login", "client_id");
    }

    @Test
    void everyFaultOfTheLinkItselfHasItsStageAndReason() throws Exception {
        start(Map.of());
        var yaml = world.linksYaml();
        world.commit(Detour.field(yaml, LINK, "host", "no-such-host.invalid"));
        sync();
        require(check(LINK), "dns", "unresolved");
        world.commit(Detour.field(yaml, LINK, "hostKey", "\"SHA256:" + "x".repeat(43) + "\""));
        sync();
        require(check(LINK), "host_key", "host_key_changed");
        assertThat(enrollment(LINK)).isEqualTo("refused");
        world.sshd().makeClientKey("stranger", "ed25519");
        world.commit(Detour.field(yaml, LINK, "keyRef", "stranger"));
        sync();
        require(check(LINK), "login", "login_refused");
        world.commit(yaml);
        sync();
        Files.writeString(world.clientIdFile(LINK), "LINKOPS-other");
        var other = check(LINK);
        assertThat(other.getString("result")).isEqualTo("online");
        assertThat(other.getJsonObject("enrollment").getString("reason")).isEqualTo("client_id_mismatch");
        assertThat(enrollment(LINK)).isEqualTo("refused");
        assertThat(health(LINK).getString("status")).isEqualTo("online");
    }

    @Test
    void anSshdAtItsLimitFailsAtTheKeyExchange() throws Exception {
        start(Map.of(), "MaxStartups 1:100:1", "LoginGraceTime 60");
        assertThat(check(OTHER).getString("result")).isEqualTo("online");
        try (var squatter = new Socket(
                InetAddress.getByName(world.sshd().host(2)), world.sshd().port())) {
            assertThat(squatter.getInputStream().read()).isEqualTo('S');
            require(check(OTHER), "key_exchange", "handshake_failed");
        }
        Patience.until(
                "there is room again", () -> check(OTHER).getString("result").equals("online"));
    }

    @Test
    void aKeptConnectionIsUsedAndWhenItIsDeadANewOneTellsWhy() throws Exception {
        start(Map.of("ssh.connection_timeout", 3));
        World.await(linkops.api(), World.verify(linkops.api(), LINK));
        var kept = check(LINK);
        assertThat(kept.getBoolean("kept_connection")).isTrue();
        assertThat(kept.getJsonArray("stages")).hasSize(1);
        assertThat(kept.getLong("latency_ms")).isPositive();
        assertThat(kept.getJsonObject("enrollment").getBoolean("enrolled")).isTrue();
        assertThat(proxy.accepted()).isEqualTo(1);
        proxy.mode(Mode.BLACK_HOLE);
        require(check(LINK), "key_exchange", "handshake_failed");
        proxy.mode(Mode.PASS);
        var anew = check(LINK);
        assertThat(anew.getString("result")).as(anew.encode()).isEqualTo("online");
    }

    @Test
    void aLinkWhoseSessionsAllRunSomethingIsAskedWithoutTakingOne() throws Exception {
        start(Map.of(), "MaxSessions 1");
        assertThat(new ProcessBuilder("mkfifo", directory.resolve("gate").toString())
                        .start()
                        .waitFor())
                .isZero();
        World.enroll(linkops.api());
        var operation = World.run(linkops.api(), 1, List.of("wait"), LINK);
        Patience.until("it runs", () -> Files.exists(directory.resolve("began")));
        var check = check(LINK);
        assertThat(check.getString("result")).as(check.encode()).isEqualTo("online");
        Files.writeString(directory.resolve("gate"), "go\n");
        assertThat(World.await(linkops.api(), operation).getString("status")).isEqualTo("success");
    }

    @Test
    void linksBehindAJumpHostThatIsDownAreToldSo() throws Exception {
        start(Map.of());
        var yaml = new StringBuilder();
        for (var part : Detour.through(world.linksYaml(), LINK, proxy).split("(?=\n  link-)", -1)) {
            yaml.append(
                    part.contains("link-001")
                            ? part
                            : part.replace("    ssh:\n", "    ssh:\n      proxyJump: link-001\n"));
        }
        world.commit(yaml.toString());
        sync();
        assertThat(check(OTHER).getString("result")).isEqualTo("online");
        proxy.mode(Mode.REFUSE);
        for (var link : List.of(OTHER, "link-003")) {
            var check = check(link);
            assertThat(check.getString("result")).as(check.encode()).isEqualTo("offline");
            assertThat(check.getString("reason")).isEqualTo("jump_host");
            assertThat(check.getString("hop")).isEqualTo(LINK);
            assertThat(check.getString("stage")).isEqualTo("tcp");
            assertThat(check.getString("error")).startsWith("Unreachable because of hop link-001: ");
        }
        require(check(LINK), "tcp", "unreachable");
        proxy.mode(Mode.PASS);
        var batch = linkops.api().post("/api/links/check", new JsonObject().put("targets", new JsonArray().add("*")));
        assertThat(batch.json().getJsonArray("checks"))
                .hasSize(3)
                .allMatch(each -> ((JsonObject) each).getString("result").equals("online"));
    }

    @Test
    void anIntermittentFaultDoesNotMakeTheStateFlap() throws Exception {
        start(Map.of("health.check_interval_minutes", "400ms"));
        for (int seen = 1; seen <= 16; seen++) {
            int samples = seen;
            Patience.until("a sample", () -> samples(LINK).size() >= samples);
            proxy.mode(samples(LINK).size() % 2 == 0 ? Mode.PASS : Mode.REFUSE);
        }
        assertThat(samples(LINK)).contains("ONLINE", "OFFLINE");
        assertThat(linkops.column("SELECT to_status FROM link_health_changes WHERE link_id = ? ORDER BY at", LINK))
                .hasSizeLessThanOrEqualTo(3);
        assertThat(linkops.column("SELECT to_status FROM link_health_changes WHERE link_id = ?", OTHER))
                .containsExactly("ONLINE");
    }

    private List<String> samples(String link) throws Exception {
        return linkops.column("SELECT result FROM link_health_samples WHERE link_id = ?", link);
    }

    @Test
    void historyMaintenanceAndFiguresAreServed() throws Exception {
        start(Map.of());
        var api = linkops.api();
        var until = Instant.now().plus(Duration.ofHours(1)).toString();
        var window = api.post(
                "/api/maintenance",
                new JsonObject()
                        .put("targets", new JsonArray().add("tag:web"))
                        .put("until", until)
                        .put("reason", "New kernel"));
        assertThat(window.status()).as(window.body()).isEqualTo(201);
        Patience.until("it shows", () -> health(LINK).getBoolean("maintenance"));
        assertThat(health(OTHER).getBoolean("maintenance")).isFalse();
        check(LINK);
        proxy.mode(Mode.REFUSE);
        check(LINK);
        var history = api.get("/api/links/" + LINK + "/health?points=4").json();
        assertThat(history.getJsonArray("buckets")).hasSize(4);
        assertThat(history.getJsonArray("buckets").stream().mapToLong(each -> ((JsonObject) each).getLong("checks")))
                .containsExactly(0L, 0L, 0L, 2L);
        assertThat(history.getJsonArray("changes"))
                .hasSize(2)
                .allMatch(each -> ((JsonObject) each).getBoolean("maintenance"));
        assertThat(api.get("/api/links/" + LINK + "/health?from=2030-01-02T00:00:00Z&to=2030-01-01T00:00:00Z")
                        .status())
                .isEqualTo(400);
        assertThat(api.get("/api/links/nobody/health").status()).isEqualTo(404);
        var ended = api.post("/api/maintenance/" + window.json().getString("id") + "/end");
        assertThat(ended.json().getString("ended_by")).isEqualTo("admin");
        Patience.until("it is over", () -> !health(LINK).getBoolean("maintenance"));
        requireFigures(api);
    }

    private void requireFigures(ApiClient api) throws Exception {
        assertThat(ApiClient.anonymous(linkops.port()).get("/metrics").status()).isEqualTo(401);
        assertThat(api.get("/readyz").json().getJsonObject("rooms").getMap())
                .containsEntry("database", "ok")
                .containsEntry("health", "ok");
        Patience.until(
                "the loops were looked at",
                () -> api.get("/metrics").body().contains("linkops_event_loop_lag_seconds_count"));
        var text = api.get("/metrics").body();
        assertThat(text)
                .contains(
                        "linkops_health_checks_total{result=\"online\"} 1.0",
                        "linkops_health_checks_total{result=\"offline\"} 1.0",
                        "linkops_links{status=\"offline\"} 1.0",
                        "linkops_links{status=\"unknown\"} 2.0",
                        "route=\"/api/links/:id/check\",status=\"2xx\"} 2.0",
                        "route=\"/api/links/:id/health\",status=\"4xx\"} 2.0",
                        "linkops_room_up{room=\"orchestrator\"} 1",
                        "linkops_git_sync_success 1.0",
                        "linkops_database_queued_writes 0.0",
                        "linkops_ssh_connections ",
                        "linkops_operations{status=\"running\"} 0.0",
                        "linkops_event_loop_lag_seconds_count",
                        "jvm_memory_used_bytes",
                        "jvm_threads_live_threads");
        assertThat(text).doesNotContain(LINK);
        var families = text.lines().filter(line -> line.startsWith("# TYPE ")).toList();
        assertThat(families).doesNotHaveDuplicates();
    }

    private JsonObject health(String link) throws Exception {
        return linkops.api().get("/api/links/" + link).json().getJsonObject("health");
    }

    private String enrollment(String link) throws Exception {
        return linkops.api()
                .get("/api/links/" + link)
                .json()
                .getJsonObject("enrollment")
                .getString("status");
    }
}
