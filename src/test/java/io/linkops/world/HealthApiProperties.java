package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.fleet.FaultyProxy;
import io.linkops.fleet.FaultyProxy.Mode;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** P28 over HTTP, against a real SSH server behind a network that is sometimes there and sometimes not. */
class HealthApiProperties {
    private static final List<FaultyProxy> PROXIES = new ArrayList<>();
    private static World world;
    private static LinkOpsHere linkops;

    @BeforeContainer
    static void start() throws Exception {
        world = World.with(World.newDirectory(), 2).script("hello", "#!/bin/bash");
        var yaml = world.linksYaml();
        for (var id : world.ids()) {
            var proxy = FaultyProxy.start(world.sshd().port());
            PROXIES.add(proxy);
            yaml = Detour.through(yaml, id, proxy);
        }
        world.commit(yaml);
        linkops = LinkOpsHere.start(world, Map.of("health.check_timeout", 5));
        assertThat(linkops.api().post("/api/git/sync").status()).isEqualTo(200);
    }

    @AfterContainer
    static void stop() throws Exception {
        linkops.close();
        for (var proxy : PROXIES) {
            proxy.close();
        }
        world.close();
    }

    /**
     * P28 For any link and any check: a connection that succeeds makes it online with latency and last_seen set, one
     * that fails makes it offline with the reason; the link, its list and its history say the same.
     */
    @Tag("P28")
    @Property(tries = 110, shrinking = ShrinkingMode.OFF)
    void aCheckMakesALinkOnlineOrOfflineWithAReason(
            @ForAll @Size(min = 1, max = 2) List<Boolean> ups, @ForAll boolean first) throws Exception {
        int index = first ? 0 : 1;
        var link = world.ids().get(index);
        for (boolean isUp : ups) {
            PROXIES.get(index).mode(isUp ? Mode.PASS : first ? Mode.REFUSE : Mode.RESET);
            var before = health(link);
            var begun = Instant.now();
            var answer = linkops.api().post("/api/links/" + link + "/check");
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            var check = answer.json();
            assertThat(check.getString("result")).as(answer.body()).isEqualTo(isUp ? "online" : "offline");
            requireShown(link, check, before, isUp, begun);
        }
    }

    private static void requireShown(String link, JsonObject check, JsonObject before, boolean isUp, Instant begun)
            throws Exception {
        var shown = health(link);
        assertThat(shown.getString("status"))
                .isEqualTo(check.getString("status"))
                .isEqualTo(check.getString("result"));
        assertThat(shown.getString("checked_at")).isEqualTo(check.getString("at"));
        if (isUp) {
            assertThat(shown.getLong("latency_ms")).isPositive().isEqualTo(check.getLong("latency_ms"));
            assertThat(shown.getString("latency")).isIn("ok", "slow", "critical");
            assertThat(Instant.parse(shown.getString("last_seen"))).isAfter(begun.minusMillis(1));
            assertThat(shown.getString("reason")).isNull();
        } else {
            assertThat(shown.getString("reason")).isIn("unreachable", "handshake_failed");
            assertThat(shown.getString("error")).contains(link).isEqualTo(check.getString("error"));
            assertThat(shown.getString("stage")).isIn("tcp", "key_exchange");
            assertThat(shown.getString("last_seen")).isEqualTo(before.getString("last_seen"));
        }
        assertThat(linkops.api()
                        .get("/api/links?status=" + check.getString("status"))
                        .json()
                        .getJsonArray("links"))
                .anyMatch(each -> ((JsonObject) each).getString("id").equals(link));
        assertThat(linkops.column(
                        "SELECT result FROM link_health_samples WHERE link_id = ? ORDER BY at DESC LIMIT 1", link))
                .containsExactly(isUp ? "ONLINE" : "OFFLINE");
    }

    private static JsonObject health(String link) throws Exception {
        return linkops.api().get("/api/links/" + link).json().getJsonObject("health");
    }
}
