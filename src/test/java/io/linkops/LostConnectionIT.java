package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.Patience;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connection that ends under way is told as that: nobody claims to know what became of the script. */
class LostConnectionIT {
    private static final int LINKS = 4;

    @TempDir
    private Path directory;

    @Test
    void tellsWhatWasLostAndWorksAgainWhenTheLinkDoes() throws Exception {
        var release = directory.resolve("release");
        try (var world = World.with(directory, LINKS)
                .script(
                        "waits",
                        "#!/bin/bash",
                        "echo before",
                        "echo $$ >" + directory + "/pid.$LINKOPS_LINK.part",
                        "mv " + directory + "/pid.$LINKOPS_LINK.part " + directory + "/pid.$LINKOPS_LINK",
                        "until [ -e " + release + " ]; do sleep 0.1; done",
                        "echo after")
                .script("second", "#!/bin/bash", "echo second >>" + directory + "/second.$LINKOPS_LINK")
                .commit()) {
            try (var linkops = world.serve()) {
                var api = linkops.login();
                World.enroll(api);
                var id = World.run(api, LINKS, List.of("waits", "second"), "*");
                for (var link : world.ids()) {
                    Patience.until(link + " runs", () -> Files.exists(directory.resolve("pid." + link)));
                }
                long pid = Long.parseLong(
                        Files.readString(directory.resolve("pid.link-002")).strip());

                world.sshd().cutConnectionOf(pid);
                api.events(
                        "/api/operations/" + id + "/events",
                        0,
                        event -> event.type().equals("execution.finished"));
                assertThat(ProcessHandle.of(pid)).as("the script goes on").isPresent();
                Files.createFile(release);
                var operation = World.await(api, id);

                assertThat(operation.getString("status")).isEqualTo("partial");
                var lost = execution(operation, "link-002", "waits");
                assertThat(lost.getString("status")).isEqualTo("lost");
                assertThat(lost.getString("reason")).isEqualTo("connection_lost");
                assertThat(lost.getString("error")).contains("link-002").contains("may still be running");
                assertThat(api.download("/api/operations/" + id + "/executions/" + lost.getString("id") + "/output"))
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo("before\n");
                assertThat(execution(operation, "link-002", "second").getString("status"))
                        .isEqualTo("skipped");
                assertThat(directory.resolve("second.link-002")).doesNotExist();
                assertThat(statuses(operation, "link-001", "link-003", "link-004"))
                        .containsOnly(Map.entry("success", 6L));

                requireRecovery(world, api);
            }
        }
    }

    private static void requireRecovery(World world, ApiClient api) throws Exception {
        world.sshd().stop();
        var meanwhile = World.await(api, World.run(api, LINKS, List.of("second"), "*"));
        assertThat(meanwhile.getString("status")).isEqualTo("failed");
        assertThat(World.executions(meanwhile))
                .allMatch(each -> each.getString("status").equals("failed"))
                .allMatch(each -> each.getString("reason").equals("unreachable"));
        world.sshd().restart();
        World.enroll(api);
        assertThat(World.await(api, World.run(api, LINKS, List.of("waits", "second"), "*"))
                        .getString("status"))
                .isEqualTo("success");
    }

    private static JsonObject execution(JsonObject operation, String link, String script) {
        return World.executions(operation)
                .filter(each -> each.getString("target").equals(link))
                .filter(each -> each.getString("script").equals(script))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Long> statuses(JsonObject operation, String... links) {
        return World.executions(operation)
                .filter(each -> List.of(links).contains(each.getString("target")))
                .collect(Collectors.groupingBy(each -> each.getString("status"), Collectors.counting()));
    }
}
