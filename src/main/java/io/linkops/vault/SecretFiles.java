package io.linkops.vault;

import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Secrets for scripts, by name: a file in the secrets directory, else the environment variable
 * {@code LINKOPS_SECRET_NAME}, else the vault. A name with {@code file:}, {@code env:} or {@code vault:} in front is
 * looked for there alone; it never leads out of the directory or to other variables, for those who run scripts may not
 * read all that LinkOps may. A file is checked every time it is read: a regular file, readable and writable by nobody
 * but the user LinkOps runs as.
 */
public final class SecretFiles {
    /** So that a secret can be kept out of what a script prints without blackening ordinary words. */
    public static final int SHORTEST = Masking.SHORTEST;

    private static final String PREFIX = "LINKOPS_SECRET_";

    private final Path directory;
    private final Map<String, String> environment;

    /** @param environment of this process */
    public SecretFiles(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = Map.copyOf(environment);
    }

    /** As {@link #read(String, SecretSource)} without a vault. */
    public Secret read(String reference) throws SecretFileException {
        return read(reference, _ -> Optional.empty());
    }

    /**
     * The secret's value, without the line end that editors put at the end of a file.
     *
     * @param vault asked last, with the bare name
     */
    public Secret read(String reference, SecretSource vault) throws SecretFileException {
        int colon = reference.indexOf(':');
        var kind = colon < 0 ? "" : reference.substring(0, colon + 1);
        var name = reference.substring(colon + 1);
        return switch (kind) {
            case "" -> checked(name, anywhere(name, vault));
            case "file:" -> checked(name, present(file(inDirectory(name)), name, inFile(inDirectory(name))));
            case "env:" -> checked(name, present(variable(name), name, variableOf(name)));
            case "vault:" -> checked(name, present(vault.find(required(name)), name, inVault(name)));
            default -> throw notAName();
        };
    }

    private Secret anywhere(String name, SecretSource vault) throws SecretFileException {
        var found = file(name).or(() -> variable(name));
        return present(
                found.isPresent() ? found : vault.find(name),
                name,
                inFile(name) + ", into " + variableOf(name) + " or into " + inVault(name));
    }

    private static Secret present(Optional<Secret> found, String name, String where) throws SecretFileException {
        if (found.isEmpty()) {
            throw new SecretFileException("There is no secret " + name + ": put it into " + where);
        }
        return found.get();
    }

    private String inFile(String name) {
        return directory.resolve(name) + " (mode 600, owned by the user LinkOps runs as)";
    }

    private static String inVault(String name) {
        return "the vault (linkops secrets put " + name + ")";
    }

    private Optional<Secret> file(String name) throws SecretFileException {
        try {
            return Optional.of(PrivateFile.read(directory.resolve(required(name))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** A path is taken if it names a file of the directory. */
    private String inDirectory(String nameOrPath) throws SecretFileException {
        var start = directory + "/";
        var name = nameOrPath.startsWith(start) ? nameOrPath.substring(start.length()) : nameOrPath;
        if (name.contains("/")) {
            throw new SecretFileException("Secrets for scripts are read from " + directory + " alone");
        }
        return name;
    }

    private Optional<Secret> variable(String name) {
        return Optional.ofNullable(environment.get(variableOf(name)))
                .map(PrivateFile::withoutLineEnd)
                .map(Secret::new);
    }

    private static String variableOf(String name) {
        return PREFIX
                + (name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name)
                        .toUpperCase(Locale.ROOT)
                        .replaceAll("[.-]", "_");
    }

    private static String required(String name) throws SecretFileException {
        if (!SecretReference.NAME.matcher(name).matches()) {
            throw notAName();
        }
        return name;
    }

    private static SecretFileException notAName() {
        return new SecretFileException("This is not the name of a secret: letters, digits, dot, dash, underscore");
    }

    private static Secret checked(String name, Secret secret) throws SecretFileException {
        var value = secret.reveal();
        if (value.length() < SHORTEST || value.indexOf('\0') >= 0) {
            throw new SecretFileException(
                    "The secret " + name + " must have at least " + SHORTEST + " characters, and no NUL");
        }
        return secret;
    }
}
