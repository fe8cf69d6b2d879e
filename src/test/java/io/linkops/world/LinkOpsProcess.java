package io.linkops.world;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** LinkOps as a process of its own, started by its command line, that can be killed. */
public final class LinkOpsProcess implements Closeable {
    public static final String PASSWORD = "correct horse battery";
    static final Map<String, String> WITH_PASSWORD = Map.of("LINKOPS_ADMIN_PASSWORD", PASSWORD);
    private static final Pattern LISTENING = Pattern.compile("http://[^ ]*?:(\\d+)");

    private final Process process;
    private final Path output;
    private final Path errors;

    private LinkOpsProcess(Process process, Path output, Path errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    /** Starts a command ; its output goes to files in {@code directory}. */
    public static LinkOpsProcess start(Path directory, String... arguments) throws Exception {
        return start(directory, List.of(), arguments);
    }

    /** As {@link #start} with options for its JVM, which come last and so win. */
    public static LinkOpsProcess start(Path directory, List<String> options, String... arguments) throws Exception {
        return start(directory, WITH_PASSWORD, options, arguments);
    }

    /** As {@link #start}, so that the first start makes a password. */
    public static LinkOpsProcess startWithoutPassword(Path directory, String... arguments) throws Exception {
        return start(directory, Map.of(), List.of(), arguments);
    }

    private static LinkOpsProcess start(
            Path directory, Map<String, String> environment, List<String> options, String... arguments)
            throws Exception {
        return launch(directory, environment, Program.command(options, List.of(arguments)));
    }

    static LinkOpsProcess launch(Path directory, Map<String, String> environment, List<String> command)
            throws IOException {
        var output = Files.createTempFile(directory, "linkops", ".out");
        var errors = Files.createTempFile(directory, "linkops", ".err");
        var builder = new ProcessBuilder(command).redirectError(errors.toFile()).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new LinkOpsProcess(builder.start(), output, errors);
    }

    /** Waits until it says where it listens; fails with its output if it ends or takes too long. */
    public int awaitPort() throws Exception {
        var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < deadline) {
            var found = LISTENING.matcher(output());
            if (found.find()) {
                return Integer.parseInt(found.group(1));
            }
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("LinkOps ended with " + process.exitValue() + ":\n" + output());
            }
        }
        throw new IllegalStateException("LinkOps does not say where it listens:\n" + output());
    }

    public ApiClient login() throws Exception {
        return ApiClient.login(awaitPort(), "admin", PASSWORD);
    }

    /** What it said on standard output, then on standard error. */
    public String output() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8) + errors();
    }

    /** What it said on standard error. */
    public String errors() throws IOException {
        return Files.readString(errors, StandardCharsets.UTF_8);
    }

    public long pid() {
        return process.pid();
    }

    /** Waits for its end. @return the exit code */
    public int awaitExit() throws Exception {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("LinkOps does not end:\n" + output());
        }
        return process.exitValue();
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** kill -9. */
    public void kill() throws Exception {
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM, and waits; kill -9 if that does not help. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted while LinkOps was stopped", e);
        }
    }
}
