package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Nothing runs on a machine that is not proven to be the link: by its host key first, then by its client id. */
class IdentityIT {
    private static final String LINK = "link-001";

    @TempDir
    private Path directory;

    private World world;
    private LinkOpsHere linkops;

    @BeforeEach
    void makeWorld() throws Exception {
        world = World.with(directory, 2);
        world.script("mark", "#!/bin/bash", "touch " + mark());
    }

    @AfterEach
    void end() throws Exception {
        if (linkops != null) {
            linkops.close();
        }
        world.close();
    }

    private Path mark() {
        return directory.resolve("ran");
    }

    private void serve(String linksYaml) throws Exception {
        world.commit(linksYaml);
        linkops = LinkOpsHere.start(world, Map.of("ssh.max_retries", 0, "ssh.idle_timeout", 5));
        assertThat(linkops.api().post("/api/git/sync").status()).isEqualTo(200);
    }

    private JsonObject verify(String link) throws Exception {
        return linkops.api().post("/api/links/" + link + "/verify").json();
    }

    private ApiClient.Answer run(String link) throws Exception {
        return linkops.api()
                .post(
                        "/api/operations/run",
                        new JsonObject()
                                .put("scripts", new JsonArray().add("mark"))
                                .put("targets", new JsonArray().add(link)));
    }

    /** Runs it all the same, as the link is thought to be enrolled. @return the one execution */
    private JsonObject execution(String link) throws Exception {
        var answer = run(link);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        var operation = World.await(linkops.api(), answer.json().getString("operation_id"));
        return World.executions(operation).findFirst().orElseThrow();
    }

    private void requireRefusedWith(String link, String reason) throws Exception {
        var answer = run(link);
        assertThat(answer.status()).as(answer.body()).isEqualTo(403);
        assertThat(answer.json()
                        .getJsonObject("error")
                        .getJsonObject("details")
                        .getJsonArray("targets")
                        .getJsonObject(0)
                        .getString("reason"))
                .isEqualTo(reason);
        assertThat(mark()).doesNotExist();
    }

    private String unpinned() throws Exception {
        return world.linksYaml().replaceAll("(?m)^ +hostKey: .*\n", "");
    }

    @Test
    void aHostKeyNobodyConfirmedIsRefusedUntilAnAdminConfirmsTheOneThatIsShown() throws Exception {
        serve(unpinned());
        var fingerprint = world.sshd().fingerprint();
        var refused = verify(LINK);
        assertThat(refused.getString("reason")).isEqualTo("host_key_unknown");
        assertThat(refused.getString("error")).contains(fingerprint, "confirm", "admin", "ssh.hostKey");
        var link = linkops.api().get("/api/links/" + LINK).json();
        assertThat(link.getJsonObject("host_key").getString("offered")).isEqualTo(fingerprint);
        assertThat(link.getJsonObject("host_key").getJsonArray("trusted")).isEmpty();
        requireRefusedWith(LINK, "host_key_unknown");

        assertThat(confirm(linkops.api(), "SHA256:" + "A".repeat(43)).status()).isEqualTo(409);
        assertThat(confirm(operator(), fingerprint).status()).isEqualTo(403);
        assertThat(verify(LINK).getBoolean("enrolled")).isFalse();

        var confirmed = confirm(linkops.api(), fingerprint);
        assertThat(confirmed.status()).as(confirmed.body()).isEqualTo(200);
        assertThat(confirmed.json().getJsonObject("host_key").getJsonArray("trusted"))
                .containsExactly(fingerprint);
        assertThat(verify(LINK).getBoolean("enrolled")).isTrue();
        assertThat(execution(LINK).getString("status")).isEqualTo("success");
        assertThat(mark()).exists();
        assertThat(verify("link-002").getString("reason")).isEqualTo("host_key_unknown");
    }

    private ApiClient.Answer confirm(ApiClient by, String fingerprint) throws Exception {
        return by.post("/api/links/" + LINK + "/host-key", new JsonObject().put("fingerprint", fingerprint));
    }

    private ApiClient operator() throws Exception {
        var user = new JsonObject()
                .put("username", "olga")
                .put("password", "a long enough secret")
                .put("role", "operator");
        assertThat(linkops.api().post("/api/users", user).status()).isEqualTo(201);
        return ApiClient.login(linkops.port(), "olga", "a long enough secret");
    }

    @Test
    void aHostKeyInTheKnownHostsFileIsTrustedAndAChangedOneIsNot() throws Exception {
        var knownHosts = Files.writeString(
                directory.resolve("known_hosts"),
                world.sshd().knownHostsLine(world.sshd().host(1), "ed25519"));
        world.commit(unpinned());
        linkops = LinkOpsHere.start(world, Map.of("ssh.known_hosts_path", knownHosts, "ssh.max_retries", 0));
        assertThat(linkops.api().post("/api/git/sync").status()).isEqualTo(200);
        assertThat(verify(LINK).getBoolean("enrolled")).isTrue();
        world.sshd().changeHostKeys();
        var refused = verify(LINK);
        assertThat(refused.getString("reason")).isEqualTo("host_key_changed");
        assertThat(refused.getString("error")).contains(world.sshd().fingerprint(), "find out why");
        requireRefusedWith(LINK, "host_key_changed");
    }

    @Test
    void aHostKeyThatChangesBetweenVerificationAndRunIsRefusedAndNothingRuns() throws Exception {
        serve(world.linksYaml());
        assertThat(verify(LINK).getBoolean("enrolled")).isTrue();
        world.sshd().changeHostKeys();
        var execution = execution(LINK);
        assertThat(execution.getString("status")).isEqualTo("failed");
        assertThat(execution.getString("reason")).isEqualTo("host_key_changed");
        assertThat(execution.getString("error")).contains(LINK, world.sshd().fingerprint());
        assertThat(mark()).doesNotExist();
        // What the operation saw counts for the next one.
        requireRefusedWith(LINK, "host_key_changed");
    }

    @Test
    void theRightClientIdBehindAWrongHostKeyIsRefused() throws Exception {
        serve(world.linksYaml().replaceAll("SHA256:[^\"]+", "SHA256:" + "A".repeat(43)));
        assertThat(world.clientIdFile(LINK)).hasContent(world.clientId(LINK));
        var refused = verify(LINK);
        assertThat(refused.getBoolean("client_id_found")).isFalse();
        assertThat(refused.getString("reason")).isEqualTo("host_key_changed");
        requireRefusedWith(LINK, "host_key_changed");
    }

    @Test
    void theRightHostKeyWithTheClientIdOfAnotherLinkIsRefused() throws Exception {
        serve(world.linksYaml());
        Files.writeString(world.clientIdFile(LINK), world.clientId("link-002"));
        assertThat(verify(LINK).getString("reason")).isEqualTo("client_id_mismatch");
        requireRefusedWith(LINK, "client_id_mismatch");
    }

    /** What may lie where the client id should be. */
    private record Found(String what, String reason, Consumer<Path> put) {}

    @TestFactory
    Stream<DynamicTest> whateverIsNotTheClientIdIsRefusedAtVerificationAndAtRun() throws Exception {
        serve(world.linksYaml());
        return Stream.of(
                        new Found(
                                "a wrong one",
                                "client_id_mismatch",
                                file -> write(file, "WRONG\n".getBytes(StandardCharsets.UTF_8))),
                        new Found("an empty file", "client_id_mismatch", file -> write(file, new byte[0])),
                        new Found("none", "client_id_missing", file -> {}),
                        new Found("a file of 1 GB", "client_id_irregular", IdentityIT::makeHuge),
                        new Found("a FIFO", "client_id_irregular", file -> command("mkfifo", file.toString())),
                        new Found("a directory", "client_id_irregular", file -> command("mkdir", file.toString())),
                        new Found(
                                "binary",
                                "client_id_irregular",
                                file -> write(file, new byte[] {0, 1, (byte) 0xff, 0})),
                        new Found(
                                "a device",
                                "client_id_irregular",
                                file -> command("ln", "-s", "/dev/zero", file.toString())))
                .map(found -> DynamicTest.dynamicTest(found.what(), () -> requireRefusal(found)));
    }

    private void requireRefusal(Found found) throws Exception {
        restore();
        assertThat(verify(LINK).getBoolean("enrolled")).isTrue();
        var file = world.clientIdFile(LINK);
        Files.delete(file);
        found.put().accept(file);

        var execution = execution(LINK);
        assertThat(execution.getString("status")).isEqualTo("failed");
        requireSentence(found, execution.getString("reason"), execution.getString("error"));
        var verified = verify(LINK);
        assertThat(verified.getBoolean("enrolled")).isFalse();
        requireSentence(found, verified.getString("reason"), verified.getString("error"));
        requireRefusedWith(LINK, found.reason());
    }

    private void requireSentence(Found found, String reason, String sentence) {
        assertThat(reason).isEqualTo(found.reason());
        assertThat(sentence)
                .contains(world.clientIdFile(LINK).toString(), LINK)
                .containsPattern("If this is the right machine|Look what it is|Make it");
        assertThat(mark()).doesNotExist();
    }

    private void restore() throws Exception {
        command("rm", "-rf", world.clientIdFile(LINK).toString());
        Files.writeString(world.clientIdFile(LINK), world.clientId(LINK) + "\n");
    }

    @Test
    void aClientIdThatMayNotBeReadIsRefused() throws Exception {
        // Root reads everything, except where a file system forbids it to all: what /proc refuses.
        org.junit.jupiter.api.Assumptions.assumeFalse(world.sshd().user().equals("root"), "root may read every file");
        serve(world.linksYaml());
        assertThat(verify(LINK).getBoolean("enrolled")).isTrue();
        command("chmod", "000", world.clientIdFile(LINK).toString());
        assertThat(execution(LINK).getString("reason")).isEqualTo("client_id_denied");
        assertThat(verify(LINK).getString("error"))
                .contains(world.clientIdFile(LINK).toString(), "mode 644");
        assertThat(mark()).doesNotExist();
    }

    @Test
    void aJumpHostWhoseKeyChangedIsRefusedByItsNameAndNothingRunsBehindIt() throws Exception {
        try (var jump = io.linkops.fleet.RealSshd.start(Files.createDirectories(directory.resolve("jump")))) {
            Files.copy(
                    jump.keysDirectory().resolve(jump.keyName()),
                    world.sshd().keysDirectory().resolve("jump_key"),
                    java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            var yaml = world.linksYaml().replaceFirst("(?s)(link-002:.*?)(ssh:\n)", "$1$2      proxyJump: jump\n")
                    + """
                      jump:
                        type: VM
                        host: %s
                        port: %d
                        user: %s
                        enrollment: {clientId: JUMP}
                        ssh: {keyRef: jump_key, hostKey: "%s"}
                    """.formatted(jump.host(9), jump.port(), jump.user(), jump.fingerprint());
            serve(yaml);
            assertThat(verify("link-002").encode()).contains("\"enrolled\":true");
            assertThat(jump.connections()).isPositive();
            jump.changeHostKeys();
            var execution = execution("link-002");
            assertThat(execution.getString("status")).isEqualTo("failed");
            assertThat(execution.getString("reason")).isEqualTo("host_key_changed");
            assertThat(execution.getString("error")).contains("jump", jump.fingerprint());
            assertThat(mark()).doesNotExist();
            // It was the jump host's key, not the link's: there is nothing to confirm for the link.
            assertThat(linkops.api()
                            .get("/api/links/link-002")
                            .json()
                            .getJsonObject("host_key")
                            .getString("offered"))
                    .isNull();
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void makeHuge(Path path) {
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(1L << 30);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void command(String... words) {
        try {
            assertThat(new ProcessBuilder(List.of(words)).start().waitFor()).isZero();
        } catch (Exception e) {
            throw new IllegalStateException(String.join(" ", words), e);
        }
    }
}
