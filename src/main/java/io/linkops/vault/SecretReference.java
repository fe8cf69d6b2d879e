package io.linkops.vault;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a secret is, instead of the secret itself: {@code file:/path}, {@code env:NAME} or {@code vault:NAME}.
 *
 * @param name the path, the variable or the secret's name
 */
public record SecretReference(Kind kind, String name) {
    /** What the vault and the secrets directory call a secret. */
    public static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,199}");

    /** Where to look. */
    public enum Kind {
        /** A file that only LinkOps's user may read. */
        FILE("file:"),
        /** A variable of LinkOps's environment. */
        ENV("env:"),
        /** The database, encrypted. */
        VAULT("vault:");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        /** With which a reference of this kind begins. */
        public String prefix() {
            return prefix;
        }
    }

    /**
     * Empty if the text is no reference but a value.
     *
     * @throws SealException if it begins like one and is none
     */
    public static Optional<SecretReference> of(String text) {
        for (var kind : Kind.values()) {
            if (text.startsWith(kind.prefix)) {
                var name = text.substring(kind.prefix.length()).strip();
                if (!isName(kind, name)) {
                    throw new SealException("begins with " + kind.prefix
                            + " and is no reference; expected file:/PATH (absolute), env:NAME or vault:NAME");
                }
                return Optional.of(new SecretReference(kind, name));
            }
        }
        return Optional.empty();
    }

    private static boolean isName(Kind kind, String name) {
        return switch (kind) {
            case FILE -> isAbsolute(name);
            case ENV -> VARIABLE.matcher(name).matches();
            case VAULT -> NAME.matcher(name).matches();
        };
    }

    private static boolean isAbsolute(String path) {
        try {
            return Path.of(path).isAbsolute();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return kind.prefix + name;
    }
}
