package io.linkops;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * The local door of a running LinkOps (decision 15): a UNIX socket beside the database, mode 600. A client sends one
 * JSON object and shuts its sending side; the answer is one JSON object with {@code answer} or {@code error}.
 */
final class AdminSocket {
    static final int LARGEST = 4 * 1024 * 1024;

    private AdminSocket() {}

    /** Beside the database, like its lock. */
    static Path path(Path database) {
        var file = database.toAbsolutePath();
        return file.resolveSibling(file.getFileName() + ".admin");
    }

    /** Blocking; fails when nobody answers there. */
    static SocketChannel connect(Path path) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    /** Blocking: sends an order and waits for what came of it. */
    static JsonObject exchange(SocketChannel channel, JsonObject order) throws IOException {
        write(channel, order);
        channel.shutdownOutput();
        var answer = read(channel);
        var error = answer.getJsonObject("error");
        if (error != null) {
            throw new Failure(ErrorCode.valueOf(error.getString("code")), error.getString("message"));
        }
        return answer.getJsonObject("answer");
    }

    static void write(SocketChannel channel, JsonObject json) throws IOException {
        var bytes = ByteBuffer.wrap(json.toBuffer().getBytes());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Until the other side has no more to say. */
    static JsonObject read(SocketChannel channel) throws IOException {
        var all = Buffer.buffer();
        var part = ByteBuffer.allocate(8 * 1024);
        while (channel.read(part) >= 0) {
            part.flip();
            all.appendBytes(part.array(), 0, part.limit());
            part.clear();
            if (all.length() > LARGEST) {
                throw new IOException("a message of more than " + LARGEST + " bytes");
            }
        }
        if (all.length() == 0) {
            throw new IOException("the other side said nothing");
        }
        return new JsonObject(all);
    }
}
