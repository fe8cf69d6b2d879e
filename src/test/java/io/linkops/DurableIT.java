package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.Patience;
import io.linkops.world.Torment;
import io.linkops.world.World;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Durable runs on a real sshd, seen through a LinkOps that is killed, cut off and started again. */
class DurableIT {
    @TempDir
    private Path directory;

    /** Numbered lines on both streams, then exit code 7; a line in the file "ran" for each time it is started. */
    static String[] numbers(String ran, int lines, String sleep) {
        return new String[] {
            "#!/bin/bash",
            "echo ran >>" + ran,
            "for ((i = 1; i <= " + lines + "; i++)); do",
            "  echo \"out $i\"; echo \"err $i\" >&2; sleep " + sleep,
            "done",
            "exit 7"
        };
    }

    static void requireNumbers(Torment.Result result, int lines) {
        assertThat(new String(result.output("stdout"), StandardCharsets.UTF_8)).isEqualTo(lines("out", lines));
        assertThat(new String(result.output("stderr"), StandardCharsets.UTF_8)).isEqualTo(lines("err", lines));
        assertThat(result.execution().getString("status")).as(result.execution().encode()).isEqualTo("failed");
        assertThat(result.execution().getString("reason")).isEqualTo("exit_code");
        assertThat(result.execution().getInteger("exit_code")).isEqualTo(7);
        assertThat(result.operation().getString("status")).isEqualTo("failed");
        for (var type : List.of("execution.started", "execution.finished", "operation.finished")) {
            assertThat(result.events().stream().filter(event -> event.type().equals(type)))
                    .hasSize(1);
        }
    }

    static String lines(String word, int lines) {
        return IntStream.rangeClosed(1, lines)
                .mapToObj(line -> word + " " + line + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void losesAndDoublesNothingWhateverIsKilledAndCut() throws Exception {
        long seed = System.nanoTime();
        System.out.println("DurableIT seed " + seed);
        var ran = directory.resolve("ran");
        try (var world = World.with(directory, 1)
                .script("numbers", numbers(ran.toString(), 500, "0.05"))
                .fields("numbers", "durable: always")
                .commit()) {
            var torment = new Torment(
                    world,
                    world.serve(),
                    new Random(seed),
                    Duration.ofSeconds(5),
                    () -> world.sshd().cutConnections());
            try {
                var api = torment.linkops().login();
                World.enroll(api);
                var result = torment.untilTheEnd(World.run(api, 1, List.of("numbers"), "*"));
                System.out.println("DurableIT: " + result.kills() + " kills, " + result.cuts() + " cuts, "
                        + result.events().stream()
                                .filter(event -> event.type().startsWith("execution."))
                                .filter(event -> !event.isOutput())
                                .map(ApiClient.Event::type)
                                .toList());
                requireNumbers(result, 500);
                assertThat(Files.readAllLines(ran)).hasSize(1);
            } finally {
                torment.close();
            }
        }
    }
}
