package io.linkops.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Keeps every LinkOps away from a database file, for a restore. */
public final class DatabaseHold implements Closeable {
    private final FileChannel lockFile;

    private DatabaseHold(FileChannel lockFile) {
        this.lockFile = lockFile;
    }

    /** Fails with STORAGE_UNAVAILABLE if a LinkOps uses it. */
    public static DatabaseHold of(Path database) {
        return new DatabaseHold(DatabaseFile.lock(database.toAbsolutePath()));
    }

    /** What a restore that is under way, or was cut off, has beside a database file: with it, no LinkOps starts. */
    public static Path draft(Path database) {
        return database.resolveSibling(database.getFileName() + ".restoring");
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
