package io.linkops.vault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where master keys come from: the configuration, else {@code master.key} beside the database (mode 600), made when it
 * is first needed. While the key is rotated there is a {@code master.key.next} beside it; whoever starts then finds
 * both and goes on. Blocking; the owner of the database is the only one who writes here.
 */
public final class MasterKeyFile {
    public static final String NAME = "master.key";

    private final Path file;
    private final Path next;
    private final @Nullable Secret configured;
    private final @Nullable Secret previous;

    /**
     * @param directory the database's
     * @param configured {@code security.master_key}: the file is then only looked at for what was sealed before
     * @param previous {@code security.previous_master_key}
     */
    public MasterKeyFile(Path directory, @Nullable Secret configured, @Nullable Secret previous) {
        this.file = directory.resolve(NAME);
        this.next = directory.resolve(NAME + ".next");
        this.configured = configured;
        this.previous = previous;
    }

    /** Whether the current key is the configuration's, so that only a change of the configuration rotates it. */
    public boolean isConfigured() {
        return configured != null;
    }

    /**
     * @param mayMake whether nothing is sealed yet: otherwise a missing key is an error and not made anew
     * @throws SealException that says what to do
     */
    public Keyring load(boolean mayMake) throws IOException {
        List<MasterKey> keys = new ArrayList<>();
        if (configured != null) {
            keys.add(MasterKey.of(configured, "security.master_key"));
        }
        if (exists(next)) {
            keys.add(read(next));
        }
        if (exists(file)) {
            keys.add(read(file));
        }
        if (previous != null && !(keys.isEmpty() && mayMake)) {
            keys.add(MasterKey.of(previous, "security.previous_master_key"));
        }
        if (keys.isEmpty()) {
            keys.add(first(mayMake));
        } else if (configured == null && !exists(file) && !exists(next)) {
            // Back from the configuration to a file.
            keys.addFirst(make(file));
        }
        return new Keyring(keys.getFirst(), keys.subList(1, keys.size()));
    }

    private MasterKey first(boolean mayMake) throws IOException {
        if (!mayMake) {
            throw new SealException("The master key " + file + " is missing, and what the database keeps is sealed with"
                    + " it; put it back from its backup (mode 600, owned by the user LinkOps runs as)");
        }
        return make(file);
    }

    /** A new key beside the old one: everything is to be wrapped with it, then {@link #finish}. */
    public Keyring begin() throws IOException {
        if (isConfigured()) {
            throw new SealException("The master key comes from security.master_key: put the new one there and the old"
                    + " one into security.previous_master_key, then restart LinkOps");
        }
        if (!exists(next)) {
            make(next);
        }
        return load(false);
    }

    /** The new key is the key; the old one is gone. Nothing if no new one is there. */
    public void finish() throws IOException {
        if (exists(next) && !isConfigured()) {
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(file.toAbsolutePath().getParent());
        }
    }

    /** Whole or not there: written under another name first. */
    private static MasterKey make(Path place) throws IOException {
        var key = MasterKey.make();
        var draft = place.resolveSibling(NAME + ".draft");
        Files.deleteIfExists(draft);
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel =
                FileChannel.open(draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
            var text = ByteBuffer.wrap((key.text().reveal() + "\n").getBytes(StandardCharsets.US_ASCII));
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
        Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
        sync(place.toAbsolutePath().getParent());
        return key;
    }

    /** A name is only safe from a power cut once its directory is on disk. */
    private static void sync(@Nullable Path directory) throws IOException {
        if (directory != null) {
            try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static MasterKey read(Path path) throws IOException {
        try {
            return MasterKey.of(PrivateFile.read(path), path.toString());
        } catch (SecretFileException e) {
            throw new SealException(e.text());
        }
    }
}
