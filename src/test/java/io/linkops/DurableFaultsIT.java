package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsHere;
import io.linkops.world.Patience;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links of durable runs that go away, come back, or are no longer what they were. */
class DurableFaultsIT {
    @TempDir
    private Path directory;

    @Test
    void aStopWaitsForALinkThatCannotBeReached() throws Exception {
        try (var world = world(1);
                var linkops = LinkOpsHere.start(world, Map.of("ssh.max_retries", 0, "ssh.connection_timeout", 1))) {
            var id = begin(world, linkops.api(), 1).getFirst();
            world.sshd().freeze();
            world.sshd().cutConnections();
            Patience.until("it was noticed", () -> events(linkops, id, "execution.detached") == 1);
            linkops.api().post("/api/operations/" + id + "/stop");
            assertThat(first(linkops.api().get("/api/operations/" + id).json()).getString("status"))
                    .isEqualTo("running");
            world.sshd().wake();
            var end = first(World.await(linkops.api(), id));
            assertThat(end.getString("status")).as(end.encode()).isEqualTo("stopped");
            requireGone(world, 1);
        }
    }

    @Test
    void aLinkThatIsNotReachedInTimeIsLostWithTheReason() throws Exception {
        try (var world = world(1);
                var linkops =
                        LinkOpsHere.start(world, Map.of("ssh.max_retries", 0, "operations.durable_patience", 2))) {
            var id = begin(world, linkops.api(), 1).getFirst();
            world.sshd().stop();
            linkops.api().post("/api/operations/" + id + "/stop");
            var end = first(World.await(linkops.api(), id));
            assertThat(end.getString("status")).as(end.encode()).isEqualTo("lost");
            assertThat(end.getString("reason")).isEqualTo("unreachable");
            assertThat(end.getString("error")).contains("looked for until").contains("may still be running");
            world.sshd().restart();
            release(world);
        }
    }

    @Test
    void aLinkThatIsRetiredOrAnotherMachineMeanwhileIsNotAttachedTo() throws Exception {
        try (var world = world(3)) {
            List<String> ids;
            try (var linkops = LinkOpsHere.start(world, Map.of())) {
                ids = begin(world, linkops.api(), 3);
                world.commit(world.linksYaml().replaceAll("(?s)  link-002:.*?(?=  link-003:)", ""));
                assertThat(linkops.api().post("/api/git/sync").status()).isEqualTo(200);
            }
            Files.writeString(world.clientIdFile("link-001"), "LINKOPS-another\n");
            try (var linkops = LinkOpsHere.start(world, Map.of())) {
                var other = first(World.await(linkops.api(), ids.get(0)));
                assertThat(other.getString("status")).as(other.encode()).isEqualTo("lost");
                assertThat(other.getString("reason")).isEqualTo("client_id_mismatch");
                var retired = first(World.await(linkops.api(), ids.get(1)));
                assertThat(retired.getString("status")).as(retired.encode()).isEqualTo("lost");
                assertThat(retired.getString("reason")).isEqualTo("link_retired");
                release(world);
                var whole = first(World.await(linkops.api(), ids.get(2)));
                assertThat(whole.getString("status")).as(whole.encode()).isEqualTo("success");
                assertThat(whole.getString("durability")).isEqualTo("session");
            }
        }
    }

    /** What waited when LinkOps ended is not started later, and says so; what ran counts. */
    @Test
    void whatWaitedIsNotStartedLater() throws Exception {
        try (var world = world(2)) {
            String id;
            try (var linkops = LinkOpsHere.start(world, Map.of())) {
                World.enroll(linkops.api());
                id = World.run(linkops.api(), 1, List.of("waits"), "*");
                Patience.until("it runs", () -> Files.exists(pid("link-001")));
            }
            try (var linkops = LinkOpsHere.start(world, Map.of())) {
                var open = linkops.api().get("/api/operations/" + id).json();
                assertThat(open.getString("status")).isEqualTo("running");
                assertThat(open.getJsonObject("counts").getInteger("skipped")).isEqualTo(1);
                release(world);
                var end = World.await(linkops.api(), id);
                assertThat(end.getString("status")).isEqualTo("interrupted");
                assertThat(World.executions(end).map(each -> each.getString("status")))
                        .containsExactly("success", "skipped");
                assertThat(pid("link-002")).doesNotExist();
            }
        }
    }

    private World world(int links) throws Exception {
        return World.with(directory, links)
                .script(
                        "waits",
                        "#!/bin/bash",
                        "echo before",
                        "echo $$ >" + directory + "/pid.$LINKOPS_LINK.part",
                        "mv " + directory + "/pid.$LINKOPS_LINK.part " + directory + "/pid.$LINKOPS_LINK",
                        "until [ -e " + directory + "/release ]; do sleep 0.1; done",
                        "echo after")
                .fields("waits", "durable: always")
                .commit();
    }

    private List<String> begin(World world, ApiClient api, int links) throws Exception {
        World.enroll(api);
        var ids = new java.util.ArrayList<String>();
        for (var link : world.ids().subList(0, links)) {
            ids.add(World.run(api, 1, List.of("waits"), link));
        }
        for (var link : world.ids().subList(0, links)) {
            Patience.until(link + " runs", () -> Files.exists(pid(link)));
        }
        return ids;
    }

    private Path pid(String link) {
        return directory.resolve("pid." + link);
    }

    private void requireGone(World world, int links) throws Exception {
        for (var link : world.ids().subList(0, links)) {
            long pid = Long.parseLong(Files.readString(pid(link)).strip());
            assertThat(ProcessHandle.of(pid)).isEmpty();
        }
    }

    private void release(World world) throws Exception {
        Files.createFile(world.directory().resolve("release"));
    }

    private static long events(LinkOpsHere linkops, String operation, String type) throws Exception {
        return linkops.column("SELECT seq FROM journal WHERE stream = ? AND type = ?", "operation:" + operation, type)
                .size();
    }

    private static JsonObject first(JsonObject operation) {
        return World.executions(operation).findFirst().orElseThrow();
    }
}
