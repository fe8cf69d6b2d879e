package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What surrounds LinkOps fails: it says what and what to do, keeps what it has, and goes on when it can. */
class FaultsIT {
    private static final String LINK = "link-001";

    @TempDir
    private Path directory;

    private World world;

    @AfterEach
    void end() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    private World world(int links) throws Exception {
        world = World.with(directory, links);
        return world.script("hello", "#!/bin/bash", "echo hello");
    }

    @Test
    void whenGitFailsTheLastGoodInventoryStaysInForce() throws Exception {
        world(2).commit();
        try (var linkops = world.serve()) {
            var api = linkops.login();
            World.enroll(api);
            var commit = commit(api);

            world.commit(world.linksYaml() + "  broken: [\n");
            var malformed = api.post("/api/git/sync");
            requireError(malformed, 400, "INVENTORY_INVALID");
            assertThat(malformed.errorMessage()).containsPattern("links.yaml line \\d+");

            world.commit(world.linksYaml().replaceFirst("(?m)^ +port: .*\n", ""));
            var portless = api.post("/api/git/sync");
            requireError(portless, 400, "INVENTORY_INVALID");
            assertThat(portless.errorMessage())
                    .contains("links.yaml")
                    .contains("link " + LINK)
                    .contains("field port");

            Files.move(world.repository(), directory.resolve("away.git"));
            var gone = api.post("/api/git/sync");
            requireError(gone, 502, "GIT_FAILED");
            assertThat(gone.errorMessage()).contains(world.repository().toString(), "Check git.repository_url");

            requireInForce(api, commit);
            requireHistory(api, "INVENTORY_INVALID", "GIT_FAILED");
        }
        requireRefusedRemoteAndOpenKey();
    }

    /** After a restart all of it comes from the database and the mirror. */
    private void requireRefusedRemoteAndOpenKey() throws Exception {
        var url = "https://127.0.0.1:" + closedPort() + "/fleet.git";
        try (var linkops = world.serve(Map.of("git.repository_url", url, "git.retries", 1, "ssh.max_retries", 0))) {
            var api = linkops.login();
            var refused = api.post("/api/git/sync");
            requireError(refused, 502, "GIT_FAILED");
            assertThat(refused.errorMessage()).contains(url, "Check the network and the server");
            requireInForce(api, commit(api));
            assertThat(linkops.output()).contains(url);

            // The first link has a connection by now; the second has not.
            var key = world.sshd().keysDirectory().resolve(world.sshd().keyName());
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
            var operation = World.await(api, World.run(api, 1, List.of("hello"), "link-002"));
            var execution = World.executions(operation).findFirst().orElseThrow();
            assertThat(execution.getString("status")).isEqualTo("failed");
            assertThat(execution.getString("reason")).isEqualTo("key_file_refused");
            assertThat(execution.getString("error")).contains("chmod 600", key.toString());
            var verified = api.post("/api/links/link-002/verify").json();
            assertThat(verified.getString("reason")).isEqualTo("key_file_refused");
            assertThat(verified.getString("error")).contains("chmod 600", key.toString());
        }
    }

    private static String commit(ApiClient api) throws Exception {
        return api.get("/api/git/status").json().getString("commit");
    }

    private void requireInForce(ApiClient api, String commit) throws Exception {
        assertThat(commit(api)).isNotNull().isEqualTo(commit);
        assertThat(api.get("/api/links").json().getInteger("total")).isEqualTo(2);
        var operation = World.await(api, World.run(api, 1, List.of("hello"), LINK));
        assertThat(operation.getString("status")).as(operation.encodePrettily()).isEqualTo("success");
    }

    private static void requireHistory(ApiClient api, String... codes) throws Exception {
        var syncs = api.get("/api/git/history").json().getJsonArray("syncs");
        var failed = syncs.stream()
                .map(JsonObject.class::cast)
                .filter(sync -> !sync.getBoolean("success"))
                .toList();
        assertThat(failed).extracting(sync -> sync.getString("error_code")).contains(codes);
        assertThat(failed).allMatch(sync -> !sync.getString("error").isBlank());
    }

    private static void requireError(ApiClient.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.errorCode()).isEqualTo(code);
    }

    @Test
    void everyProblemOfTheConfigurationIsTold() throws Exception {
        var file = Files.writeString(directory.resolve("bad.yaml"), """
            api:
              port: 99999
            database:
              readers: none
            git:
              repository_url: gopher://example/x
            operations:
              defualt_concurrency: 5
            """);
        try (var linkops = LinkOpsProcess.start(directory, "serve", "--config", file.toString())) {
            assertThat(linkops.awaitExit()).isEqualTo(1);
            assertThat(linkops.errors())
                    .contains("api.port", "database.readers", "git.repository_url", "defualt_concurrency")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void theCommandLineTellsItselfAndRefusesWhatItDoesNotKnow() throws Exception {
        requireCommand(0, "LinkOps", "version");
        requireCommand(0, "serve", "--help");
        requireCommand(2, "--help", "sevre");
    }

    private void requireCommand(int exit, String says, String... arguments) throws Exception {
        try (var linkops = LinkOpsProcess.start(directory, arguments)) {
            assertThat(linkops.awaitExit()).as(linkops.output()).isEqualTo(exit);
            assertThat(linkops.output()).contains(says).doesNotContain("\tat ");
        }
    }

    @Test
    void twoLinkOpsDoNotShareAPortOrADatabase() throws Exception {
        world(0).commit();
        try (var first = world.serve()) {
            int port = first.awaitPort();
            requireNoStart("Another LinkOps uses the database", Map.of());
            requireNoStart(
                    String.valueOf(port),
                    Map.of("api.port", port, "database.path", directory.resolve("other/linkops.db")));
            var file = Files.createFile(directory.resolve("file"));
            requireNoStart("database.path", Map.of("database.path", file.resolve("linkops.db")));
            assertThat(first.login().get("/readyz").status()).isEqualTo(200);
        }
    }

    private void requireNoStart(String sentence, Map<String, Object> overrides) throws Exception {
        try (var second = world.serve(overrides)) {
            assertThat(second.awaitExit()).isEqualTo(1);
            assertThat(second.errors()).contains("linkops: ").contains(sentence).doesNotContain("\tat io.linkops");
        }
    }

    @Test
    void theFirstStartShowsThePasswordItMadeOnceAndASignalEndsItInOrder() throws Exception {
        world(1).script("long", "#!/bin/bash", "echo begun", "sleep 60").commit();
        String operation;
        String password;
        try (var linkops = LinkOpsProcess.startWithoutPassword(
                directory, "serve", "--config", world.configure(Map.of()).toString())) {
            int port = linkops.awaitPort();
            var shown = Pattern.compile("admin with the password (\\S+)").matcher(linkops.output());
            assertThat(shown.find()).isTrue();
            password = shown.group(1);
            var api = ApiClient.login(port, "admin", password);
            World.enroll(api);
            operation = World.run(api, 1, List.of("long"), LINK);
            var begun = new CountDownLatch(1);
            var reader = reader(api, operation, begun);
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
            linkops.terminate();
            assertThat(linkops.awaitExit()).isZero();
            assertThat(reader.get(30, TimeUnit.SECONDS)).isNotEmpty();
            assertThat(linkops.output().split(Pattern.quote(password), -1)).hasSize(2);
        }
        try (var linkops = LinkOpsProcess.startWithoutPassword(
                directory, "serve", "--config", world.configure(Map.of()).toString())) {
            var api = ApiClient.login(linkops.awaitPort(), "admin", password);
            assertThat(linkops.output()).doesNotContain(password).doesNotContain("the password");
            var interrupted = World.await(api, operation);
            assertThat(interrupted.getString("status")).isEqualTo("interrupted");
            assertThat(World.executions(interrupted).findFirst().orElseThrow().getString("status"))
                    .isEqualTo("interrupted");
        }
    }

    private static CompletableFuture<List<ApiClient.Event>> reader(
            ApiClient api, String operation, CountDownLatch begun) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return api.events("/api/operations/" + operation + "/events", 0, event -> {
                    if (event.type().equals("execution.output")) {
                        begun.countDown();
                    }
                    return false;
                });
            } catch (IOException e) {
                return List.of(new ApiClient.Event(0, "cut", new JsonObject()));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aFullDiskStopsNothingForGoodAndLosesNoLine() throws Exception {
        world(2).script(
                        "chatty",
                        "#!/bin/bash",
                        "printf -v filler '%04000d' 0",
                        "for i in {1..300}; do echo \"$i $filler\"; sleep 0.02; done")
                .commit();
        var disk = Files.createDirectory(directory.resolve("disk"));
        Assumptions.assumeTrue(
                world.sshd().user().equals("root")
                        && run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk.toString()) == 0,
                "a small file system can be mounted by root only");
        try (var linkops = world.serve(Map.of("database.path", disk.resolve("linkops.db")))) {
            var api = linkops.login();
            World.enroll(api);
            var operation = World.run(api, 1, List.of("chatty"), LINK);
            api.events("/api/operations/" + operation + "/events", 0, event -> event.id() >= 10);
            fill(disk.resolve("ballast"));

            var refused = api.post("/api/links/link-002/verify");
            while (refused.status() == 200) {
                refused = api.post("/api/links/link-002/verify");
            }
            assertThat(refused.status()).as(refused.body()).isIn(503, 507);
            assertThat(refused.errorMessage()).contains("disk");
            assertThat(api.get("/healthz").status()).isEqualTo(200);
            assertThat(api.get("/api/links").status()).isEqualTo(200);

            Files.delete(disk.resolve("ballast"));
            var ended = World.await(api, operation);
            assertThat(ended.getString("status")).as(ended.encodePrettily()).isEqualTo("success");
            assertThat(lines(api, ended))
                    .isEqualTo(IntStream.rangeClosed(1, 300)
                            .mapToObj(String::valueOf)
                            .toList());
            assertThat(api.post("/api/links/link-002/verify").json().getBoolean("enrolled"))
                    .isTrue();
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private static List<String> lines(ApiClient api, JsonObject operation) throws Exception {
        var execution = World.executions(operation).findFirst().orElseThrow().getString("id");
        var output =
                api.download("/api/operations/" + operation.getString("id") + "/executions/" + execution + "/output");
        return new String(output, StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split(" ", 2)[0])
                .toList();
    }

    private static void fill(Path ballast) {
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private static int closedPort() throws Exception {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
