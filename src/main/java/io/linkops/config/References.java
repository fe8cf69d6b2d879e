package io.linkops.config;

import io.linkops.vault.PrivateFile;
import io.linkops.vault.SealException;
import io.linkops.vault.Secret;
import io.linkops.vault.SecretFileException;
import io.linkops.vault.SecretReference;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds what {@code file:/path}, {@code env:NAME} and {@code vault:NAME} stand for where a secret is wanted. */
final class References {
    private final Map<String, String> environment;
    private final @Nullable Map<String, Secret> vault;
    private final Set<String> wanted = new TreeSet<>();

    /** @param vault what was found in it; null if nobody looked yet: then what is wanted of it is noted */
    References(Map<String, String> environment, @Nullable Map<String, Secret> vault) {
        this.environment = environment;
        this.vault = vault;
    }

    /** Nothing but files. */
    static References none() {
        return new References(Map.of(), Map.of());
    }

    /** Names that somebody must look up in the vault, before everything is read again. */
    Set<String> wanted() {
        return Set.copyOf(wanted);
    }

    /** What a text stands for. Exactly one of the two is there, or none: then nobody knows yet. */
    record Found(@Nullable Secret secret, @Nullable String problem) {}

    /** The problem follows the key's name and never holds the value. */
    Found resolve(ConfigKey key, String text) {
        try {
            var reference = SecretReference.of(text);
            return reference.isPresent() ? resolve(key, reference.get()) : new Found(new Secret(text), null);
        } catch (SealException e) {
            return new Found(null, e.getMessage() + ".");
        }
    }

    private Found resolve(ConfigKey key, SecretReference reference) {
        return switch (reference.kind()) {
            case FILE -> file(reference);
            case ENV -> {
                var value = environment.get(reference.name());
                yield value == null || value.isEmpty()
                        ? new Found(null, "refers to " + reference + ", and there is no such environment variable.")
                        : new Found(new Secret(value), null);
            }
            case VAULT -> vault(key, reference);
        };
    }

    private static Found file(SecretReference reference) {
        try {
            return new Found(PrivateFile.readForService(Path.of(reference.name())), null);
        } catch (NoSuchFileException e) {
            return new Found(null, "refers to " + reference + ", and there is no such file.");
        } catch (SecretFileException e) {
            return new Found(null, "refers to " + reference + ". " + e.text() + ".");
        }
    }

    private Found vault(ConfigKey key, SecretReference reference) {
        if (key.name().endsWith("master_key")) {
            return new Found(null, "cannot be in the vault, which it opens; use file:/PATH or env:NAME.");
        }
        if (vault == null) {
            wanted.add(reference.name());
            return new Found(null, null);
        }
        var found = vault.get(reference.name());
        return found == null
                ? new Found(
                        null,
                        "refers to " + reference + ", and the vault has no such secret; put it there: linkops secrets"
                                + " put " + reference.name())
                : new Found(found, null);
    }
}
