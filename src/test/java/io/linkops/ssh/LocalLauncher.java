package io.linkops.ssh;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The launcher in a local shell, spoken to with the very bytes that go over SSH. */
final class LocalLauncher implements AutoCloseable {
    private final String tag = UUID.randomUUID().toString();
    private final Process process;
    private final InputStream stdout;

    LocalLauncher(String... shell) throws Exception {
        var command =
                new java.util.ArrayList<String>(shell.length == 0 ? java.util.List.of("sh") : java.util.List.of(shell));
        command.add("-c");
        command.add(BashProgram.LAUNCHER.commandLine(tag));
        var builder = new ProcessBuilder(command);
        builder.environment().remove("TMPDIR");
        process = builder.start();
        stdout = new BufferedInputStream(process.getInputStream());
    }

    /** What came of one run. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Result(Exit exit, byte[] stdout, byte[] stderr, String head) {}

    String tag() {
        return tag;
    }

    @Nullable
    ClientIdReading clientId(String path) throws Exception {
        process.getOutputStream().write(LauncherCodec.hello(tag, path));
        process.getOutputStream().flush();
        return LauncherCodec.skipTo(stdout, LauncherCodec.mark(tag), true, new ByteArrayOutputStream())
                ? LauncherCodec.readClientId(stdout, path)
                : null;
    }

    Result run(Payload payload) throws Exception {
        return run(LauncherCodec.goAhead(payload));
    }

    /** Sends the bytes, then the end of stdin. */
    Result run(byte[] goAhead) throws Exception {
        var stderr = CompletableFuture.supplyAsync(this::readStderr);
        process.getOutputStream().write(goAhead);
        process.getOutputStream().close();
        String head = LauncherCodec.readMarkedLine(stdout, tag);
        byte[] output = stdout.readAllBytes();
        byte[] errors = stderr.get();
        return new Result(new Exit(process.waitFor(), null), output, errors, head == null ? "" : head);
    }

    private byte[] readStderr() {
        try (var in = new BufferedInputStream(process.getErrorStream())) {
            var noise = new ByteArrayOutputStream();
            return LauncherCodec.skipTo(in, LauncherCodec.stderrMark(tag), false, noise)
                    ? in.readAllBytes()
                    : noise.toByteArray();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
