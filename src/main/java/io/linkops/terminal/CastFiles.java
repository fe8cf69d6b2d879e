package io.linkops.terminal;

import io.linkops.bus.Bytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/** The recordings' files, blocking: {@code ID.cast} in one directory, readable by LinkOps only. */
final class CastFiles {
    private static final Pattern ID = Pattern.compile("[0-9a-z-]{8,64}");
    private static final int PART = 64 * 1024;

    private final Path directory;
    private final long limit;
    private final InstantSource clock;
    private final Executor writer;

    CastFiles(Path directory, long limit, InstantSource clock, Executor writer) {
        this.directory = directory;
        this.limit = limit;
        this.clock = clock;
        this.writer = writer;
    }

    CastRecording begin(String id, String title, int cols, int rows) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var file = FileChannel.open(
                path(id),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        var lines = new CastLines(clock.instant());
        try {
            return new CastRecording(id, file, lines, lines.header(cols, rows, title), limit, clock, writer);
        } catch (IOException e) {
            file.close();
            delete(id);
            throw e;
        }
    }

    /** A part of at most 64 KiB. */
    Bytes read(String id, long from, long until) throws IOException {
        try (var file = FileChannel.open(path(id), StandardOpenOption.READ)) {
            int length = Math.clamp(Math.min(until, file.size()) - from, 0, PART);
            var buffer = ByteBuffer.allocate(length);
            int read = 0;
            while (buffer.hasRemaining() && read >= 0) {
                read = file.read(buffer, from + buffer.position());
            }
            return Bytes.of(buffer.array(), 0, buffer.position());
        }
    }

    void delete(String id) throws IOException {
        Files.deleteIfExists(path(id));
    }

    /** After a crash: cuts off a line that was not written to its end. @return the size then; 0 if there is none */
    long repair(String id) throws IOException {
        try (var file = new RandomAccessFile(path(id).toFile(), "rw")) {
            long size = file.length();
            while (size > 0 && !endsLine(file, size)) {
                size--;
            }
            file.setLength(size);
            return size;
        } catch (NoSuchFileException | java.io.FileNotFoundException e) {
            return 0;
        }
    }

    private static boolean endsLine(RandomAccessFile file, long size) throws IOException {
        file.seek(size - 1);
        return file.read() == '\n';
    }

    private Path path(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("not the id of a recording");
        }
        return directory.resolve(id + ".cast");
    }
}
