package io.linkops.bench;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A real LinkOps under a steady load, looked at every 30 s: {@code SoakRun MINUTES [DIRECTORY]}. It writes
 * {@code samples.csv} and LinkOps' log into the directory (target/soak) while it runs, {@code soak.svg} and
 * {@code soak.csv} at the end, and says which figures grew.
 */
public final class SoakRun {
    private static final Duration BETWEEN = Duration.ofSeconds(30);
    /** Every so many looks the garbage is collected first. */
    private static final int COLLECTS = 4;

    private static final List<String> COUNTERS = List.of(
            "linkops_operations_total",
            "linkops_executions_total",
            "linkops_health_checks_total",
            "linkops_http_requests_total",
            "linkops_retention_");

    private final Path directory;
    private final World world;
    private final LinkOpsProcess linkops;
    private final SoakErrors errors = new SoakErrors();

    private SoakRun(Path directory, World world, LinkOpsProcess linkops) {
        this.directory = directory;
        this.world = world;
        this.linkops = linkops;
    }

    public static void main(String[] arguments) throws Exception {
        var length = Duration.ofMinutes(Integer.parseInt(arguments[0]));
        var directory = Files.createDirectories(
                Path.of(arguments.length > 1 ? arguments[1] : "target/soak").toAbsolutePath());
        try (var world = SoakFleet.in(Files.createTempDirectory(directory, "world-"));
                var linkops = world.serve(SoakFleet.config(), List.of("-Xmx256m"))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(world, linkops)));
            System.out.println(Instant.now() + " " + ProcFs.machine() + ", LinkOps is process " + linkops.pid());
            new SoakRun(directory, world, linkops).run(length);
        }
        System.exit(0);
    }

    /** Also when the soak itself is told to end. */
    private static void end(World world, LinkOpsProcess linkops) {
        try {
            linkops.close();
            world.close();
        } catch (IOException e) {
            System.out.println("something was left behind: " + e);
        }
    }

    private void run(Duration length) throws Exception {
        var api = linkops.login();
        World.enroll(api);
        var csv = directory.resolve("samples.csv");
        Files.writeString(csv, SoakSample.head() + "\n");
        var begun = Instant.now();
        try (var load = new SoakLoad(world, linkops.awaitPort(), api, errors)) {
            load.begin();
            look(begun, length, csv, load);
            System.out.println("done: " + load.summary());
        }
        SoakReport.main(new String[] {csv.toString(), directory.toString()});
        System.out.println("unexpected: " + errors.summary());
        counters(api);
        log();
    }

    private void look(Instant begun, Duration length, Path csv, SoakLoad load) throws Exception {
        var probe = new SoakProbe(
                linkops.pid(),
                world.directory().resolve("data/linkops.db"),
                world.sshd().port());
        for (int round = 1; !BETWEEN.multipliedBy(round).minus(length).isPositive(); round++) {
            var next = begun.plus(BETWEEN.multipliedBy(round));
            Thread.sleep(Math.max(0, Duration.between(Instant.now(), next).toMillis()));
            var sample = probe.look(
                    Duration.between(begun, Instant.now()).toMillis() / 60_000.0,
                    load.operations(),
                    errors.count(),
                    round % COLLECTS == 0);
            Files.writeString(csv, sample.row() + "\n", StandardOpenOption.APPEND);
        }
    }

    private static void counters(ApiClient api) throws Exception {
        System.out.println("counted by LinkOps:");
        api.get("/metrics")
                .body()
                .lines()
                .filter(line -> COUNTERS.stream().anyMatch(line::startsWith))
                .forEach(line -> System.out.println("  " + line));
        System.out.println("  syncs: " + api.get("/api/git/status").body());
        System.out.println("  retention: " + api.get("/api/retention").body());
    }

    private void log() throws IOException {
        var lines = linkops.output().lines().toList();
        Files.write(directory.resolve("linkops.log"), lines);
        for (var level : List.of(" ERROR ", " WARN ")) {
            System.out.println(
                    lines.stream().filter(line -> line.contains(level)).count() + level + "lines in LinkOps' log");
        }
    }
}
