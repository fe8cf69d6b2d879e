package io.linkops.doctor;

import io.linkops.backup.LastBackup;
import io.linkops.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What doctor knows besides the configuration's values.
 *
 * @param configuration the file they come from; null if there is none
 * @param user who runs doctor, which should be who LinkOps runs as
 * @param lastBackup none if no backup was made that is known of
 * @param freeBytes on the disk of the recordings
 */
public record Circumstances(
        @Nullable Path configuration, String user, Instant now, Optional<Instant> lastBackup, long freeBytes) {

    /** As they are now, for this process. Blocking. */
    public static Circumstances look(Settings settings, @Nullable Path configuration) throws IOException {
        var recordings = settings.terminal().recordingsDirectory().toAbsolutePath();
        while (recordings.getParent() != null && !Files.exists(recordings)) {
            recordings = recordings.getParent();
        }
        return new Circumstances(
                configuration,
                System.getProperty("user.name", ""),
                InstantSource.system().instant(),
                LastBackup.of(settings.database().path()),
                Files.getFileStore(recordings).getUsableSpace());
    }
}
