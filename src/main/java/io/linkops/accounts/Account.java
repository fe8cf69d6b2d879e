package io.linkops.accounts;

import io.linkops.accounts.Accounts.Role;
import io.linkops.accounts.Accounts.Scope;
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
        @Nullable Instant lastLoginAt,
        Scope scope) {

    /** In place of a hash: no password leads in, another log-in does. */
    static final String NO_PASSWORD = "!";

    User user() {
        return new User(username, role, isDisabled, createdAt, lastLoginAt, scope, isFromProvider(), null);
    }

    /** Whether an OpenID provider vouches for this user, who has no password here. */
    boolean isFromProvider() {
        return passwordHash.equals(NO_PASSWORD);
    }

    /**
     * One that can get in whatever becomes of the OpenID provider, and put right whatever is wrong: without a scope.
     */
    boolean isEnabledAdmin() {
        return role == Role.ADMIN && !isDisabled && !isFromProvider() && scope.isAll();
    }

    Account with(Role newRole, boolean newlyDisabled, String newHash, Scope newScope, long newGeneration) {
        return new Account(username, newHash, newRole, newlyDisabled, newGeneration, createdAt, lastLoginAt, newScope);
    }

    Account seenAt(Instant now) {
        return new Account(username, passwordHash, role, isDisabled, generation, createdAt, now, scope);
    }

    @Override
    public String toString() {
        return "Account[" + username + ", " + role + "]";
    }
}
