package io.linkops.bench;

import io.linkops.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Measures LinkOps against bare ssh on one fleet in one run, and writes docs/PERFORMANCE.md. */
final class FleetBenchmark {
    /** What every script says when it has run. */
    static final String MARK = "LINKOPS-BENCH-OK";

    private static final String SHEBANG = "#!/bin/bash\n";
    private static final String TRIVIAL = SHEBANG + "echo " + MARK + "\nhostname\n";
    private static final int REPEATS = 3;

    private final Settings settings;
    private final World world;
    private final ProcessHandle sshd;
    private final Report report = new Report();
    private final List<Double> starts = new ArrayList<>();

    private FleetBenchmark(Settings settings, World world) {
        this.settings = settings;
        this.world = world;
        this.sshd = ProcessHandle.current()
                .children()
                .filter(child -> ProcFs.commandLine(child.pid()).contains("sshd"))
                .findFirst()
                .orElseThrow();
    }

    public static void main(String[] arguments) throws Exception {
        var directory = Files.createTempDirectory("linkops-bench");
        var settings = Settings.read();
        try (var world = World.with(directory, settings.links())) {
            world.script("trivial", TRIVIAL).script("talk", talk(settings)).commit();
            new FleetBenchmark(settings, world).run();
        } finally {
            delete(directory);
        }
    }

    private static String talk(Settings settings) {
        return SHEBANG + "seq -f 'line %g the quick brown fox jumps over the lazy dog 0123456789' " + settings.lines()
                + "\necho " + MARK;
    }

    private void run() throws Exception {
        report.note("%s; %s; load average at the start %s"
                .formatted(Instant.now().truncatedTo(ChronoUnit.MINUTES), ProcFs.machine(), ProcFs.loadAverage()));
        report.note("%d targets, %d at once, %d readers, output of %d targets × %d lines"
                .formatted(
                        settings.links(),
                        settings.concurrency(),
                        settings.readers(),
                        settings.talkers(),
                        settings.lines()));
        var rivals = rivals();
        enroll(rivals);
        warm(rivals);
        hot(rivals);
        starting();
        List.of(
                        "6, 7: the terminal",
                        "8, 9: the API and its tables under load",
                        "10: sync of 10,000 links",
                        "11: health rounds",
                        "14: growth")
                .forEach(goal -> report.notMeasured(
                        goal.substring(0, goal.indexOf(':')), goal.substring(goal.indexOf(':') + 2)));
        report.note("load average at the end " + ProcFs.loadAverage());
        report.write(settings.report());
        System.out.println("written: " + settings.report());
    }

    // ---- the contenders ------------------------------------------------------------------------------------------

    private Rivals rivals() throws Exception {
        var script = Files.writeString(world.directory().resolve("trivial.sh"), TRIVIAL);
        var talk = Files.writeString(world.directory().resolve("talk.sh"), talk(settings));
        try (var contenders =
                new Contenders(world.directory().resolve("c"), world.sshd(), sshd, settings.concurrency())) {
            boolean hasClush = Contenders.hasClush();
            int all = settings.links();
            var cold = contenders.fanOut("xargs ssh", false, all, script);
            var coldClush = hasClush ? contenders.fanOut("clush", false, all, script) : cold;
            contenders.connect(all);
            var warm = median(() -> contenders.fanOut("xargs ssh", true, all, script));
            var warmClush = hasClush ? median(() -> contenders.fanOut("clush", true, all, script)) : warm;
            var output = median(() -> contenders.fanOut("xargs ssh", true, settings.talkers(), talk));
            contenders.firstBytes(true, 5, script);
            return new Rivals(
                    cold,
                    coldClush,
                    warm,
                    warmClush,
                    output,
                    contenders.firstBytes(false, 20, script),
                    contenders.firstBytes(true, 100, script));
        }
    }

    private static Pass median(Callable<Pass> pass) throws Exception {
        List<Pass> passes = new ArrayList<>();
        for (int i = 0; i < REPEATS; i++) {
            passes.add(pass.call());
        }
        return Pass.median(passes);
    }

    // ---- LinkOps -------------------------------------------------------------------------------------------------

    private Started start(Map<String, Object> overrides) throws Exception {
        var started = Started.in(world, overrides);
        starts.add(started.millis());
        return started;
    }

    private void enroll(Rivals rivals) throws Exception {
        try (var linkops = start(Map.of())) {
            var fanOuts = new FanOuts(linkops, sshd, settings);
            report.row("sync of %d new links".formatted(settings.links()), Report.millis(fanOuts.sync()));
            report.row("sync of an unchanged commit", Report.millis(fanOuts.sync()));
            report.walls("verify all, cold JVM", fanOuts.verify(), rivals.cold());
        }
    }

    private void warm(Rivals rivals) throws Exception {
        try (var linkops = start(Map.of());
                var peak = new Peak(linkops.process().pid())) {
            var fanOuts = new FanOuts(linkops, sshd, settings);
            report.walls("cold operation, cold JVM", fanOuts.all("first"), rivals.cold());
            var warm = median(() -> fanOuts.all("warm"));
            report.walls("warm operation", warm, rivals.warm());
            if (Contenders.hasClush()) {
                report.walls("warm operation", warm, rivals.warmClush());
            }
            int concurrency = settings.concurrency();
            report.row(
                    "overhead per execution, warm",
                    Report.millis(warm.overhead(concurrency)),
                    "xargs ssh: " + Report.millis(rivals.warm().overhead(concurrency)),
                    Report.number(warm.wallMillis() / rivals.warm().wallMillis()));
            report.wallGoal(
                    "2",
                    "warm fan-out: wall ≤ 0.5 × clush over ControlMaster (xargs ssh without clush)",
                    warm,
                    rivals.warmClush(),
                    0.5);
            report.goal("2", "warm fan-out: own CPU ≤ 2 ms per target", warm.cpuPerTarget(), 2);
            new Following(linkops, sshd, settings, report).run(rivals, warm);
            var firstBytes = fanOuts.firstBytes(120);
            firsts("first byte, warm", firstBytes.subList(20, 120), rivals.firstWarm());
            report.goal("5", "first byte, warm: p50 ≤ 15 ms", Pass.percentile(firstBytes.subList(20, 120), 50), 15);
            report.goal("5", "first byte, warm: p99 ≤ 60 ms", Pass.percentile(firstBytes.subList(20, 120), 99), 60);
            memory(linkops.process().pid(), peak);
        }
    }

    private void firsts(String what, List<Double> linkops, List<Double> ssh) {
        for (int percent : new int[] {50, 99}) {
            double own = Pass.percentile(linkops, percent);
            double other = Pass.percentile(ssh, percent);
            report.row(
                    "%s, p%d of %d".formatted(what, percent, linkops.size()),
                    Report.millis(own),
                    "ssh: " + Report.millis(other),
                    Report.number(own / other));
        }
    }

    private void memory(long pid, Peak peak) throws IOException {
        long kept = ProcFs.status(pid, "VmRSS") / 1024;
        report.row(
                "resident memory with %d kept connections".formatted(settings.links()),
                "%d MiB, peak %d MiB".formatted(kept, ProcFs.status(pid, "VmHWM") / 1024));
        report.row("threads", "%d, peak %d".formatted(ProcFs.status(pid, "Threads"), peak.threads()));
        report.goal("12", "threads ≤ kept connections + 100", (double) peak.threads(), settings.links() + 100);
        report.notMeasured("12", "memory at 1,000 kept connections, at rest, and of 1,000 readers");
    }

    private void hot(Rivals rivals) throws Exception {
        try (var linkops = start(Map.of("ssh.idle_timeout", 0))) {
            var fanOuts = new FanOuts(linkops, sshd, settings);
            fanOuts.all("heating");
            var cold = median(() -> fanOuts.all("cold"));
            report.walls("cold operation, hot JVM", cold, rivals.cold());
            if (Contenders.hasClush()) {
                report.walls("cold operation, hot JVM", cold, rivals.coldClush());
            }
            report.wallGoal(
                    "1", "cold fan-out: wall ≤ 0.75 × clush (xargs ssh without clush)", cold, rivals.coldClush(), 0.75);
            report.goal("1", "cold fan-out: own CPU, hot JVM, ≤ 6 ms per target", cold.cpuPerTarget(), 6);
            var firsts = fanOuts.firstBytes(20);
            firsts("first byte, connecting", firsts, rivals.firstCold());
            report.goal(
                    "3",
                    "one target, cold, on the LAN: ≤ 0.4 × ssh",
                    Pass.percentile(firsts, 50) / Pass.percentile(rivals.firstCold(), 50),
                    0.4);
            report.notMeasured("3", "one target over a network of 20 ms");
        }
    }

    private void starting() throws Exception {
        List<Double> bare = new ArrayList<>();
        for (int i = 0; i < REPEATS; i++) {
            long begun = System.nanoTime();
            var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            new ProcessBuilder(java, "-version")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            bare.add((System.nanoTime() - begun) / 1e6);
        }
        double own = Pass.percentile(starts, 50);
        report.row(
                "start to first answer, median of %d".formatted(starts.size()),
                Report.millis(own),
                "java -version: " + Report.millis(Pass.percentile(bare, 50)),
                Report.number(own / Pass.percentile(bare, 50)));
        report.notMeasured("13", "start with the AOT cache ≤ 0.35 × without");
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
