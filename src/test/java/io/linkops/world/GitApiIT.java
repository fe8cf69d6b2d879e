package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Git through the front door: hooks, what is held, edits and enrollment, by HTTP on a whole LinkOps. */
class GitApiIT {
    private static final String SECRET = "the-secret-of-the-hook";

    private World world;
    private LinkOpsHere linkops;

    @BeforeEach
    void start() throws Exception {
        world = World.with(World.newDirectory(), 4)
                .script("hello", "#!/bin/bash", "echo hello")
                .commit();
        linkops = LinkOpsHere.start(world, Map.of("git.webhook_secret", SECRET, "git.author_domain", "example.org"));
        assertThat(linkops.api().post("/api/git/sync").status()).isEqualTo(200);
    }

    @AfterEach
    void stop() throws Exception {
        linkops.close();
        world.close();
    }

    private JsonObject status() throws Exception {
        return linkops.api().get("/api/git/status").json();
    }

    private HttpResponse<String> hook(String body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + linkops.port() + "/api/git/webhook"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String hmac(String body) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    private void syncedBy(String by, int atLeast) throws Exception {
        Patience.until(
                "a sync by " + by,
                () -> linkops.column("SELECT id FROM git_sync_history WHERE started_by = ?", by)
                                .size()
                        >= atLeast);
    }

    @Test
    void aSignedPushStartsASyncAndNothingElseDoes() throws Exception {
        world.commit(world.linksYaml().replace("provider: loopback", "provider: hooked"));
        var push = "{\"ref\": \"refs/heads/main\", \"after\": \"x\"}";
        var other = "{\"ref\": \"refs/heads/other\"}";
        assertThat(hook(push, "X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=" + hmac("x"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(hook(push, "X-GitHub-Event", "push").statusCode()).isEqualTo(401);
        assertThat(hook(
                                push,
                                "X-GitHub-Event",
                                "push",
                                "X-Hub-Signature-256",
                                "sha256=" + hmac(push),
                                "X-Hub-Signature-256",
                                "sha256=" + hmac(push))
                        .statusCode())
                .isEqualTo(401);
        assertThat(hook(other, "X-Gitea-Event", "push", "X-Gitea-Signature", hmac(other))
                        .body())
                .contains("ignored", "refs/heads/other");
        assertThat(hook("{}", "X-GitHub-Event", "ping", "X-Hub-Signature-256", "sha256=" + hmac("{}"))
                        .statusCode())
                .isEqualTo(200);
        var tooLong = "{\"x\": \"" + "x".repeat(2_000_000) + "\"}";
        assertThat(hook(tooLong, "X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=" + hmac(tooLong))
                        .statusCode())
                .isEqualTo(413);
        assertThat(linkops.column("SELECT id FROM git_sync_history WHERE started_by = 'webhook'"))
                .isEmpty();
        assertThat(hook(push, "X-Forgejo-Event", "push", "X-Forgejo-Signature", hmac(push))
                        .statusCode())
                .isEqualTo(202);
        syncedBy("webhook", 1);
        assertThat(hook(push, "X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", SECRET)
                        .statusCode())
                .isEqualTo(202);
        syncedBy("webhook", 2);
        assertThat(linkops.api().get("/api/links/link-001").json().getString("provider"))
                .isEqualTo("hooked");
        var hooks = status().getJsonObject("webhook");
        assertThat(hooks.getInteger("refused")).isEqualTo(3);
        assertThat(hooks.getInteger("started")).isEqualTo(2);
        assertThat(hooks.getInteger("ignored")).isEqualTo(1);
    }

    @Test
    void withoutASecretNoHookIsTaken() throws Exception {
        linkops.close();
        linkops = LinkOpsHere.start(world, Map.of());
        var refused = hook("{}", "X-GitHub-Event", "ping");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("git.webhook_secret");
    }

    @Test
    void whatIsHeldWaitsOverARestartUntilAnAdminApprovesThatVeryCommit() throws Exception {
        var good = status().getString("commit");
        world.commit("links: []\n");
        var held = linkops.api().post("/api/git/sync");
        assertThat(held.status()).isEqualTo(409);
        assertThat(held.errorCode()).isEqualTo("SYNC_HELD");
        linkops.close();
        linkops = LinkOpsHere.start(world, Map.of("git.webhook_secret", SECRET));
        Patience.until("it is held again", () -> status().getString("state").equals("held"));
        var status = status();
        assertThat(status.getString("commit")).isEqualTo(good);
        var reasons = status.getJsonObject("held").getJsonArray("reasons");
        assertThat(reasons.getJsonObject(0).getString("rule")).isEqualTo("too_many_retired");
        assertThat(reasons.getJsonObject(0).getString("text")).contains("4 of 4 links");
        assertThat(linkops.api().get("/api/links").json().getInteger("total")).isEqualTo(4);
        var commit = status.getJsonObject("held").getString("commit");
        var detail = linkops.api()
                .get("/api/git/history/" + status.getJsonObject("held").getLong("sync_id"))
                .json();
        assertThat(detail.getJsonObject("diff").getJsonArray("links")).hasSize(4);
        assertThat(linkops.api()
                        .post("/api/git/held/" + "0".repeat(40) + "/approve")
                        .status())
                .isEqualTo(409);
        assertThat(linkops.api()
                        .post("/api/git/held/" + commit + "/reject")
                        .json()
                        .getString("rejected_by"))
                .isEqualTo("admin");
        assertThat(linkops.api()
                        .post("/api/links", link("10.0.0.1").put("id", "new"))
                        .errorCode())
                .isEqualTo("SYNC_HELD");
        var approved = linkops.api().post("/api/git/held/" + commit + "/approve");
        assertThat(approved.status()).isEqualTo(200);
        assertThat(approved.json().getString("approved_by")).isEqualTo("admin");
        assertThat(linkops.api().get("/api/links").json().getInteger("total")).isZero();
        assertThat(status().getString("state")).isEqualTo("synced");
        assertThat(status().getValue("held")).isNull();
    }

    private static JsonObject link(String host) {
        return new JsonObject()
                .put("type", "VM")
                .put("host", host)
                .put("port", 22)
                .put("user", "root")
                .put("enrollment", new JsonObject().put("client_id", "LINKOPS-new"));
    }

    @Test
    void aLinkIsAddedEnrolledChangedAndRemoved() throws Exception {
        var home = Files.createDirectories(world.directory().resolve("links/new"));
        var fresh = link(world.sshd().host(9))
                .put("id", "new")
                .put("port", world.sshd().port())
                .put("user", world.sshd().user())
                .put("tags", new JsonArray().add("fresh"))
                .put("ssh", new JsonObject().put("key_ref", world.sshd().keyName()));
        fresh.getJsonObject("enrollment").put("path", home.resolve("client_id").toString());
        var added = linkops.api().post("/api/links", fresh);
        assertThat(added.status()).as(added.body()).isEqualTo(201);
        assertThat(added.json().getJsonObject("link").getString("host"))
                .isEqualTo(world.sshd().host(9));
        assertThat(added.json().getString("commit")).isEqualTo(status().getString("commit"));
        var unknown = linkops.api().post("/api/links/new/enroll");
        assertThat(unknown.status()).isEqualTo(409);
        var offered =
                unknown.json().getJsonObject("error").getJsonObject("details").getString("offered");
        assertThat(linkops.api()
                        .post("/api/links/new/host-key", new JsonObject().put("fingerprint", offered))
                        .status())
                .isEqualTo(200);
        var enrolled = linkops.api().post("/api/links/new/enroll", new JsonObject().put("replace", false));
        assertThat(enrolled.json().getBoolean("enrolled")).as(enrolled.body()).isTrue();
        assertThat(Files.readString(home.resolve("client_id"))).isEqualTo("LINKOPS-new\n");
        fresh.remove("id");
        var refused = linkops.api()
                .put("/api/links/new", fresh.copy().put("host", "a b").put("port", 0));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json()
                        .getJsonObject("error")
                        .getJsonObject("details")
                        .getJsonObject("fields")
                        .getString("host"))
                .isEqualTo("must not contain white space or control characters");
        var changed = linkops.api()
                .put("/api/links/new", fresh.copy().put("provider", "me").put("message", "Say whose it is"));
        assertThat(changed.json().getJsonObject("link").getString("provider")).isEqualTo("me");
        assertThat(changed.json()
                        .getJsonObject("link")
                        .getJsonObject("enrollment")
                        .getString("status"))
                .isEqualTo("enrolled");
        var removed = linkops.api().delete("/api/links/new?message=No%20more");
        assertThat(removed.json().getJsonObject("link").getBoolean("retired")).isTrue();
        assertThat(linkops.api().delete("/api/links/new").status()).isEqualTo(404);
    }

    /** The operation behind many verifications takes selectors, and keeps what each link showed. */
    @Test
    void manyLinksAreVerifiedBySelectors() throws Exception {
        Files.writeString(world.clientIdFile("link-003"), "LINKOPS-other");
        var operation = World.await(linkops.api(), World.verify(linkops.api(), "type:VM", "tag:db", "!link-004"));
        assertThat(World.executions(operation).map(execution -> execution.getString("target")))
                .containsExactlyInAnyOrder("link-001", "link-002", "link-003");
        assertThat(operation.getString("status")).isEqualTo("partial");
        assertThat(enrollment("link-001")).isEqualTo("enrolled");
        assertThat(enrollment("link-003")).isEqualTo("refused");
        assertThat(enrollment("link-004")).isEqualTo("unverified");
        var nobody = linkops.api()
                .post("/api/links/verify", new JsonObject().put("targets", new JsonArray().add("tag:none")));
        assertThat(nobody.status()).isEqualTo(404);
    }

    private String enrollment(String id) throws Exception {
        return linkops.api()
                .get("/api/links/" + id)
                .json()
                .getJsonObject("enrollment")
                .getString("status");
    }
}
