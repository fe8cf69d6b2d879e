package io.linkops.supervisor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * Sends to the socket that systemd listens on for a unit of {@code Type=notify}; see sd_notify(3). Each message is one
 * datagram from this very process, so {@code NotifyAccess=main} is enough.
 *
 * @param path of the socket, as {@code NOTIFY_SOCKET} names it
 */
record NotifySocket(String path) {

    /** Blocking, but never for long: a full socket fails. */
    void send(String message) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var errno = Libc.errno(arena);
            int socket = (int) Functions.SOCKET.invokeExact(errno, Libc.AF_UNIX, Libc.SOCK_DGRAM_CLOEXEC, 0);
            if (socket < 0) {
                throw failed("socket", errno);
            }
            try {
                send(arena, errno, socket, message.getBytes(StandardCharsets.UTF_8));
            } finally {
                int _ = (int) Functions.CLOSE.invokeExact(errno, socket);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("the C library cannot be called", e);
        }
    }

    private void send(Arena arena, MemorySegment errno, int socket, byte[] message) throws Throwable {
        var address = Libc.address(arena, path);
        var bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
        long sent = (long) Functions.SENDTO.invokeExact(
                errno, socket, bytes, (long) message.length, Libc.MSG_NOSIGNAL, address, (int) address.byteSize());
        if (sent != message.length) {
            throw failed("sendto", errno);
        }
    }

    private IOException failed(String function, MemorySegment errno) {
        return new IOException(function + " to " + path + " failed with errno " + Libc.errno(errno));
    }

    /** Looked up when the first message is sent: most processes never send one. */
    private static final class Functions {
        private static final MethodHandle SOCKET =
                Libc.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        private static final MethodHandle SENDTO = Libc.function(
                "sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
        private static final MethodHandle CLOSE = Libc.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }
}
