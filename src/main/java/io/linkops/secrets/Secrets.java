package io.linkops.secrets;

import io.linkops.bus.Bytes;
import io.linkops.bus.Contract;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import java.time.Instant;
import java.util.List;

/**
 * What the keeper of the vault can be asked. Values cross the bus sealed for one reader alone (decision 17), and never
 * leave but for one.
 */
@Contract
public interface Secrets {

    /** All names, sorted. */
    record FindSecrets() implements Request<Listed> {}

    /**
     * @param masterKey the id of the key that wraps the rest
     * @param isConfigured whether that key is the configuration's
     */
    record Listed(List<Known> secrets, String masterKey, boolean isConfigured) implements Reply {
        public Listed {
            secrets = List.copyOf(secrets);
        }
    }

    /** A secret as people see it: everything but its value. */
    record Known(String name, Instant createdAt, String createdBy, Instant updatedAt, String updatedBy)
            implements Reply {}

    /** For whom to seal what is to be put. */
    record FindAddress() implements Request<Address> {}

    record Address(Bytes key) implements Reply {}

    /**
     * Keeps a value under a name, in place of the one before. VALIDATION_FAILED for names and values that are not
     * taken, CONFLICT if there are too many.
     *
     * @param value sealed for {@link Address}, about the name
     */
    record PutSecret(String name, Sealed value, String by) implements Request<Known> {}

    /** NOT_FOUND if there is none. */
    record DeleteSecret(String name, String by) implements Request<Deleted> {}

    record Deleted() implements Reply {}

    /**
     * The value, for one reader. NOT_FOUND if there is none.
     *
     * @param reader the public key of the reader
     * @param about what the parcel is bound to, besides the name
     */
    record LendSecret(String name, Bytes reader, String about) implements Request<Sealed> {}

    /** A {@code vault.Parcel}. */
    record Sealed(Bytes sender, Bytes box) implements Reply {}

    /** Makes a new master key, wraps everything with it and gives the old one up. CONFLICT if it is configured. */
    record RotateMaster(String by) implements Request<Rotated> {}

    /** @param keys how many data keys were wrapped anew */
    record Rotated(String masterKey, int keys) implements Reply {}
}
