package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.LinkOpsHere;
import io.linkops.world.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An sshd that takes one log-in at a time and drops all others: retries get through, and nothing runs twice. */
class MaxStartupsIT {
    private static final int LINKS = 12;

    @TempDir
    private Path directory;

    @Test
    void connectionsThatSshdDropsAreTriedAgainAndEachScriptRunsOnce() throws Exception {
        try (var world = World.with(directory, LINKS, List.of("MaxStartups 1:100:1"))
                .script("count", "#!/bin/bash", "echo ran >>" + directory + "/ran.$LINKOPS_LINK")
                .commit()) {
            var patient = Map.<String, Object>of(
                    "ssh.max_retries", 10, "ssh.retry_delay", 1, "ssh.idle_timeout", 0, "ssh.connection_timeout", 20);
            try (var linkops = LinkOpsHere.start(world, patient)) {
                var api = linkops.api();
                World.enroll(api);
                var operation = World.await(api, World.run(api, LINKS, List.of("count"), "*"));
                assertThat(operation.getString("status")).as(operation.encode()).isEqualTo("success");
                for (var link : world.ids()) {
                    assertThat(directory.resolve("ran." + link)).hasContent("ran");
                }
            }
        }
    }
}
