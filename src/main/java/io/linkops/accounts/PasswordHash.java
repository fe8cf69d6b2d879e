package io.linkops.accounts;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id (RFC 9106) in PHC string format. Blocking: tens of milliseconds of CPU. */
final class PasswordHash {
    /** More than any person types; what is longer is never right. */
    static final int MAX_BYTES = 1024;

    static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{43})");

    private PasswordHash() {}

    static String of(String password, Argon2Cost cost, byte[] salt) {
        var bytes = utf8(password);
        if (bytes.length == 0 || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("PasswordPolicy lets no such password through");
        }
        return phc(cost, salt, argon2(bytes, cost, salt));
    }

    /** A hash that no password has, and that costs as much to compare with as a real one. */
    static String ofNobody(Argon2Cost cost, byte[] salt) {
        return phc(cost, salt, new byte[HASH_BYTES]);
    }

    /** Whether this is the password. Takes the same time whatever the answer, also for impossible passwords. */
    static boolean matches(String phc, String password) {
        var parts = PHC.matcher(phc);
        if (!parts.matches()) {
            throw new IllegalStateException("a stored password hash is not Argon2id in PHC format");
        }
        var cost = new Argon2Cost(
                Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)), Integer.parseInt(parts.group(3)));
        var bytes = utf8(password);
        var isPossible = bytes.length > 0 && bytes.length <= MAX_BYTES;
        var decoder = Base64.getDecoder();
        var computed =
                argon2(Arrays.copyOf(bytes, Math.min(bytes.length, MAX_BYTES)), cost, decoder.decode(parts.group(4)));
        return MessageDigest.isEqual(decoder.decode(parts.group(5)), computed) && isPossible;
    }

    /** The bytes of a text, or none when it has an unpaired surrogate and so no bytes of its own. */
    static byte[] utf8(String text) {
        try {
            ByteBuffer buffer = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            var bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            return new byte[0];
        }
    }

    private static byte[] argon2(byte[] password, Argon2Cost cost, byte[] salt) {
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.iterations())
                .withParallelism(cost.lanes())
                .withSalt(salt)
                .build());
        var hash = new byte[HASH_BYTES];
        generator.generateBytes(password, hash);
        return hash;
    }

    private static String phc(Argon2Cost cost, byte[] salt, byte[] hash) {
        var encoder = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
                .formatted(
                        cost.memoryKib(),
                        cost.iterations(),
                        cost.lanes(),
                        encoder.encodeToString(salt),
                        encoder.encodeToString(hash));
    }
}
