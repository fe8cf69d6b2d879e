package io.linkops;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on {@link AdminSocket}: one order at a time, from the user LinkOps runs as and from root, as the kernel says
 * who is there. Where it cannot listen LinkOps runs all the same, and says that the commands need it stopped.
 */
final class AdminSocketVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(AdminSocketVerticle.class);
    private static final int WAITING = 16;
    private static final long PATIENCE_SECONDS = 30;

    private final Path path;
    private @Nullable ServerSocketChannel listening;

    AdminSocketVerticle(Path database) {
        this.path = AdminSocket.path(database);
    }

    @Override
    public Future<?> start() {
        try {
            // LinkOps owns the database now: what lies here is from one that was killed
            Files.deleteIfExists(path);
            var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            channel.bind(UnixDomainSocketAddress.of(path), WAITING);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            listening = channel;
            var desk = new AdminDesk(Bus.of(vertx));
            Thread.ofVirtual().name("linkops-admin").start(() -> listen(channel, desk));
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "Cannot listen on {} ({}): 'linkops user' and 'linkops token' need LinkOps to be stopped", path, e);
        }
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() throws IOException {
        if (listening != null) {
            listening.close();
            Files.deleteIfExists(path);
        }
        return Future.succeededFuture();
    }

    private void listen(ServerSocketChannel channel, AdminDesk desk) {
        while (channel.isOpen()) {
            try (var client = channel.accept()) {
                serve(client, desk);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.warn("An order of the local command line was not served: {}", e.toString());
            }
        }
    }

    private void serve(SocketChannel client, AdminDesk desk) throws IOException {
        requireOwner(client);
        // who connects and says nothing must not keep others waiting
        long late = vertx.setTimer(PATIENCE_SECONDS * 1000, passed -> close(client));
        try {
            AdminSocket.write(client, answer(desk, AdminSocket.read(client)));
        } finally {
            vertx.cancelTimer(late);
        }
    }

    private static void close(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.debug("A client of the local command line did not close", e);
        }
    }

    private static void requireOwner(SocketChannel client) throws IOException {
        var peer = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        if (!List.of("root", System.getProperty("user.name")).contains(peer)) {
            throw new IOException(peer + " is neither root nor the user LinkOps runs as");
        }
    }

    private static JsonObject answer(AdminDesk desk, JsonObject order) {
        try {
            return new JsonObject().put("answer", desk.take(order).await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (Failure failure) {
            return error(failure.code(), failure.text());
        } catch (Exception e) {
            LOG.error("An order of the local command line failed", e);
            return error(ErrorCode.INTERNAL, "An internal error; the log has the details");
        }
    }

    private static JsonObject error(ErrorCode code, String message) {
        return new JsonObject()
                .put("error", new JsonObject().put("code", code.name()).put("message", message));
    }
}
