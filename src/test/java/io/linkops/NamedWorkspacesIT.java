package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsHere;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.Terminals;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is remembered of workspaces under their names. */
class NamedWorkspacesIT {
    private static World world;

    @BeforeAll
    static void start() throws Exception {
        world = World.with(World.newDirectory(), 3)
                .script("nothing", "#!/bin/bash", "true")
                .commit();
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @Test
    void layoutAndLinksAreRememberedUnderTheNameAlsoWhenLinkOpsIsStartedAnew() throws Exception {
        try (var linkops = LinkOpsHere.start(world, Map.of())) {
            var api = linkops.api();
            World.enroll(api);
            var id = Terminals.workspace(api, "link-001", "link-002");
            assertThat(api.get(Terminals.path(id)).json().getString("name")).isNull();
            assertThat(remembered(api)).isEmpty();

            assertThat(name(api, id, "web tier").json().getString("name")).isEqualTo("web tier");
            assertRemembered(api, "web tier", "link-001", "link-002");
            assertThat(Terminals.assign(api, id, "link-003").status()).isEqualTo(200);
            assertRemembered(api, "web tier", "link-003", "link-002");
            assertThat(name(api, id, "日本 / tier").status()).isEqualTo(200);
            assertRemembered(api, "日本 / tier", "link-003", "link-002");
            assertThat(name(api, id, "日本 / tier").status()).isEqualTo(200);

            var user = new JsonObject()
                    .put("username", "bob")
                    .put("password", LinkOpsProcess.PASSWORD)
                    .put("role", "operator");
            assertThat(api.post("/api/users", user).status()).isEqualTo(201);
            var bob = ApiClient.login(linkops.port(), "bob", LinkOpsProcess.PASSWORD);
            assertThat(remembered(bob)).isEmpty();
            assertThat(name(bob, id, "mine").errorCode()).isEqualTo("WORKSPACE_NOT_FOUND");
            assertThat(bob.delete("/api/terminal/named/%E6%97%A5%E6%9C%AC%20%2F%20tier")
                            .status())
                    .isEqualTo(404);
            assertThat(name(bob, Terminals.workspace(bob, "link-001"), "日本 / tier")
                            .status())
                    .as("everybody has names of their own")
                    .isEqualTo(200);
        }
        try (var linkops = LinkOpsHere.start(world, Map.of())) {
            var api = linkops.api();
            assertRemembered(api, "日本 / tier", "link-003", "link-002");
            var again = api.post(
                    "/api/terminal/workspaces",
                    new JsonObject().put("layout", "grid2x1").put("name", "日本 / tier"));
            assertThat(again.status()).as(again.body()).isEqualTo(201);
            assertRemembered(api, "日本 / tier", "link-003", "link-002");
            var id = again.json().getString("id");

            var twice = new JsonObject().put("layout", "single").put("name", "日本 / tier");
            assertThat(api.post("/api/terminal/workspaces", twice).errorCode()).isEqualTo("CONFLICT");
            var other = Terminals.workspace(api, "link-001");
            assertThat(name(api, other, "日本 / tier").errorCode()).isEqualTo("CONFLICT");
            assertThat(name(api, other, "").status()).isEqualTo(400);
            assertThat(name(api, other, "x".repeat(61)).status()).isEqualTo(400);
            assertThat(name(api, other, "a/b").status()).isEqualTo(200);
            assertThat(api.delete(Terminals.path(other)).status()).isEqualTo(204);
            assertThat(name(api, id, "a/b").errorCode())
                    .as("what is remembered is not written over")
                    .isEqualTo("CONFLICT");

            assertThat(api.delete("/api/terminal/named/a%2Fb").status()).isEqualTo(204);
            assertThat(name(api, id, "a/b").status()).isEqualTo(200);
            assertThat(api.delete("/api/terminal/named/a%2Fb").status()).isEqualTo(204);
            assertThat(api.delete("/api/terminal/named/a%2Fb").errorCode()).isEqualTo("NOT_FOUND");
            assertThat(api.get(Terminals.path(id)).json().getString("name")).isNull();
            assertThat(Terminals.assign(api, id, "link-001").status()).isEqualTo(200);
            assertThat(remembered(api)).isEmpty();
        }
    }

    private static ApiClient.Answer name(ApiClient api, String workspace, String name) throws Exception {
        return api.put(Terminals.path(workspace) + "/name", new JsonObject().put("name", name));
    }

    private static JsonArray remembered(ApiClient api) throws Exception {
        return api.get("/api/terminal/named").json().getJsonArray("named");
    }

    private static void assertRemembered(ApiClient api, String name, String... links) throws Exception {
        var all = remembered(api);
        assertThat(all).hasSize(1);
        assertThat(all.getJsonObject(0).getString("name")).isEqualTo(name);
        assertThat(all.getJsonObject(0).getString("layout")).isEqualTo("grid2x1");
        assertThat(all.getJsonObject(0).getJsonArray("links")).containsExactly((Object[]) links);
    }
}
