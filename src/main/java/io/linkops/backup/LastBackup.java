package io.linkops.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** When the last backup of a database was made: a line in a file beside it, for doctor to read. Blocking. */
public final class LastBackup {
    private static final Logger LOG = LoggerFactory.getLogger(LastBackup.class);

    private LastBackup() {}

    private static Path file(Path database) {
        return database.resolveSibling(database.getFileName() + ".last-backup");
    }

    /** The backup is made whether this can be written or not. */
    public static void note(Path database, Instant at) {
        try {
            Files.writeString(file(database), at + "\n");
        } catch (IOException e) {
            LOG.warn("{} could not be written; doctor will not know of this backup", file(database), e);
        }
    }

    /** None if there was none that we know of. */
    public static Optional<Instant> of(Path database) {
        try {
            return Optional.of(Instant.parse(Files.readString(file(database)).strip()));
        } catch (IOException | DateTimeException none) {
            return Optional.empty();
        }
    }
}
