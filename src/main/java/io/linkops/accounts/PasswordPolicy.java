package io.linkops.accounts;

import java.util.Locale;
import java.util.Optional;

/**
 * Which passwords are accepted: long enough, short enough, not the user's name. No rules of composition (NIST SP
 * 800-63B, 3.1.1.2).
 *
 * @param minLength in characters as a person counts them (code points)
 */
record PasswordPolicy(int minLength) {

    /** What is wrong with a password, or nothing. */
    Optional<String> problem(String username, String password) {
        var bytes = PasswordHash.utf8(password);
        if (password.codePointCount(0, password.length()) < minLength) {
            return Optional.of("must have at least " + minLength + " characters");
        }
        if (bytes.length == 0) {
            return Optional.of("must be valid Unicode text");
        }
        if (bytes.length > PasswordHash.MAX_BYTES) {
            return Optional.of("must have at most " + PasswordHash.MAX_BYTES + " bytes");
        }
        if (password.strip().toLowerCase(Locale.ROOT).equals(username)) {
            return Optional.of("must not be the user name");
        }
        return Optional.empty();
    }
}
