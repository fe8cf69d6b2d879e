package io.linkops.bench;

import io.linkops.world.ApiClient;
import io.linkops.world.LinkOpsProcess;
import io.linkops.world.World;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A LinkOps that has answered its first request.
 *
 * @param millis from the start of the process to that answer
 */
record Started(LinkOpsProcess process, int port, ApiClient api, double millis) implements Closeable {
    private static final byte[] QUESTION =
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    static Started in(World world, Map<String, Object> overrides) throws Exception {
        int port = freePort();
        var all = new TreeMap<>(overrides);
        all.put("api.port", port);
        long begun = System.nanoTime();
        var process = world.serve(all);
        while (!answers(port)) {
            if (System.nanoTime() - begun > 60_000_000_000L) {
                throw new IllegalStateException("LinkOps does not answer: " + process.output());
            }
            // nothing tells that another process has begun to listen
            Thread.sleep(2);
        }
        double millis = (System.nanoTime() - begun) / 1e6;
        return new Started(process, port, process.login(), millis);
    }

    private static boolean answers(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(QUESTION);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .startsWith("HTTP/1.1 200");
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    long cpuMillis() {
        return ProcFs.cpuMillis(process.pid());
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
