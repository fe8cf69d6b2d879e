package io.linkops.accounts;

import io.linkops.accounts.Accounts.Authenticate;
import io.linkops.accounts.Accounts.ChangePassword;
import io.linkops.accounts.Accounts.CreateApiToken;
import io.linkops.accounts.Accounts.CreateUser;
import io.linkops.accounts.Accounts.DeleteApiToken;
import io.linkops.accounts.Accounts.DeleteUser;
import io.linkops.accounts.Accounts.Done;
import io.linkops.accounts.Accounts.FindApiTokens;
import io.linkops.accounts.Accounts.FindUsers;
import io.linkops.accounts.Accounts.IssueTicket;
import io.linkops.accounts.Accounts.LogInByProvider;
import io.linkops.accounts.Accounts.Login;
import io.linkops.accounts.Accounts.Logout;
import io.linkops.accounts.Accounts.Recheck;
import io.linkops.accounts.Accounts.RedeemTicket;
import io.linkops.accounts.Accounts.SignOut;
import io.linkops.accounts.Accounts.StandingChanged;
import io.linkops.accounts.Accounts.UnlockUser;
import io.linkops.accounts.Accounts.UpdateUser;
import io.linkops.bus.Blocking;
import io.linkops.bus.Bus;
import io.linkops.config.ApiConfig;
import io.linkops.config.SecurityConfig;
import io.linkops.store.Database;
import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keeper of users and tokens: the only writer of their tables. One instance, on an event loop; password hashes are
 * computed on threads of their own.
 *
 * <p>At the first start, when there is no user, it makes {@code admin}.
 */
public final class AccountsVerticle extends VerticleBase {
    private static final Duration UPKEEP = Duration.ofHours(1);
    private static final Logger LOG = LoggerFactory.getLogger(AccountsVerticle.class);

    private final Database database;
    private final ApiConfig api;
    private final SecurityConfig security;
    private final Path directory;
    private final @Nullable Secret adminPassword;
    private final Consumer<Secret> onMadePassword;
    private final InstantSource clock;
    private final Randomness randomness;
    private final Argon2Cost cost;

    private @Nullable PasswordHashing hashing;

    /**
     * Takes what it works with.
     *
     * @param directory where the signing key is kept if the configuration has none: the database's
     * @param adminPassword for the first admin; null to have one made
     * @param onMadePassword hears the first admin's password, once in the life of a database, if it was made here; to
     *     show it to the person who starts LinkOps, never to a log
     */
    public AccountsVerticle(
            Database database,
            ApiConfig api,
            SecurityConfig security,
            Path directory,
            @Nullable Secret adminPassword,
            Consumer<Secret> onMadePassword,
            InstantSource clock,
            SecureRandom random) {
        this(database, api, security, directory, adminPassword, onMadePassword, clock, random, Argon2Cost.PRODUCTION);
    }

    AccountsVerticle(
            Database database,
            ApiConfig api,
            SecurityConfig security,
            Path directory,
            @Nullable Secret adminPassword,
            Consumer<Secret> onMadePassword,
            InstantSource clock,
            SecureRandom random,
            Argon2Cost cost) {
        this.database = database;
        this.api = api;
        this.security = security;
        this.directory = directory;
        this.adminPassword = adminPassword;
        this.onMadePassword = onMadePassword;
        this.clock = clock;
        this.randomness = new Randomness(random);
        this.cost = cost;
    }

    /** Fails, saying what to do, when the signing key or the first admin's password is not good enough. */
    @Override
    public Future<?> start() {
        return Blocking.on(vertx, () -> SigningKey.load(api.jwtSecret(), directory, randomness))
                .compose(this::open);
    }

    @Override
    public Future<?> stop() {
        return hashing == null ? Future.succeededFuture() : hashing.close();
    }

    private Future<Void> open(Secret signingKey) {
        var threads = new PasswordHashing(vertx, cost, randomness);
        hashing = threads;
        var accounts = new AccountStore(database);
        var attempts = new AttemptStore(database);
        var passwords = new PasswordPolicy(security.minPasswordLength());
        var lockout =
                new LockoutPolicy(security.maxFailedAttempts(), security.failureWindow(), security.lockoutDuration());
        var users =
                new UserChanges(accounts, threads, passwords, randomness, clock, new Locks(attempts, lockout, clock));
        var apiTokens = new MachineTokens(new ApiTokenStore(database), accounts, randomness, clock);
        var jwts = new SessionTokens(vertx, signingKey, api.jwtExpiration(), clock);
        var throttle = new AddressThrottle(attempts, security.maxFailedAttemptsPerAddress(), security.failureWindow());
        var logIn = new LogIn(attempts, accounts, threads, lockout, throttle, jwts, randomness, clock);
        var identities = new IdentityLogIn(
                new IdentityStore(database),
                accounts,
                users,
                jwts,
                randomness,
                clock,
                username -> Bus.of(vertx).publish(new StandingChanged(username)));
        var sessions = new Sessions(jwts, apiTokens, accounts, new Tickets(clock, randomness), clock);
        return upkeep(accounts, attempts)
                .compose(done -> users.first(adminPassword))
                .map(password -> {
                    answer(users, logIn);
                    Bus.of(vertx).answer(LogInByProvider.class, identities::logIn);
                    answer(sessions, apiTokens);
                    vertx.setPeriodic(UPKEEP.toMillis(), timer -> upkeepLater(accounts, attempts));
                    password.ifPresent(onMadePassword);
                    return null;
                });
    }

    private void answer(UserChanges users, LogIn logIn) {
        var bus = Bus.of(vertx);
        bus.answer(Login.class, logIn::logIn);
        bus.answer(ChangePassword.class, request -> told(request.username(), changePassword(request, users, logIn)));
        bus.answer(FindUsers.class, request -> users.all());
        bus.answer(CreateUser.class, users::create);
        bus.answer(UpdateUser.class, request -> told(request.username(), users.update(request)));
        bus.answer(DeleteUser.class, request -> told(request.username(), users.delete(request)));
        bus.answer(UnlockUser.class, users::unlock);
        bus.answer(SignOut.class, request -> told(request.username(), users.signOut(request)));
    }

    private void answer(Sessions sessions, MachineTokens apiTokens) {
        var bus = Bus.of(vertx);
        bus.answer(Authenticate.class, request -> sessions.authenticate(request.token()));
        bus.answer(Recheck.class, request -> sessions.recheck(request.principal()));
        bus.answer(Logout.class, request -> told(request.principal().username(), sessions.logOut(request.principal())));
        bus.answer(IssueTicket.class, sessions::issue);
        bus.answer(RedeemTicket.class, sessions::redeem);
        bus.answer(FindApiTokens.class, apiTokens::find);
        bus.answer(CreateApiToken.class, apiTokens::create);
        bus.answer(
                DeleteApiToken.class,
                request -> apiTokens
                        .delete(request)
                        .onSuccess(owner -> bus.publish(new StandingChanged(owner)))
                        .map(owner -> new Done()));
    }

    /** Stored first, then told. */
    private <R> Future<R> told(String username, Future<R> change) {
        return change.onSuccess(done -> Bus.of(vertx).publish(new StandingChanged(username)));
    }

    private static Future<Done> changePassword(ChangePassword request, UserChanges users, LogIn logIn) {
        users.checkNew(request);
        return logIn.confirm(request.username(), request.currentPassword())
                .compose(account -> users.changePassword(request, account));
    }

    /** Forgets what no decision needs any more. */
    private Future<Void> upkeep(AccountStore accounts, AttemptStore attempts) {
        var now = clock.instant();
        return accounts.write(AccountStore.forgetRevokedBefore(now))
                .compose(done -> attempts.write(
                        AttemptStore.forgetBefore(now.minus(AttemptStore.KEPT)),
                        AttemptStore.forgetBeyond(AttemptStore.MAX_KEPT)));
    }

    private void upkeepLater(AccountStore accounts, AttemptStore attempts) {
        upkeep(accounts, attempts)
                .onFailure(cause -> LOG.warn(
                        "Old log-in attempts could not be forgotten; the next try is in {}: {}",
                        UPKEEP,
                        cause.getMessage()));
    }
}
