package io.linkops.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.accounts.Accounts.Login;
import io.linkops.accounts.Accounts.Role;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many failed log-ins from one address, over any names, are slowed; nobody is locked out by it. */
class ThrottleTest {
    private static final String WORDS = "ada's long words";
    private static final String ATTACKER = "203.0.113.9";
    private static final int MOST = 50;

    private AccountsWorld world;

    @BeforeEach
    void start() {
        world = new AccountsWorld().start();
        world.user("ada", WORDS, Role.OPERATOR);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private void spray(int times, String address) {
        for (int i = 0; i < times; i++) {
            assertThat(world.refusedWith(new Login("name-" + i, "wrong", address)))
                    .isEqualTo(ErrorCode.INVALID_CREDENTIALS);
        }
    }

    @Test
    void refusesFurtherLogInsFromThereWhateverTheNameAndSaysWhenToComeAgain() {
        spray(MOST, ATTACKER);
        var refusal = world.refusal(new Login("ada", WORDS, ATTACKER));
        assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat((Long) refusal.details().get("retry_after_seconds")).isBetween(1L, 300L);
        assertThat(world.refusedWith(new Login("nobody-at-all", "wrong", ATTACKER)))
                .isEqualTo(ErrorCode.RATE_LIMITED);
        world.clock.advance(Duration.ofSeconds((Long) refusal.details().get("retry_after_seconds")));
        assertThat(world.ask(new Login("ada", WORDS, ATTACKER)).user().username())
                .isEqualTo("ada");
    }

    @Test
    void otherAddressesAndUsersWhoUsuallyLogInFromThereAreNotConcerned() {
        world.ask(new Login("ada", WORDS, ATTACKER));
        spray(MOST, ATTACKER);
        assertThat(world.ask(new Login("ada", WORDS, ATTACKER)).user().username())
                .isEqualTo("ada");
        assertThat(world.ask(new Login("admin", world.adminPassword, "198.51.100.1"))
                        .user()
                        .username())
                .isEqualTo("admin");
        assertThat(world.refusedWith(new Login("admin", world.adminPassword, ATTACKER)))
                .isEqualTo(ErrorCode.RATE_LIMITED);
    }

    @Test
    void guessesMadeInParallelCountBeforeTheyHaveFailed() {
        var answers = IntStream.range(0, 4 * MOST)
                .mapToObj(i -> world.request(new Login("name-" + i, "wrong", ATTACKER)))
                .map(answer ->
                        answer.<ErrorCode>transform(done -> Future.succeededFuture(((Failure) done.cause()).code())))
                .toList();
        var codes = new ArrayList<ErrorCode>();
        answers.forEach(answer -> codes.add(AccountsWorld.await(answer)));
        assertThat(codes.stream()
                        .filter(code -> code == ErrorCode.INVALID_CREDENTIALS)
                        .count())
                .isBetween(1L, (long) MOST);
        assertThat(codes).contains(ErrorCode.RATE_LIMITED);
    }

    @Test
    void everyAddressOfAnIpv6NetworkIsTheSame() {
        for (int i = 0; i < MOST; i++) {
            world.refusal(new Login("name-" + i, "wrong", "2001:db8:1:2::" + Integer.toHexString(i + 1)));
        }
        assertThat(world.refusedWith(new Login("ada", WORDS, "2001:db8:1:2:ffff::9")))
                .isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(world.ask(new Login("ada", WORDS, "2001:db8:1:3::1")).user().username())
                .isEqualTo("ada");
    }

    @Test
    void itOutlivesARestart() {
        spray(MOST, ATTACKER);
        world.restart();
        assertThat(world.refusedWith(new Login("ada", WORDS, ATTACKER))).isEqualTo(ErrorCode.RATE_LIMITED);
    }

    @Test
    void addressesAreReadWithoutLookingThemUp() {
        assertThat(List.of(
                        Network.of("192.0.2.1"),
                        Network.of("2001:db8:1:2:3:4:5:6"),
                        Network.of("::ffff:192.0.2.1"),
                        Network.of("fe80::1%eth0"),
                        Network.of("(session)"),
                        Network.of("host.example:80")))
                .containsExactly(
                        "192.0.2.1",
                        "2001:db8:1:2::/64",
                        "192.0.2.1",
                        "fe80:0:0:0::/64",
                        "(session)",
                        "host.example:80");
    }

    @Test
    void anUnlockedUserIsLetIn() {
        for (int i = 0; i < 5; i++) {
            world.refusal(new Login("ada", "wrong", ATTACKER));
        }
        assertThat(world.refusedWith(new Login("ada", WORDS, ATTACKER))).isEqualTo(ErrorCode.ACCOUNT_LOCKED);
        world.ask(new Accounts.UnlockUser("ada"));
        assertThat(world.ask(new Login("ada", WORDS, ATTACKER)).user().username())
                .isEqualTo("ada");
        assertThat(world.refusedWith(new Accounts.UnlockUser("nobody"))).isEqualTo(ErrorCode.NOT_FOUND);
    }
}
