package io.linkops.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet of 500: LinkOps verifies it and runs on all of it, with few threads and little memory. */
class FleetIT {
    private static final int LINKS = 500;
    private static final int AT_ONCE = 50;

    @TempDir
    private Path directory;

    @Test
    void fiveHundredLinksAreVerifiedAndRunOn() throws Exception {
        try (var world = World.with(directory, LINKS)
                        .script("hello", "#!/bin/bash", "echo \"$LINKOPS_LINK\"")
                        .commit();
                var linkops = world.serve(Map.of("ssh.connection_timeout", 60))) {
            var api = linkops.login();
            assertThat(api.post("/api/git/sync").status()).isEqualTo(200);
            assertThat(api.get("/api/links").json().getInteger("total")).isEqualTo(LINKS);

            var verified = World.await(api, verify(api));
            requireSuccess(verified);
            requireFewThreads(linkops, world, "after the verification");
            assertThat(api.get("/api/links?enrollment=enrolled").json().getInteger("total"))
                    .isEqualTo(LINKS);

            var operation = World.await(api, World.run(api, AT_ONCE, List.of("hello"), "*"));
            requireSuccess(operation);
            requireFewThreads(linkops, world, "after the operation");
            System.out.printf(
                    "%d links, %d at once: verified in %d ms, run in %d ms%n",
                    LINKS, AT_ONCE, verified.getLong("duration_ms"), operation.getLong("duration_ms"));
        }
    }

    private static String verify(ApiClient api) throws Exception {
        var answer = api.post(
                "/api/links/verify",
                new JsonObject().put("targets", new JsonArray().add("*")).put("concurrency", AT_ONCE));
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.json().getString("operation_id");
    }

    private static void requireSuccess(JsonObject operation) {
        var failed = World.executions(operation)
                .filter(each -> !each.getString("status").equals("success"))
                .limit(3)
                .toList();
        assertThat(failed).as(operation.getJsonObject("counts").encode()).isEmpty();
        assertThat(operation.getString("status")).isEqualTo("success");
        assertThat(operation.getInteger("targets")).isEqualTo(LINKS);
    }

    private static void requireFewThreads(LinkOpsProcess linkops, World world, String when) throws Exception {
        long connections = world.sshd().connections();
        long threads = status(linkops, "Threads");
        System.out.printf(
                "%s: %d connections, %d threads, %d MB resident%n",
                when, connections, threads, status(linkops, "VmRSS") / 1024);
        // sshj reads each connection on a thread of its own, each execution under way has one, the rest is LinkOps.
        assertThat(threads).isLessThanOrEqualTo(connections + AT_ONCE + 100);
    }

    private static long status(LinkOpsProcess linkops, String name) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + linkops.pid() + "/status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
