package io.linkops.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.accounts.Accounts.ApiToken;
import io.linkops.accounts.Accounts.Authenticate;
import io.linkops.accounts.Accounts.CreateApiToken;
import io.linkops.accounts.Accounts.DeleteApiToken;
import io.linkops.accounts.Accounts.DeleteUser;
import io.linkops.accounts.Accounts.FindApiTokens;
import io.linkops.accounts.Accounts.IssueTicket;
import io.linkops.accounts.Accounts.Logout;
import io.linkops.accounts.Accounts.RedeemTicket;
import io.linkops.accounts.Accounts.Role;
import io.linkops.accounts.Accounts.UpdateUser;
import io.linkops.bus.ErrorCode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineTokensTest {
    private final AccountsWorld world = new AccountsWorld();

    @BeforeEach
    void start() {
        world.start();
        world.user("ada", "correct horse battery", Role.OPERATOR);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void standsForItsOwnerAndIsKeptAsADigestOnly() {
        var token = token("ci", Role.VIEWER, null);
        var secret = secret(token);

        assertThat(secret).matches("lko_[A-Za-z0-9_-]{43}");
        var principal = world.authenticate(secret);
        assertThat(principal.username()).isEqualTo("ada");
        assertThat(principal.role()).isEqualTo(Role.VIEWER);
        assertThat(principal.isApiToken()).isTrue();
        assertThat(principal.tokenId()).isEqualTo(token.id());
        assertThat(world.ask(new FindApiTokens("ada")).tokens().getFirst().secret())
                .isNull();
        assertThat(world.rows("SELECT token_hash FROM api_tokens").getFirst().getString("token_hash"))
                .isEqualTo(Digest.hex(secret));
    }

    @Test
    void refusesAnyOtherSecret() {
        var secret = secret(token("ci", Role.VIEWER, null));

        for (var other : new String[] {"lko_", secret + "A", secret.substring(0, 46), secret + " ", "LKO_" + secret}) {
            assertThat(refused(other)).isEqualTo(ErrorCode.TOKEN_INVALID);
        }
    }

    @Test
    void endsExactlyWhenItShould() {
        var secret = secret(token("ci", Role.VIEWER, Duration.ofHours(1)));

        world.clock.advance(Duration.ofHours(1).minusMillis(1));
        assertThat(world.authenticate(secret).username()).isEqualTo("ada");
        world.clock.advance(Duration.ofMillis(1));
        assertThat(refused(secret)).isEqualTo(ErrorCode.TOKEN_EXPIRED);
    }

    @Test
    void neverMayMoreThanItsOwner() {
        assertThat(world.refusedWith(new CreateApiToken("ada", "root", Role.ADMIN, null)))
                .isEqualTo(ErrorCode.FORBIDDEN);
        var secret = secret(token("ci", Role.OPERATOR, null));

        world.ask(new UpdateUser("ada", Role.VIEWER, null, null));

        assertThat(world.authenticate(secret).role()).isEqualTo(Role.VIEWER);
    }

    @Test
    void isOfNoUseWithoutItsOwner() {
        var secret = secret(token("ci", Role.VIEWER, null));
        world.ask(new UpdateUser("ada", null, true, null));
        assertThat(refused(secret)).isEqualTo(ErrorCode.TOKEN_INVALID);
        assertThat(world.refusedWith(new CreateApiToken("ada", "new", Role.VIEWER, null)))
                .isEqualTo(ErrorCode.NOT_FOUND);

        world.ask(new DeleteUser("ada"));
        world.user("ada", "correct horse battery", Role.OPERATOR);

        assertThat(refused(secret)).isEqualTo(ErrorCode.TOKEN_INVALID);
        assertThat(world.count("api_tokens")).isZero();
    }

    @Test
    void isRevokedByItsOwnerOrByAnybodyWhoMay() {
        var own = token("own", Role.VIEWER, null);
        var other = token("other", Role.VIEWER, null);

        assertThat(world.refusedWith(new DeleteApiToken("admin", own.id()))).isEqualTo(ErrorCode.NOT_FOUND);
        world.ask(new DeleteApiToken("ada", own.id()));
        world.ask(new DeleteApiToken(null, other.id()));

        assertThat(refused(secret(own))).isEqualTo(ErrorCode.TOKEN_INVALID);
        assertThat(refused(secret(other))).isEqualTo(ErrorCode.TOKEN_INVALID);
        assertThat(world.refusedWith(new DeleteApiToken(null, own.id()))).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void notesItsUseOnceAMinute() {
        var secret = secret(token("ci", Role.VIEWER, null));
        var first = world.clock.instant().truncatedTo(ChronoUnit.MILLIS);
        world.authenticate(secret);
        world.clock.advance(Duration.ofSeconds(59));
        world.authenticate(secret);
        assertThat(world.ask(new FindApiTokens(null)).tokens().getFirst().lastUsedAt())
                .isEqualTo(first);

        world.clock.advance(Duration.ofSeconds(1));
        world.authenticate(secret);
        assertThat(world.ask(new FindApiTokens(null)).tokens().getFirst().lastUsedAt())
                .isEqualTo(first.plusSeconds(60));
    }

    @Test
    void getsTicketsButCanNotLogOut() {
        var token = token("ci", Role.VIEWER, null);
        var principal = world.authenticate(secret(token));
        var used = world.ask(new IssueTicket(principal, "/x")).ticket();
        var late = world.ask(new IssueTicket(principal, "/x")).ticket();

        assertThat(world.refusedWith(new Logout(principal))).isEqualTo(ErrorCode.CONFLICT);
        assertThat(world.ask(new RedeemTicket(used, "/x")).tokenId()).isEqualTo(token.id());
        world.ask(new DeleteApiToken("ada", token.id()));
        assertThat(world.refusedWith(new RedeemTicket(late, "/x"))).isEqualTo(ErrorCode.TOKEN_INVALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                " x",
                "a\nb",
                "\u202E",
                "12345678901234567890123456789012345678901234567890123456789012345"
            })
    void refusesABadName(String name) {
        assertThat(world.refusedWith(new CreateApiToken("ada", name, Role.VIEWER, null)))
                .isEqualTo(ErrorCode.VALIDATION_FAILED);
    }

    @Test
    void refusesAnEndThatIsNoneAndASecondTokenOfAName() {
        token("ci", Role.VIEWER, null);
        var now = world.clock.instant();

        assertThat(world.refusedWith(new CreateApiToken("ada", "ci", Role.VIEWER, null)))
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(world.refusedWith(new CreateApiToken("ada", "past", Role.VIEWER, now)))
                .isEqualTo(ErrorCode.VALIDATION_FAILED);
        assertThat(world.refusedWith(new CreateApiToken("ada", "far", Role.VIEWER, java.time.Instant.MAX)))
                .isEqualTo(ErrorCode.VALIDATION_FAILED);
    }

    private ApiToken token(String name, Role role, @Nullable Duration lifetime) {
        var end = lifetime == null ? null : world.clock.instant().plus(lifetime);
        return world.ask(new CreateApiToken("ada", name, role, end));
    }

    private static String secret(ApiToken token) {
        return Objects.requireNonNull(token.secret());
    }

    private ErrorCode refused(String token) {
        return world.refusedWith(new Authenticate(token));
    }
}
