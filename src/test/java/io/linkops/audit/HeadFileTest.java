package io.linkops.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.audit.Audit.Anchor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The anchor beside the database. */
class HeadFileTest {
    private static final Anchor ANCHOR = new Anchor(7, "ab".repeat(32));

    @TempDir
    Path directory;

    @Test
    void itIsReadAsItWasWritten() throws Exception {
        HeadFile.write(directory, ANCHOR);
        assertThat(HeadFile.read(directory)).contains(ANCHOR);
    }

    /** It is written every few seconds, also while the disk is full. */
    @Test
    void whatCannotBeWrittenLeavesNothing() throws Exception {
        Files.createDirectories(directory.resolve(HeadFile.FILE).resolve("in the way"));
        assertThatThrownBy(() -> HeadFile.write(directory, ANCHOR)).isInstanceOf(IOException.class);
        try (var all = Files.list(directory)) {
            assertThat(all).containsExactly(directory.resolve(HeadFile.FILE));
        }
    }
}
