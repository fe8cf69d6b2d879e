package io.linkops.vault;

import java.util.List;
import java.util.stream.Stream;

/**
 * The master keys there are.
 *
 * @param current what new wrappings are made with
 * @param others what may have been used before, or is about to be given up
 */
public record Keyring(MasterKey current, List<MasterKey> others) {
    public Keyring {
        others = List.copyOf(others);
    }

    /** The data key, wrapped with the current master key. */
    public String wrap(DataKey key) {
        return current.wrap(key);
    }

    /** @throws SealException if the master key it was wrapped with is not here, or it was changed */
    public DataKey unwrap(String purpose, String masterKeyId, String wrapped) {
        return Stream.concat(Stream.of(current), others.stream())
                .filter(key -> key.id().equals(masterKeyId))
                .findFirst()
                .orElseThrow(() -> new SealException("The database is sealed with the master key " + masterKeyId
                        + ", and what is here is " + current.id()
                        + "; put the master.key that belongs to this database back beside it (from its backup), or name"
                        + " it in security.previous_master_key"))
                .unwrap(purpose, wrapped);
    }
}
