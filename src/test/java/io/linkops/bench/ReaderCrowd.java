package io.linkops.bench;

import io.linkops.world.ApiClient;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The process of {@link SseReaders}: its CPU is not that of LinkOps, but it shares the cores. */
final class ReaderCrowd implements Closeable {
    private final Process process;
    private final BufferedReader answers;

    ReaderCrowd(int port, ApiClient api) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SseReaders.class.getName(),
                        String.valueOf(port),
                        api.token())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    void follow(String operation, int readers, int stalled) throws IOException {
        var orders = process.outputWriter(StandardCharsets.UTF_8);
        orders.write(operation + " " + readers + " " + stalled + "\n");
        orders.flush();
    }

    /** Waits until every reader has seen the end; fails when one of them has not. */
    JsonObject seen(int readers) throws IOException {
        var line = answers.readLine();
        if (line == null) {
            throw new IllegalStateException("the readers' process ended");
        }
        var seen = new JsonObject(line);
        if (seen.getInteger("complete") != readers) {
            throw new IllegalStateException("of " + readers + " readers: " + seen);
        }
        return seen;
    }

    long cpuMillis() {
        return ProcFs.cpuMillis(process.pid());
    }

    @Override
    public void close() {
        process.destroy();
    }
}
