package io.linkops.accounts;

import io.linkops.vault.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The key that signs JWTs: the configured one, or one made at the first start and kept in a file. Blocking. */
final class SigningKey {
    static final String FILE = "jwt.secret";

    private static final int MIN_BYTES = 32;

    /** A repeated word or a row of one character is long and still guessable. */
    private static final int MIN_DIFFERENT_BYTES = 8;

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private SigningKey() {}

    /** @throws IllegalStateException that says what to do, when the key can't be trusted */
    static Secret load(@Nullable Secret configured, Path directory, Randomness randomness) throws IOException {
        if (configured != null) {
            return strong(configured, "api.jwt_secret");
        }
        var file = directory.resolve(FILE);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            create(file, randomness.token());
        }
        refuseUnlessPrivate(file);
        return strong(new Secret(Files.readString(file, StandardCharsets.UTF_8).strip()), file.toString());
    }

    /** Written under another name first: the file is there whole or not at all, and never overwrites another's. */
    private static void create(Path file, String key) throws IOException {
        var draft = Files.createTempFile(
                file.toAbsolutePath().getParent(), FILE, ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap((key + "\n").getBytes(StandardCharsets.UTF_8)));
                channel.force(true);
            }
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            // Somebody else was first: that key is the one.
        } finally {
            Files.delete(draft);
        }
    }

    private static void refuseUnlessPrivate(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalStateException(file + " is not a regular file; remove it, and LinkOps makes a new one");
        }
        var modes = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        var own = Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        if (!own.containsAll(modes)) {
            throw new IllegalStateException(file + " has mode " + PosixFilePermissions.toString(modes)
                    + ", so others may know the key that signs tokens; delete it (all users log in again), or run:"
                    + " chmod 600 " + file);
        }
    }

    private static Secret strong(Secret key, String where) {
        var bytes = key.reveal().getBytes(StandardCharsets.UTF_8);
        if (bytes.length < MIN_BYTES) {
            throw new IllegalStateException(where + " is too short: it has " + bytes.length + " bytes, and at least "
                    + MIN_BYTES + " are needed; make one with: openssl rand -base64 48");
        }
        var different = key.reveal().chars().distinct().count();
        if (different < MIN_DIFFERENT_BYTES) {
            throw new IllegalStateException(where + " is too easy to guess: it has only " + different
                    + " different characters; make one with: openssl rand -base64 48");
        }
        return key;
    }
}
