package io.linkops.fleet;

import io.linkops.ssh.Hop;
import io.linkops.ssh.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A real {@code /usr/sbin/sshd} with a configuration, host keys and a port of its own, run as the current user.
 *
 * <p>It answers on every address of 127.0.0.0/8, so {@link #host} gives each link one of its own. Only loopback clients
 * are let in. Where there is no sshd the test is skipped, except in CI, where that is a failure.
 */
public final class RealSshd implements AutoCloseable {
    private static final Path SSHD = Path.of("/usr/sbin/sshd");
    private static final String KEY = "id_ed25519";

    private final Path directory;
    private final List<String> hostKeyTypes;
    private final List<String> extraConfig;
    private final int port;
    private Process process;

    private RealSshd(Path directory, List<String> hostKeyTypes, List<String> extraConfig) throws Exception {
        this.directory = directory;
        this.hostKeyTypes = hostKeyTypes;
        this.extraConfig = extraConfig;
        makeDirectories();
        makeHostKeys();
        makeClientKey(KEY, "ed25519");
        this.port = freePort();
        this.process = launch();
    }

    /** One ed25519 host key, no other configuration. */
    public static RealSshd start(Path directory) throws Exception {
        return start(directory, List.of("ed25519"), List.of());
    }

    /**
     * @param directory for keys, configuration and log; empty
     * @param hostKeyTypes of ed25519, ecdsa, rsa
     * @param extraConfig lines that come before the fixture's own, and so take precedence
     */
    public static RealSshd start(Path directory, List<String> hostKeyTypes, List<String> extraConfig) throws Exception {
        if (!"true".equals(System.getenv("CI"))) {
            Assumptions.assumeTrue(Files.isExecutable(SSHD), "no " + SSHD + " here: install openssh-server");
        }
        return new RealSshd(directory, hostKeyTypes, extraConfig);
    }

    public int port() {
        return port;
    }

    public String user() {
        return System.getProperty("user.name");
    }

    /** The address of link number n: 127.1.0.1, 127.1.0.2, … */
    public String host(int number) {
        return "127.1." + (number - 1) / 250 + "." + ((number - 1) % 250 + 1);
    }

    public Path keysDirectory() {
        return directory.resolve("keys");
    }

    /** The name of the private key in {@link #keysDirectory} that is let in. */
    public String keyName() {
        return KEY;
    }

    /** {@code SHA256:…} of the host key of this type. */
    public String fingerprint(String type) throws Exception {
        return run("ssh-keygen", "-lf", hostKey(type) + ".pub").split(" ", -1)[1];
    }

    public String fingerprint() throws Exception {
        return fingerprint(hostKeyTypes.getFirst());
    }

    /** A known_hosts line for this host with the host key of this type. */
    public String knownHostsLine(String host, String type) throws Exception {
        String[] words = Files.readString(Path.of(hostKey(type) + ".pub")).split(" ", -1);
        return "[" + host + "]:" + port + " " + words[0] + " " + words[1].strip() + "\n";
    }

    /** The way to link number n, with the host key pinned. */
    public Route route(int number) throws Exception {
        return new Route(List.of(hop(number)));
    }

    public Hop hop(int number) throws Exception {
        return new Hop("link-" + number, host(number), port, user(), KEY, List.of(fingerprint()));
    }

    /** One more private key (mode 600) in the keys directory, which is let in if {@link #letIn} is called. */
    public void makeClientKey(String name, String type) throws Exception {
        run(
                "ssh-keygen",
                "-q",
                "-t",
                type,
                "-N",
                "",
                "-C",
                "test",
                "-f",
                keysDirectory().resolve(name).toString());
        if (name.equals(KEY)) {
            letIn(name);
        }
    }

    public void letIn(String keyName) throws Exception {
        String line = Files.readString(keysDirectory().resolve(keyName + ".pub"));
        var authorized = directory.resolve("authorized_keys");
        Files.writeString(authorized, (Files.exists(authorized) ? Files.readString(authorized) : "") + line);
    }

    /** New host keys of the same types; sshd is started anew. */
    public void changeHostKeys() throws Exception {
        stop();
        for (String type : hostKeyTypes) {
            Files.delete(Path.of(hostKey(type)));
            Files.delete(Path.of(hostKey(type) + ".pub"));
        }
        makeHostKeys();
        restart();
    }

    /** Cuts all connections as a crash of the network would: what runs there goes on. */
    public void cutConnections() {
        process.children().forEach(ProcessHandle::destroyForcibly);
    }

    /** Cuts the one connection that this process was started over; the process goes on. */
    public void cutConnectionOf(long pid) {
        var connections = process.children().map(ProcessHandle::pid).toList();
        for (var each = ProcessHandle.of(pid);
                each.isPresent();
                each = each.get().parent()) {
            if (connections.contains(each.get().pid())) {
                each.get().destroyForcibly();
                return;
            }
        }
        throw new IllegalStateException("process " + pid + " belongs to no connection");
    }

    /** From now on connections are made but nobody speaks, until {@link #wake}. */
    public void freeze() throws Exception {
        run("kill", "-STOP", String.valueOf(process.pid()));
    }

    public void wake() throws Exception {
        run("kill", "-CONT", String.valueOf(process.pid()));
    }

    /** How many terminals are open: processes that are a child of a connection and the first of their session. */
    public long shells() {
        return process.children()
                .flatMap(ProcessHandle::descendants)
                .filter(each -> hasTerminal(each.pid()))
                .filter(each -> each.parent()
                        .filter(parent -> hasTerminal(parent.pid()))
                        .isEmpty())
                .count();
    }

    private static boolean hasTerminal(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return !fields[4].equals("0") && !fields[0].equals("Z");
        } catch (IOException e) {
            return false; // it has gone
        }
    }

    /** How many connections the server has. */
    public long connections() {
        return process.children().count();
    }

    /** Ends the server and all that its connections started. */
    public void stop() throws Exception {
        var started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
        process.waitFor(10, TimeUnit.SECONDS);
    }

    public void restart() throws Exception {
        process = launch();
    }

    public String log() throws IOException {
        return Files.readString(directory.resolve("sshd.log"));
    }

    @Override
    public void close() throws IOException {
        try {
            stop();
        } catch (Exception e) {
            throw new IOException("sshd could not be stopped", e);
        }
    }

    private void makeDirectories() throws IOException {
        Files.createDirectories(keysDirectory());
        if (user().equals("root")) {
            Files.createDirectories(Path.of("/run/sshd"));
        }
    }

    private String hostKey(String type) {
        return directory.resolve("ssh_host_" + type + "_key").toString();
    }

    private void makeHostKeys() throws Exception {
        for (String type : hostKeyTypes) {
            run("ssh-keygen", "-q", "-t", type, "-N", "", "-C", "host", "-f", hostKey(type));
        }
    }

    private Process launch() throws Exception {
        var config = directory.resolve("sshd_config");
        Files.writeString(config, config());
        var sshd = new ProcessBuilder(SSHD.toString(), "-D", "-e", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("sshd.log").toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        for (int attempt = 0; attempt < 500 && sshd.isAlive(); attempt++) {
            if (answers()) {
                return sshd;
            }
            // no event tells that a child process listens
            Thread.sleep(20);
        }
        sshd.destroyForcibly();
        throw new IllegalStateException("sshd does not answer: " + log());
    }

    private boolean answers() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.setSoTimeout(2000);
            return socket.getInputStream().read() == 'S';
        } catch (IOException e) {
            return false;
        }
    }

    private String config() throws Exception {
        List<String> lines = new ArrayList<>(extraConfig);
        lines.add("Port " + port);
        lines.add("ListenAddress 0.0.0.0");
        lines.add("AddressFamily inet");
        hostKeyTypes.forEach(type -> lines.add("HostKey " + hostKey(type)));
        lines.add("AllowUsers " + user() + "@127.0.0.0/8");
        lines.add("AuthorizedKeysFile " + directory.resolve("authorized_keys"));
        lines.addAll(List.of(
                "PidFile none",
                "PermitRootLogin prohibit-password",
                "StrictModes no",
                "UsePAM no",
                "UseDNS no",
                "PasswordAuthentication no",
                "KbdInteractiveAuthentication no",
                "PrintMotd no",
                "PrintLastLog no",
                // Start-up files of whoever runs the tests, which bash reads when sshd starts it, are not the
                // fixture's.
                // Durable runs stay with the fixture too.
                "SetEnv HOME=" + directory + " LINKOPS_RUNS=" + directory.resolve("runs"),
                "MaxSessions 100",
                "LogLevel VERBOSE"));
        // of this one sshd takes the last line, not the first
        if (extraConfig.stream().noneMatch(line -> line.startsWith("MaxStartups "))) {
            lines.add("MaxStartups 1000");
        }
        if (knowsPenalties()) {
            lines.add("PerSourcePenalties no");
        }
        return String.join("\n", lines) + "\n";
    }

    /** From OpenSSH 9.8 on a server shuts out addresses that fail often; here all clients share one. */
    private boolean knowsPenalties() throws Exception {
        var empty = directory.resolve("empty_config");
        Files.writeString(empty, "HostKey " + hostKey(hostKeyTypes.getFirst()) + "\n");
        return run(SSHD.toString(), "-T", "-f", empty.toString()).contains("persourcepenalties");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + output);
        }
        return output;
    }
}
