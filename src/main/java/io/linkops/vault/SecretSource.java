package io.linkops.vault;

import java.util.Optional;

/** A place that may have a secret of this name. Blocking. */
@FunctionalInterface
public interface SecretSource {
    /** @throws SecretFileException that says what to do, without the secret, if it cannot be asked */
    Optional<Secret> find(String name) throws SecretFileException;
}
