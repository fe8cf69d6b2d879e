package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.fleet.SystemdMachine;
import io.linkops.world.ApiClient;
import io.linkops.world.Patience;
import io.linkops.world.Torment;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Durable runs in transient units of a real systemd, on a machine of its own. */
class SystemdIT {
    @TempDir
    private static Path directory;

    private static World world;
    private static SystemdMachine machine;
    private static Torment torment;

    @BeforeAll
    static void begin() throws Exception {
        world = World.with(directory, 1);
        machine = SystemdMachine.start(
                directory.resolve("machine"),
                world.sshd().keysDirectory().resolve(world.sshd().keyName() + ".pub"),
                world.clientId("link-001"));
        world.script("numbers", DurableIT.numbers("/root/ran", 400, "0.05"))
                .script(
                        "family",
                        "#!/bin/bash",
                        "echo before",
                        "(setsid env -i bash -c '(exec sleep 3600 >/dev/null 2>&1 </dev/null &)' &)",
                        "(env -i setsid setsid sleep 3601 </dev/null &)",
                        "trap '' TERM",
                        "while :; do sleep 0.1; done")
                .script(
                        "killed",
                        "#!/bin/bash",
                        "echo $$ >/root/killed",
                        "echo before",
                        "(setsid sleep 3602 &)",
                        "sleep 3603")
                .script("rebooted", "#!/bin/bash", "echo before", "echo ran >>/root/rebooted", "sleep 3604")
                .script("leaves", "#!/bin/bash", "echo before", "kill -ABRT $$");
        for (var script : List.of("numbers", "family", "killed", "rebooted", "leaves")) {
            world.fields(script, "durable: always");
        }
        world.commit(world.linksYaml(machine));
        long seed = System.nanoTime();
        System.out.println("SystemdIT seed " + seed);
        torment = new Torment(
                world, world.serve(), new Random(seed), Duration.ofSeconds(5), () -> machine.cutConnections());
        World.enroll(torment.linkops().login());
    }

    @AfterAll
    static void end() throws Exception {
        if (torment != null) {
            torment.close();
        }
        if (machine != null) {
            machine.close();
        }
        if (world != null) {
            world.close();
        }
    }

    @Test
    void losesAndDoublesNothingWhateverIsKilledAndCut() throws Exception {
        var result = torment.untilTheEnd(World.run(torment.linkops().login(), 1, List.of("numbers"), "*"));
        System.out.println("SystemdIT: " + result.kills() + " kills, " + result.cuts() + " cuts");
        DurableIT.requireNumbers(result, 400);
        assertThat(machine.inside("cat /root/ran")).isEqualTo("ran\n");
        assertThat(result.events().stream()
                        .filter(event -> event.type().equals("execution.attached"))
                        .map(event -> event.data().getString("durability")))
                .isNotEmpty()
                .allMatch("systemd"::equals);
        Patience.until(
                "everything of it was removed",
                () -> machine.inside("ls /var/lib/linkops/runs").isEmpty());
        assertThat(machine.inside("systemctl list-units --all --no-legend 'linkops-*'"))
                .isEmpty();
    }

    @Test
    void aStopTakesAlongWhateverTheScriptStarted() throws Exception {
        var api = torment.linkops().login();
        var id = begin(api, "family");
        Patience.until(
                "its family is there",
                () -> machine.inside("pgrep -fc '[s]leep 360[01]' || true")
                        .strip()
                        .equals("2"));
        api.post("/api/operations/" + id + "/stop");
        var end = first(World.await(api, id));
        assertThat(end.getString("status")).as(end.encode()).isEqualTo("stopped");
        assertThat(machine.inside("pgrep -f '[s]leep 360[01]' || true")).isEmpty();
    }

    @Test
    void tellsThatItsMainProcessWasKilledAndTakesTheRestAlong() throws Exception {
        var api = torment.linkops().login();
        var id = begin(api, "killed");
        machine.inside("kill -KILL $(cat /root/killed)");
        var end = first(World.await(api, id));
        assertThat(end.getString("status")).as(end.encode()).isEqualTo("failed");
        assertThat(end.getString("reason")).isEqualTo("signal");
        assertThat(end.getString("signal")).isEqualTo("KILL");
        Patience.until(
                "the rest is gone",
                () -> machine.inside("pgrep -f '[s]leep 360[23]' || true").isEmpty());
    }

    @Test
    void tellsTheSignalThatEndedIt() throws Exception {
        var api = torment.linkops().login();
        var end = first(World.await(api, World.run(api, 1, List.of("leaves"), "*")));
        assertThat(end.getString("signal")).as(end.encode()).isEqualTo("ABRT");
    }

    @Test
    void tellsThatTheMachineWasBootedAgain() throws Exception {
        var api = torment.linkops().login();
        var id = begin(api, "rebooted");
        machine.pullThePlug();
        machine.boot();
        var end = first(World.await(api, id));
        assertThat(end.getString("status")).as(end.encode()).isEqualTo("lost");
        assertThat(end.getString("reason")).isEqualTo("target_restarted");
        assertThat(api.download("/api/operations/" + id + "/executions/" + end.getString("id") + "/output"))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("before\n");
        assertThat(machine.inside("cat /root/rebooted")).isEqualTo("ran\n");
    }

    private static String begin(ApiClient api, String script) throws Exception {
        var id = World.run(api, 1, List.of(script), "*");
        api.events("/api/operations/" + id + "/events", 0, ApiClient.Event::isOutput);
        return id;
    }

    private static JsonObject first(JsonObject operation) {
        return World.executions(operation).findFirst().orElseThrow();
    }
}
