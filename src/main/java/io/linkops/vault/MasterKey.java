package io.linkops.vault;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** 32 bytes that wrap data keys, kept outside the database. Its id is derived from it and gives nothing away. */
public final class MasterKey {
    private final byte[] key;
    private final String id;

    private MasterKey(byte[] key) {
        this.key = key.clone();
        this.id = id(key);
    }

    static MasterKey make() {
        return new MasterKey(Gcm.random(Gcm.KEY_BYTES));
    }

    /**
     * @param base64 32 bytes
     * @param where for the message, such as a file or a key of the configuration
     */
    public static MasterKey of(Secret base64, String where) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64.reveal().strip());
            if (bytes.length == Gcm.KEY_BYTES) {
                return new MasterKey(bytes);
            }
        } catch (IllegalArgumentException e) {
            // The exception quotes a character of the key.
        }
        throw new SealException(
                where + " is not a master key: it must be 32 bytes in base64, as made by: openssl rand -base64 32");
    }

    /** As {@link #of} reads it. */
    Secret text() {
        return new Secret(Base64.getEncoder().encodeToString(key));
    }

    /** 16 hexadecimal digits. */
    public String id() {
        return id;
    }

    String wrap(DataKey dataKey) {
        return Base64.getEncoder().encodeToString(Gcm.seal(key, about(dataKey.purpose()), dataKey.bytes()));
    }

    DataKey unwrap(String purpose, String wrapped) {
        try {
            return Gcm.open(key, about(purpose), Base64.getDecoder().decode(wrapped))
                    .map(bytes -> new DataKey(purpose, bytes))
                    .orElseThrow(() -> damaged(purpose));
        } catch (IllegalArgumentException e) {
            throw damaged(purpose);
        }
    }

    private String about(String purpose) {
        return "linkops:master:" + id + ":" + purpose;
    }

    private static SealException damaged(String purpose) {
        return new SealException("The data key of " + purpose + " was changed in the database; restore a backup");
    }

    private static String id(byte[] key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update("linkops master key".getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(key), 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("The JDK has no SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "MasterKey[" + id + "]";
    }
}
