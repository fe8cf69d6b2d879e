package io.linkops.accounts;

import io.linkops.bus.Contract;
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

    record User(
            String username,
            Role role,
            boolean isDisabled,
            Instant createdAt,
            @Nullable Instant lastLoginAt) implements Reply {}

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
     */
    record Principal(
            String username,
            Role role,
            String tokenId,
            boolean isApiToken,
            @Nullable Instant expiresAt) implements Reply {}

    /** Checks name and password; INVALID_CREDENTIALS or ACCOUNT_LOCKED (details: unlock_at) otherwise. */
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

    record CreateUser(String username, String password, Role role) implements Request<User> {
        @Override
        public String toString() {
            return "CreateUser[" + username + ", ***, " + role + "]";
        }
    }

    /** Changes what is not null; the last enabled admin can be neither demoted nor disabled (CONFLICT). */
    record UpdateUser(
            String username,
            @Nullable Role role,
            @Nullable Boolean isDisabled,
            @Nullable String password) implements Request<User> {
        @Override
        public String toString() {
            return "UpdateUser[" + username + ", " + role + ", " + isDisabled + ", ***]";
        }
    }

    record DeleteUser(String username) implements Request<Done> {}

    /** @param secret shown once, when it is made; null ever after */
    record ApiToken(
            String id,
            String name,
            String username,
            Role role,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsedAt,
            @Nullable String secret)
            implements Reply {
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

    /** A token for a machine; its role can't exceed the owner's. */
    record CreateApiToken(
            String username,
            String name,
            Role role,
            @Nullable Instant expiresAt) implements Request<ApiToken> {}

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

    /** Uses a ticket up; TOKEN_INVALID when unknown, used, too old or for something else. */
    record RedeemTicket(String ticket, String resource) implements Request<Principal> {
        @Override
        public String toString() {
            return "RedeemTicket[***, " + resource + "]";
        }
    }
}
