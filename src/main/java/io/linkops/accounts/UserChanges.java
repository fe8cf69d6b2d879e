package io.linkops.accounts;

import io.linkops.accounts.Accounts.ChangePassword;
import io.linkops.accounts.Accounts.CreateUser;
import io.linkops.accounts.Accounts.DeleteUser;
import io.linkops.accounts.Accounts.Done;
import io.linkops.accounts.Accounts.Role;
import io.linkops.accounts.Accounts.SignOut;
import io.linkops.accounts.Accounts.UnlockUser;
import io.linkops.accounts.Accounts.UpdateUser;
import io.linkops.accounts.Accounts.User;
import io.linkops.accounts.Accounts.Users;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.vault.Secret;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes, changes and deletes users. All changes take turns, each decides on what the one before left: so there is an
 * enabled admin at any time, however many requests come at once.
 */
final class UserChanges {
    static final String FIRST_ADMIN = "admin";
    static final int MAX_USERS = 1000;

    private static final String TURN = "users";

    private final AccountStore accounts;
    private final PasswordHashing hashing;
    private final PasswordPolicy passwords;
    private final Randomness randomness;
    private final InstantSource clock;
    private final Locks locks;
    private final Turns turns = new Turns();

    UserChanges(
            AccountStore accounts,
            PasswordHashing hashing,
            PasswordPolicy passwords,
            Randomness randomness,
            InstantSource clock,
            Locks locks) {
        this.accounts = accounts;
        this.hashing = hashing;
        this.passwords = passwords;
        this.randomness = randomness;
        this.clock = clock;
        this.locks = locks;
    }

    /** Makes the first admin if there is no user at all; the password, if it was made up here. */
    Future<Optional<Secret>> first(@Nullable Secret given) {
        return accounts.all().compose(users -> {
            if (!users.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
            }
            refuseWeak(given);
            var password = given == null ? randomness.password(passwords.minLength()) : given.reveal();
            return create(new CreateUser(FIRST_ADMIN, password, Role.ADMIN))
                    .map(user -> given == null ? Optional.of(new Secret(password)) : Optional.empty());
        });
    }

    Future<Users> all() {
        return locks.ends()
                .compose(ends -> accounts.all()
                        .map(all -> new Users(all.stream()
                                .map(Account::user)
                                .map(user -> user.lockedUntil(ends.get(user.username())))
                                .toList())));
    }

    Future<User> create(CreateUser request) {
        var username = request.username();
        var fields = new Fields()
                .require("username", UserName.isValid(username), UserName.RULE)
                .refuse("password", passwords.problem(username, request.password()));
        ScopeText.check(fields, request.scope()).check();
        return hashing.hash(request.password())
                .compose(hash -> inTurn(() -> accounts.all().compose(users -> {
                    refuseTooMany(users, username);
                    var account = new Account(
                            username,
                            hash,
                            request.role(),
                            false,
                            randomness.generation(),
                            clock.instant(),
                            null,
                            request.scope());
                    return accounts.write(AccountStore.insert(account)).map(written -> account.user());
                })));
    }

    Future<User> update(UpdateUser request) {
        if (request.scope() != null) {
            ScopeText.check(new Fields(), request.scope()).check();
        }
        var password = request.password();
        if (password == null) {
            return update(request, Optional.empty());
        }
        var username = request.username();
        new Fields().refuse("password", passwords.problem(username, password)).check();
        return hashing.hash(password).compose(hash -> update(request, Optional.of(hash)));
    }

    /** Also of one who is not locked: then nothing is left to forgive. */
    Future<User> unlock(UnlockUser request) {
        return inTurn(() -> accounts.all().compose(users -> {
            var account = named(users, request.username());
            return accounts.write(AttemptStore.forgiveAll(account.username())).map(written -> account.user());
        }));
    }

    /** What was issued before carries another generation, and is not good any more. */
    Future<User> signOut(SignOut request) {
        return inTurn(() -> accounts.all().compose(users -> {
            var account = named(users, request.username());
            var changed = account.with(
                    account.role(),
                    account.isDisabled(),
                    account.passwordHash(),
                    account.scope(),
                    randomness.generation());
            return accounts.write(AccountStore.update(changed)).map(written -> changed.user());
        }));
    }

    /** The caller has confirmed the current password. */
    Future<Done> changePassword(ChangePassword request, Account confirmed) {
        var change = new UpdateUser(confirmed.username(), null, null, request.newPassword());
        return update(change).map(user -> new Done());
    }

    void checkNew(ChangePassword request) {
        new Fields()
                .refuse("new_password", passwords.problem(request.username(), request.newPassword()))
                .check();
    }

    Future<Done> delete(DeleteUser request) {
        return inTurn(() -> accounts.all().compose(users -> {
            var account = named(users, request.username());
            refuseWithoutAdmin(users, account, false);
            return accounts.write(ApiTokenStore.deleteOf(account.username()), AccountStore.delete(account.username()))
                    .map(written -> new Done());
        }));
    }

    private Future<User> update(UpdateUser request, Optional<String> hash) {
        return inTurn(() -> accounts.all().compose(users -> {
            var account = named(users, request.username());
            refusePasswordOfProvider(account, hash);
            var changed = changed(account, request, hash);
            if (changed.equals(account)) {
                return Future.succeededFuture(account.user());
            }
            refuseWithoutAdmin(users, account, changed.isEnabledAdmin());
            return write(changed, hash.isPresent()).map(written -> changed.user());
        }));
    }

    /** Anything that changes ends the tokens issued before. */
    private Account changed(Account account, UpdateUser request, Optional<String> hash) {
        var role = request.role() == null ? account.role() : request.role();
        var isDisabled = request.isDisabled() == null ? account.isDisabled() : request.isDisabled();
        var scope = request.scope() == null ? account.scope() : request.scope();
        var isSame = role == account.role()
                && isDisabled == account.isDisabled()
                && scope.equals(account.scope())
                && hash.isEmpty();
        var generation = isSame ? account.generation() : randomness.generation();
        return account.with(role, isDisabled, hash.orElse(account.passwordHash()), scope, generation);
    }

    /** A new password also ends a lock: guesses at the old one say nothing about it. */
    private Future<Void> write(Account changed, boolean hasNewPassword) {
        var update = AccountStore.update(changed);
        return hasNewPassword
                ? accounts.write(update, AttemptStore.forgiveAll(changed.username()))
                : accounts.write(update);
    }

    private void refuseWeak(@Nullable Secret given) {
        if (given != null) {
            passwords.problem(FIRST_ADMIN, given.reveal()).ifPresent(problem -> {
                throw new IllegalStateException("The password given for the first admin " + problem
                        + "; give another in LINKOPS_ADMIN_PASSWORD, or none to have one made");
            });
        }
    }

    /** For all who change users. */
    <T> Future<T> inTurn(Supplier<Future<T>> change) {
        return turns.take(TURN, change);
    }

    private static void refusePasswordOfProvider(Account account, Optional<String> hash) {
        if (hash.isPresent() && account.isFromProvider()) {
            throw new Failure(
                    ErrorCode.CONFLICT,
                    account.username() + " logs in at the OpenID provider and has no password here; change it there",
                    Map.of("username", account.username()));
        }
    }

    private static void refuseTooMany(List<Account> users, String username) {
        if (users.stream().anyMatch(user -> user.username().equals(username))) {
            throw new Failure(
                    ErrorCode.CONFLICT,
                    "There is a user " + username + " already; choose another name",
                    Map.of("username", username));
        }
        if (users.size() >= MAX_USERS) {
            throw new Failure(
                    ErrorCode.CONFLICT,
                    "There are " + MAX_USERS + " users, and no more are possible; delete one first");
        }
    }

    private static void refuseWithoutAdmin(List<Account> users, Account account, boolean staysEnabledAdmin) {
        var others = users.stream().filter(Account::isEnabledAdmin).filter(user -> !user.equals(account));
        if (account.isEnabledAdmin() && !staysEnabledAdmin && others.findAny().isEmpty()) {
            throw new Failure(
                    ErrorCode.CONFLICT,
                    account.username()
                            + " is the last admin who can log in with a password; make or enable another first",
                    Map.of("username", account.username()));
        }
    }

    private static Account named(List<Account> users, String username) {
        return users.stream()
                .filter(user -> user.username().equals(username))
                .findFirst()
                .orElseThrow(() -> new Failure(ErrorCode.NOT_FOUND, "There is no user " + quoted(username)));
    }

    private static String quoted(String username) {
        return UserName.isValid(username) ? username : "of that name";
    }
}
