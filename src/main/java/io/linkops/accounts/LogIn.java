package io.linkops.accounts;

import io.linkops.accounts.Accounts.Login;
import io.linkops.accounts.Accounts.Session;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Checks passwords, one attempt per user name at a time, so that guesses made in parallel meet the lock that the ones
 * before them made. Names nobody has are treated the same in every way but one: they never get in.
 */
final class LogIn {
    /** Where attempts to change a password come from: counted apart, so that they lock nobody out of logging in. */
    static final String INSIDE = "(session)";

    private static final int LONGEST_ADDRESS = 64;

    private final AttemptStore attempts;
    private final AccountStore accounts;
    private final PasswordHashing hashing;
    private final LockoutPolicy policy;
    private final AddressThrottle throttle;
    private final SessionTokens tokens;
    private final Randomness randomness;
    private final InstantSource clock;
    private final Turns turns = new Turns();

    LogIn(
            AttemptStore attempts,
            AccountStore accounts,
            PasswordHashing hashing,
            LockoutPolicy policy,
            AddressThrottle throttle,
            SessionTokens tokens,
            Randomness randomness,
            InstantSource clock) {
        this.attempts = attempts;
        this.accounts = accounts;
        this.hashing = hashing;
        this.policy = policy;
        this.throttle = throttle;
        this.tokens = tokens;
        this.randomness = randomness;
        this.clock = clock;
    }

    Future<Session> logIn(Login login) {
        var address = login.remoteAddress();
        var ip = address.substring(0, Math.min(address.length(), LONGEST_ADDRESS));
        var username = UserName.meant(login.username());
        return inTurn(
                        username,
                        now -> attempts.lane(username, ip, now)
                                .map(lane -> new Attempt(username, ip, lane))
                                .compose(attempt -> throttled(attempt, login.password(), now)))
                .map(this::session);
    }

    private Future<Account> throttled(Attempt attempt, String password, Instant now) {
        Supplier<Future<Account>> act = () -> check(attempt, password, now, "The user name or the password is wrong");
        return attempt.lane().isEmpty() ? throttle.pass(Network.of(attempt.ip()), now, act) : act.get();
    }

    /** The account, if this is its password. */
    Future<Account> confirm(String typedName, String password) {
        var username = UserName.meant(typedName);
        var attempt = new Attempt(username, INSIDE, INSIDE);
        return inTurn(username, now -> check(attempt, password, now, "The current password is wrong"));
    }

    private Future<Account> inTurn(String username, Function<Instant, Future<Account>> act) {
        return turns.take(username, () -> act.apply(clock.instant()));
    }

    private Future<Account> check(Attempt attempt, String password, Instant now, String refusal) {
        return attempts.failures(attempt, policy.earliest(now), policy.latest(now), policy.maxFailedAttempts())
                .map(failures -> policy.lockedUntil(failures, now))
                .compose(lockedUntil -> lockedUntil
                        .map(end -> refuseWhileLocked(attempt, now, end))
                        .orElseGet(() -> compare(attempt, password, now, refusal)));
    }

    private Future<Account> refuseWhileLocked(Attempt attempt, Instant now, Instant end) {
        return attempts.write(AttemptStore.whileLocked(randomness.id(), attempt, now))
                .compose(written -> Future.failedFuture(new Failure(
                        ErrorCode.ACCOUNT_LOCKED,
                        "Too many failed log-ins: this account is locked until " + end + "; try again then",
                        Map.of("unlock_at", end.toString()))));
    }

    private Future<Account> compare(Attempt attempt, String password, Instant now, String refusal) {
        return accounts.find(attempt.username())
                .compose(account -> hashing.matches(account.orElse(null), password)
                        .compose(isRight -> isRight
                                ? welcome(attempt, account.orElseThrow(), now)
                                : turnAway(attempt, now, refusal)));
    }

    private Future<Account> welcome(Attempt attempt, Account account, Instant now) {
        return attempts.write(
                        AttemptStore.success(randomness.id(), attempt, now),
                        AttemptStore.forgive(attempt),
                        AccountStore.seen(account.username(), now))
                .map(written -> account.seenAt(now));
    }

    private Future<Account> turnAway(Attempt attempt, Instant now, String refusal) {
        return attempts.write(AttemptStore.failure(randomness.id(), attempt, now))
                .compose(written -> Future.failedFuture(new Failure(ErrorCode.INVALID_CREDENTIALS, refusal)));
    }

    private Session session(Account account) {
        return tokens.session(account, randomness.id());
    }
}
