package io.linkops.supervisor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/** What systemd is to a unit of Type=notify: a datagram socket that waits for messages. */
public final class NotifyReceiver implements AutoCloseable {
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final long PATIENCE_SECONDS = 30;
    private static final long LONGEST = 4096;
    private static final MethodHandle SOCKET =
            Libc.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            Libc.function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SETSOCKOPT = Libc.function(
            "setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECV =
            Libc.function("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle CLOSE = Libc.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final Arena arena = Arena.ofShared();
    private final MemorySegment errno = Libc.errno(arena);
    private final int socket;

    /** @param path in the file system, or with a leading {@code @} in none */
    public NotifyReceiver(String path) throws Throwable {
        socket = (int) SOCKET.invokeExact(errno, Libc.AF_UNIX, Libc.SOCK_DGRAM_CLOEXEC, 0);
        var address = Libc.address(arena, path);
        check((int) BIND.invokeExact(errno, socket, address, (int) address.byteSize()));
        var patience = arena.allocateFrom(ValueLayout.JAVA_LONG, PATIENCE_SECONDS, 0);
        check((int)
                SETSOCKOPT.invokeExact(errno, socket, SOL_SOCKET, SO_RCVTIMEO, patience, (int) patience.byteSize()));
    }

    /** The next message; fails if there is none for long. */
    public String next() throws Throwable {
        var bytes = arena.allocate(LONGEST);
        long received = (long) RECV.invokeExact(errno, socket, bytes, LONGEST, 0);
        check(received);
        return new String(bytes.asSlice(0, received).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private void check(long result) {
        if (result < 0) {
            throw new IllegalStateException("errno " + Libc.errno(errno));
        }
    }

    @Override
    public void close() {
        try {
            int _ = (int) CLOSE.invokeExact(errno, socket);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        arena.close();
    }
}
