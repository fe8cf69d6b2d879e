package io.linkops.accounts;

import java.security.SecureRandom;
import java.util.Base64;

/** Ids, tokens and passwords that nobody can guess. */
final class Randomness {
    private static final int TOKEN_BYTES = 32;
    private static final int ID_BYTES = 12;

    /** JSON numbers are exact up to 53 bits. */
    private static final int GENERATION_SHIFT = 11;

    private final SecureRandom random;

    Randomness(SecureRandom random) {
        this.random = random;
    }

    /** 256 bits as 43 characters of base64url. */
    String token() {
        return text(TOKEN_BYTES);
    }

    /** 96 bits as 16 characters of base64url. */
    String id() {
        return text(ID_BYTES);
    }

    /** At least 144 bits and at least {@code length} characters. */
    String password(int length) {
        return text(Math.max(18, length));
    }

    long generation() {
        return random.nextLong() >>> GENERATION_SHIFT;
    }

    byte[] bytes(int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private String text(int count) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(count));
    }
}
