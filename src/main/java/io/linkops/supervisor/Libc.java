package io.linkops.supervisor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/** Linux's own sockets: the JDK has stream sockets in the file system, and systemd listens on a datagram socket. */
final class Libc {
    static final int AF_UNIX = 1;
    static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    static final int MSG_NOSIGNAL = 0x4000;
    private static final int LONGEST_PATH = 108;

    private Libc() {}

    /** A function of the C library whose first parameter receives {@code errno}. */
    @SuppressWarnings("restricted") // allowed by the launcher and the manifest
    static MethodHandle function(String name, FunctionDescriptor shape) {
        var linker = Linker.nativeLinker();
        var address = linker.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsupportedOperationException("no " + name + " here"));
        return linker.downcallHandle(address, shape, Linker.Option.captureCallState("errno"));
    }

    /** Where {@code errno} is put. */
    static MemorySegment errno(Arena arena) {
        return arena.allocate(Linker.Option.captureStateLayout());
    }

    static int errno(MemorySegment state) {
        var at = Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));
        return state.get(ValueLayout.JAVA_INT, at);
    }

    /** A {@code sockaddr_un}; a leading {@code @} stands for a name that is in no file system. */
    static MemorySegment address(Arena arena, String path) {
        var bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= LONGEST_PATH) {
            throw new IllegalArgumentException("longer than a socket's name may be: " + path);
        }
        boolean isAbstract = path.startsWith("@");
        if (isAbstract) {
            bytes[0] = 0;
        }
        var address = arena.allocate(2L + bytes.length + (isAbstract ? 0 : 1), 2);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, 2, bytes.length);
        return address;
    }
}
