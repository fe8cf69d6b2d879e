package io.linkops.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.accounts.Accounts.ChangePassword;
import io.linkops.accounts.Accounts.FindUsers;
import io.linkops.accounts.Accounts.Login;
import io.linkops.accounts.Accounts.Role;
import io.linkops.accounts.Accounts.UpdateUser;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogInTest {
    private static final String RIGHT = "correct horse battery";
    private static final String WRONG = "wrong horse battery";

    private final AccountsWorld world = new AccountsWorld();

    @BeforeEach
    void start() {
        world.start();
        world.user("ada", RIGHT, Role.OPERATOR);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void refusesTheRightPasswordWhileLockedAndSaysUntilWhen() {
        fail(5);

        var refusal = world.refusal(new Login("ada", RIGHT, AccountsWorld.ADDRESS));

        assertThat(refusal.code()).isEqualTo(ErrorCode.ACCOUNT_LOCKED);
        assertThat(refusal.details())
                .containsEntry(
                        "unlock_at", world.clock.instant().plusSeconds(300).toString());
    }

    @Test
    void locksExactlyAsLongAsConfiguredWhateverHappensMeanwhile() {
        fail(5);
        world.clock.advance(Duration.ofSeconds(299));
        for (int i = 0; i < 20; i++) {
            assertThat(world.refusedWith(new Login("ada", WRONG, AccountsWorld.ADDRESS)))
                    .isEqualTo(ErrorCode.ACCOUNT_LOCKED);
        }

        world.clock.advance(Duration.ofSeconds(1));

        assertThat(world.logIn("ada", RIGHT).user().username()).isEqualTo("ada");
    }

    @Test
    void startsCountingAnewAfterASuccess() {
        fail(4);
        world.logIn("ada", RIGHT);
        fail(4);

        assertThat(world.logIn("ada", RIGHT).user().username()).isEqualTo("ada");
    }

    @Test
    void checksNoMoreOfFiftyParallelGuessesThanMayFail() {
        assertThat(parallel(50, "ada")).containsExactlyInAnyOrderElementsOf(expected(50));
        assertThat(world.count("auth_attempts WHERE username = 'ada' AND is_counted = 1"))
                .isEqualTo(5);
        assertThat(world.count("auth_attempts WHERE username = 'ada'")).isEqualTo(50);
    }

    @Test
    void treatsANameNobodyHasLikeAnyOther() {
        assertThat(parallel(20, "nobody")).containsExactlyInAnyOrderElementsOf(expected(20));
    }

    @Test
    void countsAllSpellingsOfANameTogether() {
        for (var spelling : List.of("ADA", " ada ", "ａｄａ", "Ada", "ada")) {
            assertThat(world.refusedWith(new Login(spelling, WRONG, AccountsWorld.ADDRESS)))
                    .isEqualTo(ErrorCode.INVALID_CREDENTIALS);
        }

        assertThat(world.refusedWith(new Login("ada", RIGHT, AccountsWorld.ADDRESS)))
                .isEqualTo(ErrorCode.ACCOUNT_LOCKED);
    }

    @Test
    void letsStrangersNotLockAUserOutOfTheUsualPlace() {
        world.ask(new Login("ada", RIGHT, "192.0.2.7"));
        for (int i = 0; i < 30; i++) {
            world.refusal(new Login("ada", WRONG, "203.0.113." + i));
        }

        assertThat(world.refusedWith(new Login("ada", RIGHT, "203.0.113.200"))).isEqualTo(ErrorCode.ACCOUNT_LOCKED);
        assertThat(world.ask(new Login("ada", RIGHT, "192.0.2.7")).user().username())
                .isEqualTo("ada");
    }

    @Test
    void keepsALockOverARestart() {
        fail(5);

        world.restart();

        assertThat(world.refusedWith(new Login("ada", RIGHT, AccountsWorld.ADDRESS)))
                .isEqualTo(ErrorCode.ACCOUNT_LOCKED);
    }

    @Test
    void locksAlsoAfterTheClockWasAYearAheadForAWhile() {
        var now = world.clock.instant();
        world.clock.advance(Duration.ofDays(365));
        fail(5);
        world.clock.set(now);

        fail(5);

        assertThat(world.refusedWith(new Login("ada", RIGHT, AccountsWorld.ADDRESS)))
                .isEqualTo(ErrorCode.ACCOUNT_LOCKED);
    }

    @Test
    void refusesADisabledUserWithTheSameWords() {
        var wrong = world.refusal(new Login("ada", WRONG, AccountsWorld.ADDRESS));
        world.ask(new UpdateUser("ada", null, true, null));

        var disabled = world.refusal(new Login("ada", RIGHT, AccountsWorld.ADDRESS));

        assertThat(disabled.code()).isEqualTo(ErrorCode.INVALID_CREDENTIALS);
        assertThat(disabled.text()).isEqualTo(wrong.text());
    }

    @Test
    void locksGuessesAtTheCurrentPasswordWithoutLockingTheUserOut() {
        for (int i = 0; i < 5; i++) {
            assertThat(world.refusedWith(new ChangePassword("ada", WRONG, "another good password")))
                    .isEqualTo(ErrorCode.INVALID_CREDENTIALS);
        }

        assertThat(world.refusedWith(new ChangePassword("ada", RIGHT, "another good password")))
                .isEqualTo(ErrorCode.ACCOUNT_LOCKED);
        assertThat(world.logIn("ada", RIGHT).user().username()).isEqualTo("ada");
    }

    @Test
    void unlocksWhoIsGivenANewPasswordByAnAdmin() {
        fail(5);

        world.ask(new UpdateUser("ada", null, null, "a brand new password"));

        assertThat(world.logIn("ada", "a brand new password").user().username()).isEqualTo("ada");
    }

    @Test
    void showsAdminsWhoIsLockedAndUntilWhen() {
        fail(4);
        assertThat(lockOfAda()).isNull();

        fail(1);
        assertThat(lockOfAda()).isEqualTo(world.clock.instant().plusSeconds(300));

        world.clock.advance(Duration.ofMinutes(5));
        assertThat(lockOfAda()).isNull();
    }

    private @Nullable Instant lockOfAda() {
        return world.ask(new FindUsers()).users().stream()
                .filter(user -> user.username().equals("ada"))
                .findFirst()
                .orElseThrow()
                .lockedUntil();
    }

    @Test
    void neverKeepsWhatCanNotBeAUserName() {
        world.refusal(new Login("hunter2 hunter2!", WRONG, AccountsWorld.ADDRESS));

        assertThat(world.rows("SELECT username FROM auth_attempts").getFirst().getString("username"))
                .matches("\\?[0-9a-f]{16}");
    }

    @Test
    void forgetsOldAttemptsAtTheNextStart() {
        fail(3);
        world.clock.advance(AttemptStore.KEPT.plusSeconds(1));

        world.restart();

        assertThat(world.count("auth_attempts")).isZero();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(world.refusedWith(new Login("ada", WRONG, AccountsWorld.ADDRESS)))
                    .isEqualTo(ErrorCode.INVALID_CREDENTIALS);
        }
    }

    private List<ErrorCode> parallel(int guesses, String username) {
        List<Future<ErrorCode>> answers = new ArrayList<>();
        for (int i = 0; i < guesses; i++) {
            answers.add(world.request(new Login(username, WRONG + i, AccountsWorld.ADDRESS))
                    .map(ErrorCode.INTERNAL)
                    .otherwise(cause -> ((Failure) cause).code()));
        }
        return AccountsWorld.await(Future.join(answers)).list();
    }

    private static List<ErrorCode> expected(int guesses) {
        List<ErrorCode> codes = new ArrayList<>();
        for (int i = 0; i < guesses; i++) {
            codes.add(i < 5 ? ErrorCode.INVALID_CREDENTIALS : ErrorCode.ACCOUNT_LOCKED);
        }
        return codes;
    }
}
