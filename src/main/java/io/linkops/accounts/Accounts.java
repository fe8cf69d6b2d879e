package io.linkops.accounts;

import io.linkops.bus.Contract;
import io.linkops.bus.Event;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the keeper of users and tokens can be asked. It owns users, tokens, log-in attempts and tickets. */
@Contract
public interface Accounts {

    /** What a user may do; each role includes the ones before it. */
    enum Role {
        /** Reads. */
        VIEWER,
        /** Runs operations. */
        OPERATOR,
        /** Everything. */
        ADMIN;

        /** Whether this role is enough where {@code needed} is asked for. */
        public boolean includes(Role needed) {
            return compareTo(needed) >= 0;
        }
    }

    /**
     * Where somebody may act, and with what: it narrows the role and never widens it (decision 15). Links and scripts
     * outside of it do not exist for whoever has it.
     *
     * @param targets selectors of links as for operations ({@code tag:web}, {@code vm-*}, {@code type:VM}, an id, each
     *     negated with {@code !}); empty for every link
     * @param scripts names of scripts and globs, each negated with {@code !}; empty for every script
     */
    record Scope(List<String> targets, List<String> scripts) {
        /** Narrows nothing. */
        public static final Scope ALL = new Scope(List.of(), List.of());

        public Scope {
            targets = List.copyOf(targets);
            scripts = List.copyOf(scripts);
        }

        /** Whether it narrows nothing. */
        public boolean isAll() {
            return targets.isEmpty() && scripts.isEmpty();
        }
    }

    /**
     * A user as admins see him.
     *
     * @param isFromProvider whether an OpenID provider vouches for him; then he has no password here
     * @param lockedUntil when the lock of too many failed log-ins ends; null if there is none, or it was not asked
     */
    record User(
            String username,
            Role role,
            boolean isDisabled,
            Instant createdAt,
            @Nullable Instant lastLoginAt,
            Scope scope,
            boolean isFromProvider,
            @Nullable Instant lockedUntil)
            implements Reply {
        /** Without a scope. */
        public User(String username, Role role, boolean isDisabled, Instant createdAt, @Nullable Instant lastLoginAt) {
            this(username, role, isDisabled, createdAt, lastLoginAt, Scope.ALL, false, null);
        }

        User lockedUntil(@Nullable Instant end) {
            return new User(username, role, isDisabled, createdAt, lastLoginAt, scope, isFromProvider, end);
        }
    }

    record Users(List<User> users) implements Reply {
        public Users {
            users = List.copyOf(users);
        }
    }

    /**
     * Somebody whose word was checked.
     *
     * @param tokenId the JWT's jti, or the API token's id
     * @param expiresAt when the token ends; null for API tokens without an end
     * @param scopes the owner's and the token's, those that narrow anything; all of them must admit
     * @param generation the account's when the word was checked: another one now, and the word is not good any more
     */
    record Principal(
            String username,
            Role role,
            String tokenId,
            boolean isApiToken,
            @Nullable Instant expiresAt,
            List<Scope> scopes,
            long generation)
            implements Reply {
        public Principal {
            scopes = List.copyOf(scopes);
        }

        /** Without a scope. */
        public Principal(String username, Role role, String tokenId, boolean isApiToken, @Nullable Instant expiresAt) {
            this(username, role, tokenId, isApiToken, expiresAt, List.of(), 0);
        }

        /** Whether anything is narrower than the role. */
        public boolean isScoped() {
            return !scopes.isEmpty();
        }
    }

    /**
     * Asks again for somebody who was let in a while ago, however he was: TOKEN_INVALID or TOKEN_EXPIRED once logged
     * out, disabled, revoked, or after a change of password, role or scope.
     */
    record Recheck(Principal principal) implements Request<Principal> {}

    /**
     * Checks name and password; INVALID_CREDENTIALS or ACCOUNT_LOCKED (details: unlock_at) otherwise, RATE_LIMITED
     * (details: retry_after_seconds) where too many log-ins from this address have failed.
     */
    record Login(String username, String password, String remoteAddress) implements Request<Session> {
        @Override
        public String toString() {
            return "Login[" + username + ", ***, " + remoteAddress + "]";
        }
    }

    /** Who somebody is at an OpenID provider: its address, and its own name for him, which never changes. */
    record Identity(String issuer, String subject) {}

    /**
     * Lets in whom an OpenID provider vouched for, and makes or changes the user first. Refused with
     * {@code details.reason}: {@code name_unusable}, {@code name_taken} (another user has the name), {@code no_role},
     * {@code disabled}, {@code too_many_users}.
     *
     * @param username for the first time; the user keeps it
     * @param role of this log-in and after; null for none: what the user had before ends then
     */
    record LogInByProvider(
            Identity identity, String username, @Nullable Role role, String remoteAddress)
            implements Request<Session> {}

    /** A signed token that ends exactly the configured time after it was issued. */
    record Session(String token, User user, Instant issuedAt, Instant expiresAt) implements Reply {
        @Override
        public String toString() {
            return "Session[***, " + user + ", " + expiresAt + "]";
        }
    }

    /** Checks a bearer token, JWT or API token; TOKEN_INVALID or TOKEN_EXPIRED otherwise. */
    record Authenticate(String token) implements Request<Principal> {
        @Override
        public String toString() {
            return "Authenticate[***]";
        }
    }

    /** Revokes this JWT until it would have ended by itself. */
    record Logout(Principal principal) implements Request<Done> {}

    record Done() implements Reply {}

    /** Needs the current password; every token issued before stops being valid. */
    record ChangePassword(String username, String currentPassword, String newPassword) implements Request<Done> {
        @Override
        public String toString() {
            return "ChangePassword[" + username + ", ***, ***]";
        }
    }

    record FindUsers() implements Request<Users> {}

    record CreateUser(String username, String password, Role role, Scope scope) implements Request<User> {
        /** Without a scope. */
        public CreateUser(String username, String password, Role role) {
            this(username, password, role, Scope.ALL);
        }

        @Override
        public String toString() {
            return "CreateUser[" + username + ", ***, " + role + "]";
        }
    }

    /** Changes what is not null; the last enabled admin can't be demoted, disabled or given a scope (CONFLICT). */
    record UpdateUser(
            String username,
            @Nullable Role role,
            @Nullable Boolean isDisabled,
            @Nullable String password,
            @Nullable Scope scope)
            implements Request<User> {
        /** Leaves the scope as it is. */
        public UpdateUser(
                String username, @Nullable Role role, @Nullable Boolean isDisabled, @Nullable String password) {
            this(username, role, isDisabled, password, null);
        }

        @Override
        public String toString() {
            return "UpdateUser[" + username + ", " + role + ", " + isDisabled + ", ***]";
        }
    }

    record DeleteUser(String username) implements Request<Done> {}

    /** Ends every session of a user, wherever it is; API tokens go on. NOT_FOUND if there is no such user. */
    record SignOut(String username) implements Request<User> {}

    /** Forgives a user's failed log-ins, so that a lock ends now; NOT_FOUND if there is no such user. */
    record UnlockUser(String username) implements Request<User> {}

    /** @param secret shown once, when it is made; null ever after */
    record ApiToken(
            String id,
            String name,
            String username,
            Role role,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsedAt,
            @Nullable String secret,
            Scope scope)
            implements Reply {
        /** Without a scope of its own. */
        public ApiToken(
                String id,
                String name,
                String username,
                Role role,
                Instant createdAt,
                @Nullable Instant expiresAt,
                @Nullable Instant lastUsedAt,
                @Nullable String secret) {
            this(id, name, username, role, createdAt, expiresAt, lastUsedAt, secret, Scope.ALL);
        }

        @Override
        public String toString() {
            return "ApiToken[" + id + ", " + name + ", " + username + ", " + role + "]";
        }
    }

    record ApiTokens(List<ApiToken> tokens) implements Reply {
        public ApiTokens {
            tokens = List.copyOf(tokens);
        }
    }

    /** The tokens of one user, or of all when {@code username} is null. */
    record FindApiTokens(@Nullable String username) implements Request<ApiTokens> {}

    /** A token for a machine; its role can't exceed the owner's, its scope narrows the owner's further. */
    record CreateApiToken(
            String username,
            String name,
            Role role,
            @Nullable Instant expiresAt,
            Scope scope) implements Request<ApiToken> {
        /** Without a scope of its own. */
        public CreateApiToken(String username, String name, Role role, @Nullable Instant expiresAt) {
            this(username, name, role, expiresAt, Scope.ALL);
        }
    }

    /** Revokes; a user's own, or anybody's when {@code username} is null. NOT_FOUND otherwise. */
    record DeleteApiToken(@Nullable String username, String id) implements Request<Done> {}

    /** A ticket for a stream that a browser opens without headers: one use, 30 s, bound to user and resource. */
    record IssueTicket(Principal principal, String resource) implements Request<Ticket> {}

    record Ticket(String ticket, Instant expiresAt) implements Reply {
        @Override
        public String toString() {
            return "Ticket[***, " + expiresAt + "]";
        }
    }

    /**
     * What this user, or a token of theirs, may do has changed or ended: who holds something open for them asks again
     * with {@link Recheck}.
     */
    record StandingChanged(String username) implements Event {}

    /** Uses a ticket up; TOKEN_INVALID when unknown, used, too old or for something else. */
    record RedeemTicket(String ticket, String resource) implements Request<Principal> {
        @Override
        public String toString() {
            return "RedeemTicket[***, " + resource + "]";
        }
    }
}
