package io.linkops.terminal;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;

/** Ids of workspaces and attachments that nobody can guess, and of shells, which sort by time besides. */
final class Ids {
    private static final int BYTES = 24;

    private final InstantSource clock;
    private final SecureRandom random;

    Ids(InstantSource clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** 192 random bits as 32 characters of base64url. */
    String unguessable() {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** 48 bits of milliseconds, then 80 random bits, in hexadecimal. */
    String shell() {
        return "%012x-%04x%016x".formatted(clock.millis(), random.nextInt(1 << 16), random.nextLong());
    }
}
