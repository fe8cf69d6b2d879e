package io.linkops.vault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Secrets by name: a file in the secrets directory, or the environment variable {@code LINKOPS_SECRET_NAME}. A file is
 * checked every time it is read: a regular file, readable and writable by nobody but the user LinkOps runs as.
 */
public final class SecretFiles {
    /** So that a secret can be kept out of what a script prints without blackening ordinary words. */
    public static final int SHORTEST = Masking.SHORTEST;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final int FOREIGN_BITS = 07177;
    private static final long MAX_BYTES = 16 * 1024;

    private final Path directory;
    private final Map<String, String> environment;

    /** @param environment of this process */
    public SecretFiles(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = Map.copyOf(environment);
    }

    /** The secret's value, without the line end that editors put at the end of a file. */
    public Secret read(String name) throws SecretFileException {
        if (!NAME.matcher(name).matches()) {
            throw new SecretFileException("This is not the name of a secret: letters, digits, dot, dash, underscore");
        }
        var file = directory.resolve(name);
        var variable = "LINKOPS_SECRET_" + name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
        try {
            requirePrivate(file, name);
            return checked(name, Files.readString(file, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            var value = environment.get(variable);
            if (value == null) {
                throw new SecretFileException("There is no secret " + name + ": put it into " + file
                        + " (mode 600, owned by the user LinkOps runs as) or into " + variable);
            }
            return checked(name, value);
        } catch (IOException e) {
            // The exception may quote what was read.
            throw new SecretFileException("The secret " + name + " cannot be read from " + file + " ("
                    + e.getClass().getSimpleName() + "): it must be UTF-8 text, and LinkOps must be able to read it");
        }
    }

    private static void requirePrivate(Path file, String name) throws IOException, SecretFileException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(name);
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

    private static int ownUid() throws IOException {
        return attribute(Path.of("/proc/self").toRealPath(), "uid");
    }

    private static int attribute(Path file, String name) throws IOException {
        var value = Files.getAttribute(file, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
        if (value instanceof Integer number) {
            return number;
        }
        throw new IOException("no attribute " + name);
    }

    private static Secret checked(String name, String text) throws SecretFileException {
        var value = text.endsWith("\r\n")
                ? text.substring(0, text.length() - 2)
                : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        if (value.length() < SHORTEST || value.indexOf('\0') >= 0) {
            throw new SecretFileException(
                    "The secret " + name + " must have at least " + SHORTEST + " characters, and no NUL");
        }
        return new Secret(value);
    }
}
