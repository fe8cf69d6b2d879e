package io.linkops.audit;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
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
import java.util.HexFormat;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The key of the chain: a file beside the database, never in it, made at the first start. Blocking. */
final class AuditKey {
    static final String FILE = "audit.key";
    private static final int BYTES = 32;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private AuditKey() {}

    /** Makes it unless it is there. Only for a chain that has no row yet: another key would not prove the old ones. */
    static void make(Path directory, RandomGenerator random) throws IOException {
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        var draft = Files.createTempFile(directory, FILE, ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap((HexFormat.of().formatHex(key) + "\n").getBytes(StandardCharsets.UTF_8)));
                channel.force(true);
            }
            Files.createLink(directory.resolve(FILE), draft);
        } catch (FileAlreadyExistsException e) {
            // Somebody else was first: that key is the one.
        } finally {
            Files.delete(draft);
        }
    }

    static boolean isThere(Path directory) {
        return Files.exists(directory.resolve(FILE), LinkOption.NOFOLLOW_LINKS);
    }

    /** @throws Failure that says what to do, when the key is not there or can't be trusted */
    static Secret read(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw refused("The key of the audit, " + file + ", is not there or no file; restore it from the backup");
        }
        var modes = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        if (!OWNER_ONLY.containsAll(modes)) {
            throw refused(file + " has mode " + PosixFilePermissions.toString(modes)
                    + ", so others may forge the audit; run: chmod 600 " + file);
        }
        var text = Files.readString(file, StandardCharsets.UTF_8).strip();
        if (!text.matches("[0-9a-f]{" + 2 * BYTES + "}")) {
            throw refused(file + " does not hold " + 2 * BYTES + " hexadecimal digits; restore it from the backup");
        }
        return new Secret(text);
    }

    private static Failure refused(String sentence) {
        return new Failure(ErrorCode.UNAVAILABLE, sentence);
    }
}
