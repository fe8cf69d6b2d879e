package io.linkops.vault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file with one secret: a regular file that nobody but the user LinkOps runs as may read or write. */
public final class PrivateFile {
    static final long MAX_BYTES = 16 * 1024;

    private static final int FOREIGN_BITS = 07177;

    private PrivateFile() {}

    /**
     * The text without the line end that editors put at the end.
     *
     * @throws SecretFileException naming the file and what to do; NoSuchFileException if there is none
     */
    static Secret read(Path file) throws SecretFileException, NoSuchFileException {
        return read(file, PrivateFile::require);
    }

    /** As {@link #read(Path)}, and as {@link #requireForService} allows. */
    public static Secret readForService(Path file) throws SecretFileException, NoSuchFileException {
        return read(file, PrivateFile::requireForService);
    }

    private interface Check {
        void require(Path file) throws IOException, SecretFileException;
    }

    private static Secret read(Path file, Check check) throws SecretFileException, NoSuchFileException {
        try {
            check.require(file);
            return new Secret(withoutLineEnd(Files.readString(file, StandardCharsets.UTF_8)));
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            // The exception may quote what was read.
            throw new SecretFileException("The secret " + file + " cannot be read ("
                    + e.getClass().getSimpleName() + "): it must be UTF-8 text, and LinkOps must be able to read it");
        }
    }

    static void require(Path file) throws IOException, SecretFileException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new SecretFileException("The secret " + file + " is not a regular file; put the secret itself there");
        }
        if (attribute(file, "uid") != ownUid()) {
            throw new SecretFileException("The secret " + file + " belongs to another user than LinkOps runs as");
        }
        if ((attribute(file, "mode") & FOREIGN_BITS) != 0) {
            throw new SecretFileException("The secret " + file + " can be read by others. Mend it: chmod 600 " + file);
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new SecretFileException("The secret " + file + " is larger than " + MAX_BYTES + " bytes");
        }
    }

    /**
     * As {@link #read} wants it, or owned by root and readable by a group that root chose: how configuration is
     * installed for a service.
     */
    public static void requireForService(Path file) throws IOException, SecretFileException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && attribute(file, "uid") == 0
                && (attribute(file, "mode") & ~0640 & 07777) == 0) {
            return;
        }
        require(file);
    }

    static String withoutLineEnd(String text) {
        return text.endsWith("\r\n")
                ? text.substring(0, text.length() - 2)
                : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    static int ownUid() throws IOException {
        return attribute(Path.of("/proc/self").toRealPath(), "uid");
    }

    static int attribute(Path file, String name) throws IOException {
        var value = Files.getAttribute(file, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
        if (value instanceof Integer number) {
            return number;
        }
        throw new IOException("no attribute " + name);
    }
}
