package io.linkops.ssh;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;

/**
 * A host's public key as people compare it.
 *
 * @param type {@code ssh-ed25519}, {@code ssh-rsa}, {@code ecdsa-sha2-…}
 * @param fingerprint {@code SHA256:} and base64 without padding, as ssh-keygen -l prints it
 */
record HostKey(String type, String fingerprint) {
    static HostKey of(PublicKey key) {
        byte[] blob = new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
        return new HostKey(KeyType.fromKey(key).toString(), fingerprint(blob));
    }

    static String fingerprint(byte[] blob) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a pinned fingerprint means this key; padding and white space around it do not matter. */
    boolean isPinnedAs(String pinned) {
        return pinned.strip().replaceAll("=+$", "").equals(fingerprint);
    }

    @Override
    public String toString() {
        return fingerprint + " (" + type + ")";
    }
}
