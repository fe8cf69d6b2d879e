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

    User user() {
        return new User(username, role, isDisabled, createdAt, lastLoginAt, scope);
    }

    /** One with a scope can't put anything right that is not in it. */
    boolean isEnabledAdmin() {
        return role == Role.ADMIN && !isDisabled && scope.isAll();
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
