package io.linkops.vault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The private keys in the keys directory; each is checked every time it is read (P29). */
public final class KeyFiles {
    private static final int MODE_BITS = 07777;
    private static final int REQUIRED_MODE = 0600;
    private static final long MAX_BYTES = 64 * 1024;

    private final Path directory;
    private final int ownUid;

    public KeyFiles(Path directory) {
        this(directory, uidOfThisProcess());
    }

    KeyFiles(Path directory, int ownUid) {
        this.directory = directory;
        this.ownUid = ownUid;
    }

    /**
     * The private key's text.
     *
     * @param name file name in the directory; null for the only key there
     * @throws KeyFileException unless it is a regular file in the directory, mode 600, owned by the user LinkOps runs
     *     as
     */
    public Secret read(@Nullable String name) throws KeyFileException {
        Path file = realFile(name == null ? onlyKey() : name);
        try {
            requirePrivate(file);
            return new Secret(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new KeyFileException("The key file " + file + " cannot be read (" + e + "). Check the disk and that"
                    + " the user LinkOps runs as may read it.");
        }
    }

    private Path realFile(String name) throws KeyFileException {
        if (name.isEmpty() || name.startsWith(".") || name.contains("/") || name.contains("\\") || hasControl(name)) {
            throw new KeyFileException("'" + printable(name) + "' is not the name of a key: give the name of a file in "
                    + directory + ", without a path and without a leading dot.");
        }
        Path file = directory.resolve(name);
        Path real;
        try {
            real = file.toRealPath();
            if (!real.startsWith(directory.toRealPath())) {
                throw new KeyFileException("The key file " + file + " is a link to " + real + ", outside of the keys"
                        + " directory. Put the key itself there: cp --remove-destination " + real + " " + file
                        + " && chmod 600 " + file);
            }
        } catch (NoSuchFileException e) {
            throw new KeyFileException("The key file " + file + " does not exist. Put the private key there (mode 600,"
                    + " owned by the user LinkOps runs as), or correct ssh.keyRef in links.yaml.");
        } catch (IOException e) {
            throw new KeyFileException("The key file " + file + " cannot be reached (" + e + "). Check that the user"
                    + " LinkOps runs as may enter " + directory + ".");
        }
        if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
            throw new KeyFileException(
                    "The key " + file + " is not a regular file. Put the private key itself there: ls -ld " + file);
        }
        return real;
    }

    private void requirePrivate(Path file) throws IOException, KeyFileException {
        Map<String, Object> attributes = Files.readAttributes(file, "unix:mode,uid,size", LinkOption.NOFOLLOW_LINKS);
        int mode = (Integer) required(attributes, "mode") & MODE_BITS;
        int uid = (Integer) required(attributes, "uid");
        if (uid != ownUid) {
            throw new KeyFileException("The key file " + file + " is owned by uid " + uid + ", not by the user LinkOps"
                    + " runs as (uid " + ownUid + "). As root: chown " + ownUid + " " + file);
        }
        if (mode != REQUIRED_MODE) {
            throw new KeyFileException(
                    "The key file " + file + " has mode " + octal(mode) + ", not 600. Mend it: chmod 600 " + file);
        }
        if ((Long) required(attributes, "size") > MAX_BYTES) {
            throw new KeyFileException("The file " + file + " is larger than " + MAX_BYTES
                    + " bytes: that is no private key. Look: ls -l " + file);
        }
    }

    private String onlyKey() throws KeyFileException {
        List<String> names;
        try (var files = Files.list(directory)) {
            names = files.filter(file -> Files.isRegularFile(file))
                    .map(file -> file.getFileName().toString())
                    .filter(file -> !file.startsWith(".") && !file.endsWith(".pub"))
                    .sorted()
                    .limit(20)
                    .toList();
        } catch (IOException e) {
            throw new KeyFileException("The keys directory " + directory + " cannot be listed (" + e
                    + "). Create it, or" + " set ssh.keys_directory.");
        }
        if (names.size() != 1) {
            throw new KeyFileException("No key is named, and the keys directory " + directory + " does not hold exactly"
                    + " one, but " + names + ". Set ssh.keyRef for the link, or ssh.default_key.");
        }
        return names.getFirst();
    }

    private static Object required(Map<String, Object> attributes, String name) throws IOException {
        Object value = attributes.get(name);
        if (value == null) {
            throw new IOException("no attribute " + name);
        }
        return value;
    }

    private static boolean hasControl(String name) {
        return name.chars().anyMatch(Character::isISOControl);
    }

    private static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }

    private static String octal(int mode) {
        String text = Integer.toOctalString(mode);
        return "0".repeat(Math.max(0, 3 - text.length())) + text;
    }

    private static int uidOfThisProcess() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new IllegalStateException(
                    "/proc/self does not tell which user LinkOps runs as: is /proc mounted?", e);
        }
    }
}
