package io.linkops.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PasswordHashTest {
    private static final byte[] SALT = "somesalt".getBytes(StandardCharsets.US_ASCII);

    /** From the test vectors of the reference implementation: argon2id, t=2, m=2^16, p=1. */
    @Test
    void agreesWithTheReferenceImplementation() {
        assertThat(PasswordHash.of("password", new Argon2Cost(65536, 2, 1), SALT))
                .isEqualTo("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
    }

    @Test
    void costsWhatOwaspAsksForUnlessTold() {
        assertThat(Argon2Cost.PRODUCTION).isEqualTo(new Argon2Cost(19456, 2, 1));
        var hash = PasswordHash.of("a good password", Argon2Cost.PRODUCTION, SALT);
        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(PasswordHash.matches(hash, "a good password")).isTrue();
        assertThat(PasswordHash.matches(hash, "a good passwore")).isFalse();
    }

    @Test
    void isMatchedByNoImpossiblePassword() {
        var hash = PasswordHash.of("?", AccountsWorld.CHEAP, SALT);

        assertThat(PasswordHash.matches(hash, "\uD800")).isFalse();
        assertThat(PasswordHash.matches(hash, "")).isFalse();
        var longest = PasswordHash.of("x".repeat(1024), AccountsWorld.CHEAP, SALT);
        assertThat(PasswordHash.matches(longest, "x".repeat(1024))).isTrue();
        assertThat(PasswordHash.matches(longest, "x".repeat(1025))).isFalse();
    }

    @Test
    void acceptsLongPasswordsOfAnyComposition() {
        var policy = new PasswordPolicy(12);

        assertThat(policy.problem("ada", "aaaaaaaaaaaa")).isEmpty();
        assertThat(policy.problem("ada", "пароль пароль")).isEmpty();
        assertThat(policy.problem("ada", "x".repeat(1024))).isEmpty();
        assertThat(policy.problem("ada", "x".repeat(1025))).isEqualTo(Optional.of("must have at most 1024 bytes"));
        assertThat(policy.problem("ada", "x".repeat(11))).isEqualTo(Optional.of("must have at least 12 characters"));
        assertThat(policy.problem("ada", "😀".repeat(11))).isPresent();
        assertThat(policy.problem("ada.lovelace", " Ada.Lovelace")).isEqualTo(Optional.of("must not be the user name"));
        assertThat(policy.problem("ada", "valid text but\uD800")).isEqualTo(Optional.of("must be valid Unicode text"));
    }
}
