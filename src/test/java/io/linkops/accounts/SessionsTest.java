package io.linkops.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.accounts.Accounts.Authenticate;
import io.linkops.accounts.Accounts.ChangePassword;
import io.linkops.accounts.Accounts.DeleteUser;
import io.linkops.accounts.Accounts.IssueTicket;
import io.linkops.accounts.Accounts.Logout;
import io.linkops.accounts.Accounts.RedeemTicket;
import io.linkops.accounts.Accounts.Role;
import io.linkops.accounts.Accounts.Session;
import io.linkops.accounts.Accounts.SignOut;
import io.linkops.accounts.Accounts.UpdateUser;
import io.linkops.bus.ErrorCode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final String PASSWORD = "correct horse battery";
    private static final String STREAM = "/api/operations/1/events";

    private final AccountsWorld world = new AccountsWorld();
    private Session session;

    @BeforeEach
    void start() {
        world.start();
        world.user("ada", PASSWORD, Role.OPERATOR);
        session = world.logIn("ada", PASSWORD);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void refusesEveryForgedToken() {
        assertThat(world.authenticate(forged("HS256", claims(), AccountsWorld.KEY))
                        .username())
                .as("the forger's workshop makes good tokens when it has the key")
                .isEqualTo("ada");

        var softly = new SoftAssertions();
        forgeries()
                .forEach((name, token) -> softly.assertThat(world.refusedWith(new Authenticate(token)))
                        .as(name)
                        .isEqualTo(ErrorCode.TOKEN_INVALID));
        softly.assertAll();
    }

    private Map<String, String> forgeries() {
        var good = session.token();
        var header = ForgedToken.header(good);
        var now = world.clock.instant().getEpochSecond();
        var forgeries = new LinkedHashMap<String, String>();
        forgeries.put("empty", "");
        forgeries.put("dots", "..");
        forgeries.put("trailing dot", good + ".");
        forgeries.put("padding", good + "=");
        forgeries.put("white space", good + " ");
        forgeries.put("huge", "a".repeat(2_000_000));
        forgeries.put("alg none", ForgedToken.unsigned("{\"typ\":\"JWT\",\"alg\":\"none\"}", claims().encode()));
        forgeries.put("alg NoNe", ForgedToken.unsigned("{\"typ\":\"JWT\",\"alg\":\"NoNe\"}", claims().encode()));
        forgeries.put("no signature", good.substring(0, good.lastIndexOf('.') + 1));
        forgeries.put("no alg", ForgedToken.of(new JsonObject().put("typ", "JWT"), claims(), AccountsWorld.KEY));
        forgeries.put("RS256 with the key as secret", forged("RS256", claims(), AccountsWorld.KEY));
        forgeries.put(
                "HS512",
                ForgedToken.of(
                        "{\"typ\":\"JWT\",\"alg\":\"HS512\"}", claims().encode(), AccountsWorld.KEY, "HmacSHA512"));
        forgeries.put(
                "own key in the header",
                ForgedToken.of(
                        header.copy()
                                .put("jwk", new JsonObject().put("kty", "oct").put("k", "YQ")),
                        claims(),
                        "a"));
        forgeries.put(
                "own certificate",
                ForgedToken.of(header.copy().put("x5c", new JsonArray().add("MIIB")), claims(), AccountsWorld.KEY));
        forgeries.put("key id", ForgedToken.of(header.copy().put("kid", "../../dev/null"), claims(), "" + '\0'));
        forgeries.put("wrong key", forged("HS256", claims(), "x" + AccountsWorld.KEY));
        forgeries.put("other user, old signature", replaced(good, claims().put("sub", "admin")));
        forgeries.put("not JSON", ForgedToken.of(header.encode(), "not JSON", AccountsWorld.KEY, "HmacSHA256"));
        forgeries.put("JSON list", ForgedToken.of(header.encode(), "[]", AccountsWorld.KEY, "HmacSHA256"));
        forgeries.put("not valid yet", signed(claims().put("iat", now + 1)));
        forgeries.put("end as text", signed(claims().put("exp", "" + (now + 1000))));
        forgeries.put("end as fraction", signed(claims().put("exp", now + 1000.5)));
        forgeries.put("end beyond time", signed(claims().put("exp", Long.MAX_VALUE)));
        forgeries.put("wrong generation", signed(claims().put("ver", 1)));
        forgeries.put("no such user", signed(claims().put("sub", "nobody")));
        for (var claim : claims().fieldNames()) {
            if (!claim.equals("role")) {
                var without = claims();
                without.remove(claim);
                forgeries.put("without " + claim, signed(without));
            }
        }
        return forgeries;
    }

    private JsonObject claims() {
        return ForgedToken.payload(session.token());
    }

    private static String signed(JsonObject claims) {
        return forged("HS256", claims, AccountsWorld.KEY);
    }

    private static String forged(String algorithm, JsonObject claims, String key) {
        return ForgedToken.of(new JsonObject().put("typ", "JWT").put("alg", algorithm), claims, key);
    }

    private static String replaced(String token, JsonObject claims) {
        var other = signed(claims);
        return other.substring(0, other.lastIndexOf('.')) + token.substring(token.lastIndexOf('.'));
    }

    @Test
    void doesNotBelieveTheRoleInAToken() {
        assertThat(world.authenticate(signed(claims().put("role", "admin"))).role())
                .isEqualTo(Role.OPERATOR);
    }

    @Test
    void forgetsATokenThatWasLoggedOutAlsoAfterARestart() {
        var other = world.logIn("ada", PASSWORD);
        world.ask(new Logout(world.authenticate(session.token())));

        assertThat(refused(session.token())).isEqualTo(ErrorCode.TOKEN_INVALID);
        assertThat(world.authenticate(other.token()).username()).isEqualTo("ada");

        world.restart();
        assertThat(refused(session.token())).isEqualTo(ErrorCode.TOKEN_INVALID);
        assertThat(world.authenticate(other.token()).username()).isEqualTo("ada");
    }

    @Test
    void prunesRevokedTokensThatHaveEnded() {
        world.ask(new Logout(world.authenticate(session.token())));
        world.clock.set(session.expiresAt());

        world.restart();

        assertThat(world.count("revoked_tokens")).isZero();
        assertThat(refused(session.token())).isEqualTo(ErrorCode.TOKEN_EXPIRED);
    }

    @Test
    void endsAllTokensWhenThePasswordChanges() {
        world.ask(new ChangePassword("ada", PASSWORD, "another good password"));

        assertThat(refused(session.token())).isEqualTo(ErrorCode.TOKEN_INVALID);
        assertThat(world.authenticate(
                                world.logIn("ada", "another good password").token())
                        .username())
                .isEqualTo("ada");
    }

    @Test
    void endsEverySessionOfWhoIsSignedOutAndNothingElse() {
        world.ask(new SignOut("ada"));

        assertThat(refused(session.token())).isEqualTo(ErrorCode.TOKEN_INVALID);
        assertThat(world.authenticate(world.logIn("ada", PASSWORD).token()).username())
                .isEqualTo("ada");
        assertThat(world.refusedWith(new SignOut("nobody"))).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void endsAllTokensWhenTheRoleChangesOrTheUserIsDisabledOrMadeAnew() {
        world.ask(new UpdateUser("ada", Role.VIEWER, null, null));
        assertThat(refused(session.token())).isEqualTo(ErrorCode.TOKEN_INVALID);

        session = world.logIn("ada", PASSWORD);
        world.ask(new UpdateUser("ada", null, true, null));
        world.ask(new UpdateUser("ada", null, false, null));
        assertThat(refused(session.token())).isEqualTo(ErrorCode.TOKEN_INVALID);

        session = world.logIn("ada", PASSWORD);
        world.ask(new DeleteUser("ada"));
        world.user("ada", PASSWORD, Role.ADMIN);
        assertThat(refused(session.token())).isEqualTo(ErrorCode.TOKEN_INVALID);
    }

    @Test
    void takesATicketOnce() {
        var ticket = ticket();

        assertThat(world.ask(new RedeemTicket(ticket, STREAM)).username()).isEqualTo("ada");
        assertThat(world.refusedWith(new RedeemTicket(ticket, STREAM))).isEqualTo(ErrorCode.TOKEN_INVALID);
    }

    @Test
    void takesATicketForItsResourceOnlyAndUsesItUpForAnother() {
        var ticket = ticket();

        assertThat(world.refusedWith(new RedeemTicket(ticket, STREAM + "/2"))).isEqualTo(ErrorCode.TOKEN_INVALID);
        assertThat(world.refusedWith(new RedeemTicket(ticket, STREAM))).isEqualTo(ErrorCode.TOKEN_INVALID);
    }

    @Test
    void takesATicketForThirtySeconds() {
        var inTime = ticket();
        var late = ticket();

        world.clock.advance(Duration.ofSeconds(30).minusMillis(1));
        assertThat(world.ask(new RedeemTicket(inTime, STREAM)).username()).isEqualTo("ada");
        world.clock.advance(Duration.ofMillis(1));
        assertThat(world.refusedWith(new RedeemTicket(late, STREAM))).isEqualTo(ErrorCode.TOKEN_INVALID);
    }

    @Test
    void refusesATicketOfATokenThatIsNoLongerGood() {
        var afterLogout = ticket();
        world.ask(new Logout(world.authenticate(session.token())));
        assertThat(world.refusedWith(new RedeemTicket(afterLogout, STREAM))).isEqualTo(ErrorCode.TOKEN_INVALID);

        session = world.logIn("ada", PASSWORD);
        var afterChange = ticket();
        world.ask(new ChangePassword("ada", PASSWORD, "another good password"));
        assertThat(world.refusedWith(new RedeemTicket(afterChange, STREAM))).isEqualTo(ErrorCode.TOKEN_INVALID);
    }

    @Test
    void keepsABoundedNumberOfTickets() {
        for (int i = 0; i < Tickets.MAX_PER_USER; i++) {
            ticket();
        }
        var principal = world.authenticate(session.token());
        assertThat(world.refusedWith(new IssueTicket(principal, STREAM))).isEqualTo(ErrorCode.RATE_LIMITED);

        world.clock.advance(Tickets.LIFETIME);
        assertThat(ticket()).hasSize(43);
    }

    @Test
    void showsNoSecretInItsMessages() {
        var principal = world.authenticate(session.token());
        var ticket = world.ask(new IssueTicket(principal, STREAM));

        assertThat(session.toString()).doesNotContain(session.token());
        assertThat(ticket.toString()).doesNotContain(ticket.ticket());
    }

    private String ticket() {
        return world.ask(new IssueTicket(world.authenticate(session.token()), STREAM))
                .ticket();
    }

    private ErrorCode refused(String token) {
        return world.refusedWith(new Authenticate(token));
    }
}
