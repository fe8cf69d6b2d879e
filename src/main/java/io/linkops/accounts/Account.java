package io.linkops.accounts;

import io.linkops.accounts.Accounts.Role;
import io.linkops.accounts.Accounts.User;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user as the store knows him.
 *
 * @param generation drawn anew whenever every token issued before must stop being valid; JWTs carry it
 */
record Account(
        String username,
        String passwordHash,
        Role role,
        boolean isDisabled,
        long generation,
        Instant createdAt,
        @Nullable Instant lastLoginAt) {

    /** In place of a hash: no password leads in, another log-in does. */
    static final String NO_PASSWORD = "!";

    User user() {
        return new User(username, role, isDisabled, createdAt, lastLoginAt);
    }

    /** Whether an OpenID provider vouches for this user, who has no password here. */
    boolean isFromProvider() {
        return passwordHash.equals(NO_PASSWORD);
    }

    /** One that can get in whatever becomes of the OpenID provider. */
    boolean isEnabledAdmin() {
        return role == Role.ADMIN && !isDisabled && !isFromProvider();
    }

    Account with(Role newRole, boolean newlyDisabled, String newHash, long newGeneration) {
        return new Account(username, newHash, newRole, newlyDisabled, newGeneration, createdAt, lastLoginAt);
    }

    Account seenAt(Instant now) {
        return new Account(username, passwordHash, role, isDisabled, generation, createdAt, now);
    }

    @Override
    public String toString() {
        return "Account[" + username + ", " + role + "]";
    }
}
