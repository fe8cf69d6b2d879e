package io.linkops.accounts;

/**
 * What one password hash costs whoever computes it.
 *
 * @param memoryKib memory of one hash in KiB
 * @param iterations passes over it
 * @param lanes degree of parallelism
 */
record Argon2Cost(int memoryKib, int iterations, int lanes) {
    /** OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, two iterations, one lane. */
    static final Argon2Cost PRODUCTION = new Argon2Cost(19 * 1024, 2, 1);
}
