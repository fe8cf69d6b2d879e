package io.linkops.accounts;

import io.linkops.accounts.Accounts.LogInByProvider;
import io.linkops.accounts.Accounts.Role;
import io.linkops.accounts.Accounts.Scope;
import io.linkops.accounts.Accounts.Session;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lets in whom an OpenID provider vouched for. A user is found by the provider's subject alone: a name leads nowhere,
 * so nobody takes over a user by being called the same (decision 16). Takes turns with all other changes of users.
 */
final class IdentityLogIn {
    private static final int LONGEST_ADDRESS = 64;

    private final IdentityStore identities;
    private final AccountStore accounts;
    private final UserChanges users;
    private final SessionTokens tokens;
    private final Randomness randomness;
    private final InstantSource clock;
    private final Consumer<String> onChange;

    /** @param onChange hears of users whose sessions ended, once that is stored */
    IdentityLogIn(
            IdentityStore identities,
            AccountStore accounts,
            UserChanges users,
            SessionTokens tokens,
            Randomness randomness,
            InstantSource clock,
            Consumer<String> onChange) {
        this.identities = identities;
        this.accounts = accounts;
        this.users = users;
        this.tokens = tokens;
        this.randomness = randomness;
        this.clock = clock;
        this.onChange = onChange;
    }

    Future<Session> logIn(LogInByProvider request) {
        return users.inTurn(() -> identities
                        .username(request.identity())
                        .compose(username -> accounts.all()
                                .compose(all -> username.map(known -> again(account(all, known), request))
                                        .orElseGet(() -> first(all, request)))))
                .map(account -> tokens.session(account, randomness.id()));
    }

    private Future<Account> first(List<Account> all, LogInByProvider request) {
        var username = request.username();
        refuseUnusable(username);
        refuseTaken(all, username);
        var role = request.role();
        if (role == null) {
            return Future.failedFuture(withoutRole(username));
        }
        var now = clock.instant();
        var made =
                new Account(username, Account.NO_PASSWORD, role, false, randomness.generation(), now, null, Scope.ALL);
        return write(
                made,
                request,
                AccountStore.insert(made),
                IdentityStore.insert(request.identity(), username, now),
                AccountStore.seen(username, now));
    }

    /** Roles are taken anew each time; one that changes ends the tokens issued before. */
    private Future<Account> again(Account account, LogInByProvider request) {
        if (account.isDisabled()) {
            return Future.failedFuture(refusal(
                    ErrorCode.FORBIDDEN, "disabled", account.username() + " is disabled; an admin can change that"));
        }
        var role = request.role();
        if (role == null) {
            return withdraw(account);
        }
        var seen = AccountStore.seen(account.username(), clock.instant());
        if (role == account.role()) {
            return write(account, request, seen);
        }
        var changed = account.with(role, false, account.passwordHash(), account.scope(), randomness.generation());
        return write(changed, request, AccountStore.update(changed), seen)
                .onSuccess(written -> onChange.accept(account.username()));
    }

    /** Whoever has no role at the provider any more keeps none of the sessions that one gave; API tokens just read. */
    private Future<Account> withdraw(Account account) {
        var changed =
                account.with(Role.VIEWER, false, account.passwordHash(), account.scope(), randomness.generation());
        return accounts.write(AccountStore.update(changed))
                .onSuccess(written -> onChange.accept(account.username()))
                .compose(written -> Future.failedFuture(withoutRole(account.username())));
    }

    private Future<Account> write(Account account, LogInByProvider request, Statement... changes) {
        var address = request.remoteAddress();
        var ip = address.substring(0, Math.min(address.length(), LONGEST_ADDRESS));
        var now = clock.instant();
        var attempt = AttemptStore.success(randomness.id(), new Attempt(account.username(), ip, ""), now);
        var statements = new Statement[changes.length + 1];
        System.arraycopy(changes, 0, statements, 0, changes.length);
        statements[changes.length] = attempt;
        return accounts.write(statements).map(written -> account.seenAt(now));
    }

    private static Account account(List<Account> all, String username) {
        return all.stream()
                .filter(user -> user.username().equals(username))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("an identity without its user: " + username));
    }

    private static void refuseUnusable(String username) {
        if (!UserName.isValid(username)) {
            throw refusal(
                    ErrorCode.VALIDATION_FAILED,
                    "name_unusable",
                    "The provider's name for this user can't be used: it " + UserName.RULE
                            + "; set oidc.username_claim or oidc.username_domain");
        }
    }

    private static void refuseTaken(List<Account> all, String username) {
        if (all.stream().anyMatch(user -> user.username().equals(username))) {
            throw refusal(
                    ErrorCode.CONFLICT,
                    "name_taken",
                    "There is another user " + username + " already, who stays as he is; delete him first, or rename"
                            + " one of the two");
        }
        if (all.size() >= UserChanges.MAX_USERS) {
            throw refusal(
                    ErrorCode.CONFLICT,
                    "too_many_users",
                    "There are " + UserChanges.MAX_USERS + " users, and no more are possible; delete one first");
        }
    }

    private static Failure withoutRole(String username) {
        return refusal(
                ErrorCode.FORBIDDEN,
                "no_role",
                "The provider gives " + username + " nothing that leads to a role here; give him one of the values of"
                        + " oidc.viewer_values, operator_values or admin_values there");
    }

    private static Failure refusal(ErrorCode code, String reason, String text) {
        return new Failure(code, text, Map.of("reason", reason));
    }
}
