package io.linkops.vault;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The private keys in the keys directory; each is checked every time it is read (P29). */
public final class KeyFiles {
    private final Path directory;

    public KeyFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * The private key's text.
     *
     * @param name file name in the directory; null for the only key there
     * @throws KeyFileException unless it is a regular file in the directory, mode 600, owned by the user LinkOps runs
     *     as
     */
    public Secret read(@Nullable String name) throws KeyFileException {
        throw new UnsupportedOperationException(directory + "/" + name);
    }
}
