package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.LinkOpsHere;
import io.linkops.world.TerminalClient;
import io.linkops.world.Terminals;
import io.linkops.world.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Terminals on a real OpenSSH sshd, through real HTTP and WebSocket. */
class TerminalIT {
    private static World world;
    private static LinkOpsHere linkops;

    @BeforeAll
    static void start() throws Exception {
        world = World.with(World.newDirectory(), 4, List.of("PermitUserEnvironment no", "AcceptEnv LANG"))
                .commit();
        linkops = LinkOpsHere.start(world, Map.of("terminal.max_workspaces_per_user", 100));
        World.enroll(linkops.api());
    }

    @AfterAll
    static void stop() throws Exception {
        linkops.close();
        world.close();
    }

    private static TerminalClient open(String workspace, String query) {
        return TerminalClient.open(linkops.port(), linkops.api().token(), workspace, query);
    }

    @Test
    void whatIsTypedReachesAShellAndWhatItSaysComesBack() throws Exception {
        var id = Terminals.connected(linkops.api(), "link-001");
        try (var client = open(id, "")) {
            client.type(0, "echo $((6*7)) $TERM $LANG\n");
            client.until(0, "42 xterm-256color C.UTF-8");
        }
    }

    @Test
    void theShellHearsOfItsSize() throws Exception {
        var id = Terminals.connected(linkops.api(), "link-001");
        try (var client = open(id, "")) {
            client.type(0, "stty size\n");
            client.until(0, "24 80");
            client.resize(0, 132, 43);
            client.type(0, "stty size\n");
            client.until(0, "43 132");
        }
    }
}
