package io.linkops.fleet;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real machine (this one's distribution) with its own systemd as PID 1 and its own sshd, in namespaces of this
 * machine; see {@code systemd-machine.sh}. Its root file system is made once and kept in the directory for temporary
 * files.
 *
 * <p>Where that cannot be (not root, no cgroup2) the test is skipped; so it is without debootstrap and the other tools,
 * except in CI, where that is a failure.
 */
public final class SystemdMachine implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("java.io.tmpdir"), "linkops-machine-root");
    private static final List<String> TOOLS = List.of("debootstrap", "ip", "unshare", "nsenter", "pgrep");

    private final Path directory;
    private final Path script;
    private final Path publicKey;
    private final int index;

    private SystemdMachine(Path directory, Path script, Path publicKey, int index) {
        this.directory = directory;
        this.script = script;
        this.publicKey = publicKey;
        this.index = index;
    }

    /**
     * Boots one that lets root in with this key and has this client id.
     *
     * @param directory for its disk; not there yet
     */
    public static SystemdMachine start(Path directory, Path publicKey, String clientId) throws Exception {
        requireMeans();
        Files.createDirectories(directory);
        var script = directory.resolveSibling(directory.getFileName() + ".sh");
        try (var in = SystemdMachine.class.getResourceAsStream("systemd-machine.sh")) {
            Files.copy(in, script);
        }
        run("bash", script.toString(), "build", ROOT.toString());
        var machine = new SystemdMachine(directory, script, publicKey, freeIndex());
        var etc = Files.createDirectories(directory.resolve("up/etc/linkops"));
        Files.writeString(etc.resolve("client_id"), clientId + "\n");
        machine.boot();
        return machine;
    }

    private static void requireMeans() throws IOException {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "a machine with its own systemd needs root");
        try (var mounts = Files.lines(Path.of("/proc/mounts"))) {
            Assumptions.assumeTrue(
                    mounts.anyMatch(line -> line.contains(" cgroup2 ")),
                    "a machine with its own systemd needs a cgroup2 hierarchy");
        }
        var path = System.getenv("PATH").split(":", -1);
        for (var tool : TOOLS) {
            boolean isThere = Stream.of(path).anyMatch(each -> Files.isExecutable(Path.of(each, tool)));
            if (!"true".equals(System.getenv("CI"))) {
                Assumptions.assumeTrue(isThere, "a machine with its own systemd needs " + tool);
            } else if (!isThere) {
                throw new IllegalStateException("no " + tool + " here");
            }
        }
    }

    private static int freeIndex() {
        while (true) {
            int index = ThreadLocalRandom.current().nextInt(2, 250);
            if (!Files.exists(Path.of("/sys/class/net/lkm" + index))) {
                return index;
            }
        }
    }

    /** Boots it (again) and waits for its sshd. */
    public void boot() throws Exception {
        run("bash", script.toString(), "up", ROOT.toString(), directory.toString(), index + "", publicKey.toString());
        for (int attempt = 0; attempt < 600; attempt++) {
            if (answers()) {
                return;
            }
            // no event tells that another machine listens
            Thread.sleep(100);
        }
        throw new IllegalStateException("it does not answer: " + Files.readString(directory.resolve("log")));
    }

    private boolean answers() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host(), 22), 1000);
            socket.setSoTimeout(2000);
            return socket.getInputStream().read() == 'S';
        } catch (IOException e) {
            return false;
        }
    }

    /** Pulls the plug; its disk stays. */
    public void pullThePlug() throws Exception {
        run("bash", script.toString(), "kill", directory.toString(), index + "");
    }

    public String host() {
        return "10.214." + index + ".2";
    }

    /** {@code SHA256:…} of its host key. */
    public String fingerprint() throws Exception {
        return run(
                        "ssh-keygen",
                        "-lf",
                        directory.resolve("up/etc/ssh/ssh_host_ed25519_key.pub").toString())
                .split(" ", -1)[1];
    }

    /** Runs something inside, past ssh. @return what it said */
    public String inside(String command) throws Exception {
        return run("nsenter", "--target", init(), "--all", "/bin/bash", "-c", command);
    }

    private String init() throws Exception {
        return run("pgrep", "-P", Files.readString(directory.resolve("pid")).strip())
                .strip();
    }

    /** Ends the sshd of every connection, as a crash of the network would look from here. */
    public void cutConnections() throws Exception {
        inside("pkill -KILL -f '^sshd: root' || true");
    }

    @Override
    public void close() throws IOException {
        try {
            run("bash", script.toString(), "down", directory.toString(), index + "");
        } catch (Exception e) {
            throw new IOException("the machine could not be ended", e);
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
