package io.linkops.bench;

import io.linkops.fleet.SystemdMachine;
import io.linkops.world.Torment;
import io.linkops.world.World;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A long script while LinkOps is killed and started again and its connections are cut: {@code LongDurableRun
 * sshd|systemd MINUTES}. Prints what came of it, and whether each byte is there once.
 */
public final class LongDurableRun {
    private LongDurableRun() {}

    public static void main(String[] arguments) throws Exception {
        boolean isSystemd = arguments[0].equals("systemd");
        int lines = Integer.parseInt(arguments[1]) * 60 * 5;
        long seed = System.nanoTime();
        var directory = Files.createTempDirectory("linkops-long-");
        var ran = isSystemd ? Path.of("/root/ran") : directory.resolve("ran");
        try (var world = World.with(directory, 1)
                .script(
                        "long",
                        "#!/bin/bash",
                        "echo ran >>" + ran,
                        "for ((i = 1; i <= " + lines + "; i++)); do",
                        "  echo \"out $i\"; echo \"err $i\" >&2; sleep 0.2",
                        "done",
                        "exit 7")
                .timeout("long", "2h")) {
            if (isSystemd) {
                try (var machine = SystemdMachine.start(
                        directory.resolve("machine"),
                        world.sshd().keysDirectory().resolve(world.sshd().keyName() + ".pub"),
                        world.clientId("link-001"))) {
                    world.commit(world.linksYaml(machine));
                    run(world, seed, lines, machine::cutConnections);
                    System.out.println(
                            "started " + machine.inside("wc -l </root/ran").strip() + " time(s)");
                }
            } else {
                world.commit();
                run(world, seed, lines, () -> world.sshd().cutConnections());
                System.out.println("started " + Files.readAllLines(ran).size() + " time(s)");
            }
        }
    }

    private static void run(World world, long seed, int lines, Torment.Cut cut) throws Exception {
        var torment = new Torment(world, world.serve(), new Random(seed), Duration.ofMinutes(2), cut);
        try {
            var begun = Instant.now();
            World.enroll(torment.linkops().login());
            var result = torment.untilTheEnd(World.run(torment.linkops().login(), 1, List.of("long"), "*"));
            var counts = new TreeMap<String, Long>();
            result.events().forEach(event -> counts.merge(event.type(), 1L, Long::sum));
            boolean hasStdout = isWhole(result, "stdout", "out", lines);
            boolean hasStderr = isWhole(result, "stderr", "err", lines);
            System.out.println("seed " + seed + ", " + Duration.between(begun, Instant.now()) + ", " + result.kills()
                    + " kills of LinkOps, " + result.cuts() + " cuts, events " + counts);
            System.out.println(result.execution().encodePrettily());
            System.out.println(hasStdout && hasStderr ? "WHOLE" : "NOT WHOLE");
        } finally {
            torment.close();
        }
    }

    private static boolean isWhole(Torment.Result result, String stream, String word, int lines) {
        var expected = IntStream.rangeClosed(1, lines)
                .mapToObj(line -> word + " " + line + "\n")
                .collect(Collectors.joining());
        var found = new String(result.output(stream), StandardCharsets.UTF_8);
        System.out.println(stream + ": " + found.length() + " bytes, expected " + expected.length() + ", equal "
                + found.equals(expected));
        return found.equals(expected);
    }
}
