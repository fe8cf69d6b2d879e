package io.linkops.vault;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Seals what one room keeps in the database (AES-256-GCM). The place, such as {@code secret/NAME}, is authenticated
 * with the value: what is sealed for one row does not open in another. Where the key itself is kept: decision 17.
 */
public final class DataKey {
    private static final String PREFIX = "sealed:1:";

    private final String purpose;
    private final byte[] key;

    DataKey(String purpose, byte[] key) {
        this.purpose = purpose;
        this.key = key.clone();
    }

    /** A new one. */
    public static DataKey make(String purpose) {
        return new DataKey(purpose, Gcm.random(Gcm.KEY_BYTES));
    }

    String purpose() {
        return purpose;
    }

    byte[] bytes() {
        return key.clone();
    }

    /** Whether the text was made by {@link #seal}, with whatever key. */
    public static boolean isSealed(String text) {
        return text.startsWith(PREFIX);
    }

    /** The value as it may be kept. */
    public String seal(String place, Secret value) {
        return PREFIX
                + Base64.getEncoder()
                        .encodeToString(
                                Gcm.seal(key, about(place), value.reveal().getBytes(StandardCharsets.UTF_8)));
    }

    /** @throws SealException unless it was sealed with this key for this place */
    public Secret open(String place, String sealed) {
        try {
            byte[] box = Base64.getDecoder().decode(isSealed(sealed) ? sealed.substring(PREFIX.length()) : "");
            return new Secret(new String(
                    Gcm.open(key, about(place), box).orElseThrow(() -> closed(place)), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw closed(place);
        }
    }

    private String about(String place) {
        return "linkops:data:" + purpose + ":" + place;
    }

    private static SealException closed(String place) {
        return new SealException("What is sealed as " + place + " does not open: it was changed, or stands in the wrong"
                + " place; restore a backup, or set it anew");
    }
}
