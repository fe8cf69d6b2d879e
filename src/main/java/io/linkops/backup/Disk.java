package io.linkops.backup;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Files and directories for the eyes of their owner only, and what makes them durable. */
final class Disk {
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private Disk() {}

    /** A new, empty file; fails if something is there already. */
    static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE_FILE);
    }

    static void createDirectories(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, PRIVATE_DIRECTORY);
        }
    }

    /** A name in a directory survives a power cut only after this. */
    static void sync(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static boolean isThere(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    static boolean isEmptyDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (var inside = Files.list(path)) {
            return inside.findAny().isEmpty();
        }
    }

    /** With all that is below it; nothing if it is not there. */
    static void delete(Path path) throws IOException {
        if (isThere(path)) {
            try (var all = Files.walk(path)) {
                for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /** Regular files below it, links left out, in order. */
    static List<Path> filesBelow(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var all = Files.walk(directory)) {
            return all.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
    }

    static Failure failure(String act, Path path, IOException cause) {
        var text = String.valueOf(cause.getMessage());
        return text.contains("No space left") || text.contains("Disk quota exceeded")
                ? new Failure(
                        ErrorCode.STORAGE_FULL, act + " " + path + " failed: its disk is full; make room and try again")
                : new Failure(
                        ErrorCode.STORAGE_UNAVAILABLE,
                        act + " " + path + " failed (" + cause + "); look whether " + System.getProperty("user.name")
                                + " may write there");
    }
}
