package io.linkops.bench;

import io.linkops.fleet.RealSshd;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What one would use without LinkOps: {@code ssh} for each target, held apart by xargs or ClusterShell; cold, or over
 * connections that ControlMaster keeps. They check no enrollment and keep no record, so the comparison flatters them.
 */
final class Contenders implements Closeable {
    private static final Map<String, String> FAN_OUTS = Map.of(
            "xargs ssh",
            "xargs -P $CONC -n 1 sh -c 'exec ssh -F $CONFIG $0 bash -s < $SCRIPT > $OUT/$0 2> $OUT/err.$0' < $HOSTS",
            "clush",
            "clush -q --hostfile $HOSTS -f $CONC -o \"-F $CONFIG\" bash -s < $SCRIPT > $OUT/all 2> $OUT/err.all");

    private final Path directory;
    private final RealSshd sshd;
    private final ProcessHandle server;
    private final int concurrency;

    Contenders(Path directory, RealSshd sshd, ProcessHandle server, int concurrency) throws Exception {
        this.directory = Files.createDirectories(directory);
        this.sshd = sshd;
        this.server = server;
        this.concurrency = concurrency;
        Files.createDirectories(masters());
        Files.writeString(directory.resolve("known_hosts"), sshd.knownHostsLine("127.1.*", "ed25519"));
        Files.writeString(config(false), config());
        Files.writeString(
                config(true), config() + "ControlMaster auto\nControlPersist 900\nControlPath " + masters() + "/%h\n");
    }

    static boolean hasClush() {
        return List.of(System.getenv("PATH").split(":", -1)).stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place, "clush")));
    }

    /** Opens the connections that warm passes use. */
    void connect(int targets) throws Exception {
        var script = Files.writeString(directory.resolve("connect.sh"), "echo " + FleetBenchmark.MARK + "\n");
        fanOut("xargs ssh", true, targets, script);
    }

    /** Runs the script on the first links; fails unless each of them says the mark. */
    Pass fanOut(String how, boolean isWarm, int targets, Path script) throws Exception {
        var out = Files.createTempDirectory(directory, "out");
        var hosts = Files.writeString(
                directory.resolve("hosts"),
                IntStream.rangeClosed(1, targets).mapToObj(sshd::host).collect(Collectors.joining("\n", "", "\n")));
        var shell = new ProcessBuilder("bash", "-c", "TIMEFORMAT='%U %S'; time " + FAN_OUTS.get(how))
                .redirectErrorStream(true);
        shell.environment()
                .putAll(Map.of(
                        "CONC", String.valueOf(concurrency),
                        "CONFIG", config(isWarm).toString(),
                        "SCRIPT", script.toString(),
                        "HOSTS", hosts.toString(),
                        "OUT", out.toString(),
                        "LC_ALL", "C"));
        var waitedFor = new AtomicLong();
        var watch = new Stopwatch(
                server, () -> waitedFor.get() + ProcFs.cpuMillisOf(masters().toString()));
        var process = shell.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        for (var seconds :
                said.strip().substring(said.strip().lastIndexOf('\n') + 1).split(" ", -1)) {
            waitedFor.addAndGet(Math.round(Double.parseDouble(seconds) * 1000));
        }
        var pass = watch.read(how, targets);
        require(said, out, targets);
        return pass;
    }

    private static void require(String said, Path out, int targets) throws IOException {
        long marks = 0;
        var problems = new StringBuilder(said);
        try (var files = Files.list(out)) {
            for (var file : files.toList()) {
                if (file.getFileName().toString().startsWith("err.")) {
                    problems.append(Files.readString(file));
                } else {
                    try (var lines = Files.lines(file)) {
                        marks += lines.filter(line -> line.endsWith(FleetBenchmark.MARK))
                                .count();
                    }
                }
            }
        }
        if (marks != targets) {
            throw new IllegalStateException(marks + " of " + targets + " targets answered: " + problems);
        }
    }

    /** From the start of an ssh to the first byte it prints, ms. */
    List<Double> firstBytes(boolean isWarm, int times, Path script) throws Exception {
        List<Double> found = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            var ssh = new ProcessBuilder("ssh", "-F", config(isWarm).toString(), sshd.host(1), "bash", "-s")
                    .redirectInput(script.toFile());
            long begun = System.nanoTime();
            var process = ssh.start();
            if (process.getInputStream().read() < 0) {
                throw new IllegalStateException(
                        new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
            }
            found.add((System.nanoTime() - begun) / 1e6);
            process.getInputStream().readAllBytes();
            process.waitFor();
        }
        return found;
    }

    /** Ends the kept connections. */
    void disconnect() {
        ProcessHandle.allProcesses()
                .filter(process -> ProcFs.commandLine(process.pid()).startsWith("ssh: " + masters()))
                .forEach(ProcessHandle::destroy);
    }

    @Override
    public void close() {
        disconnect();
    }

    private Path masters() {
        return directory.resolve("m");
    }

    private Path config(boolean isWarm) {
        return directory.resolve(isWarm ? "ssh_config.warm" : "ssh_config");
    }

    private String config() {
        return """
            Port %d
            User %s
            IdentityFile %s
            IdentitiesOnly yes
            IdentityAgent none
            BatchMode yes
            StrictHostKeyChecking yes
            UserKnownHostsFile %s
            GlobalKnownHostsFile /dev/null
            KexAlgorithms curve25519-sha256
            LogLevel ERROR
            """.formatted(
                        sshd.port(),
                        sshd.user(),
                        sshd.keysDirectory().resolve(sshd.keyName()),
                        directory.resolve("known_hosts"));
    }
}
