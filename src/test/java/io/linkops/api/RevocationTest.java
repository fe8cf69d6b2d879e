package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.SettableClock;
import io.linkops.accounts.Accounts;
import io.linkops.accounts.Accounts.Role;
import io.linkops.accounts.Accounts.Scope;
import io.linkops.accounts.AccountsVerticle;
import io.linkops.config.DatabaseConfig;
import io.linkops.config.SecurityConfig;
import io.linkops.store.Database;
import io.linkops.vault.Secret;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is open for somebody ends when what they may do changes, however they were let in. With the real accounts, and a
 * recheck so rare that only the word of the change can end anything here.
 */
class RevocationTest {
    private static final String WORDS = "ada's long words";
    private static final StreamPace NEVER_BY_ITSELF = new StreamPace(
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            Duration.ofMillis(20),
            500);

    @TempDir
    Path directory;

    private TestApi api;
    private Database database;

    @BeforeEach
    void start() throws Exception {
        api = TestApi.withoutAccounts(NEVER_BY_ITSELF);
        database = TestApi.join(Database.open(
                api.vertx, new DatabaseConfig(directory.resolve("linkops.db"), 1, Duration.ofSeconds(5), 1_000)));
        var fiveMinutes = Duration.ofMinutes(5);
        var security = new SecurityConfig(
                5,
                fiveMinutes,
                fiveMinutes,
                50,
                12,
                true,
                Duration.ofHours(24),
                directory.resolve("secrets"),
                null,
                null);
        TestApi.join(api.vertx.deployVerticle(new AccountsVerticle(
                database,
                TestApi.config(),
                security,
                directory,
                new Secret("the first admin's words"),
                made -> {},
                new SettableClock(FakeRooms.THEN),
                new SecureRandom())));
        TestApi.join(api.bus.request(new Accounts.CreateUser("ada", WORDS, Role.OPERATOR)));
    }

    @AfterEach
    void stop() {
        TestApi.join(database.close());
        api.close();
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                change("disabled", new Accounts.UpdateUser("ada", null, true, null)),
                change("demoted", new Accounts.UpdateUser("ada", Role.VIEWER, null, null)),
                change("given another password", new Accounts.UpdateUser("ada", null, null, "some other words")),
                change(
                        "given a scope",
                        new Accounts.UpdateUser("ada", null, null, null, new Scope(List.of("tag:web"), List.of()))));
    }

    private static Arguments change(String what, Accounts.UpdateUser change) {
        return Arguments.of(what, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void aStreamOfASessionEndsWhenItsUserIs(String what, Accounts.UpdateUser change) throws Exception {
        var session = session();
        endsAfter(api -> TestApi.join(api.bus.request(change)), "/api/events", "Authorization: Bearer " + session);
        assertThat(api.http
                        .get("/api/auth/me", "Authorization: Bearer " + session)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aStreamThatATicketOpenedEndsToo() throws Exception {
        var session = session();
        var ticket = api.http
                .post(
                        "/api/auth/ticket",
                        new JsonObject().put("resource", "/api/events"),
                        "Authorization: Bearer " + session)
                .json()
                .getString("ticket");
        endsAfter(
                api -> TestApi.join(api.bus.request(new Accounts.UpdateUser("ada", Role.VIEWER, null, null))),
                "/api/events?ticket=" + ticket);
    }

    @Test
    void aStreamEndsAtLogOut() throws Exception {
        var header = "Authorization: Bearer " + session();
        endsAfter(
                api -> assertThat(api.http
                                .post("/api/auth/logout", new JsonObject(), header)
                                .status())
                        .isEqualTo(204),
                "/api/events",
                header);
    }

    @Test
    void aStreamOfAnApiTokenEndsWhenTheTokenIsRevokedOrItsOwnerDemoted() throws Exception {
        var first = token("first");
        endsAfter(
                api -> TestApi.join(api.bus.request(new Accounts.DeleteApiToken(null, first.id()))),
                "/api/events",
                "Authorization: Bearer " + first.secret());
        endsAfter(
                api -> TestApi.join(api.bus.request(new Accounts.UpdateUser("ada", Role.VIEWER, null, null))),
                "/api/events",
                "Authorization: Bearer " + token("second").secret());
    }

    @Test
    void aChangeOfAnotherUserEndsNothing() throws Exception {
        TestApi.join(api.bus.request(new Accounts.CreateUser("bob", WORDS, Role.OPERATOR)));
        try (var stream = api.sse("/api/events", "Authorization: Bearer " + session())) {
            assertThat(stream.next().type()).isEqualTo("hello");
            TestApi.join(api.bus.request(new Accounts.UpdateUser("bob", null, true, null)));
            TestApi.join(api.bus.request(new Accounts.UpdateUser("ada", Role.OPERATOR, false, null)));
            api.bus.publish(new io.linkops.inventory.Inventory.InventoryChanged("abc"));
            assertThat(stream.next().type()).isEqualTo("inventory");
        }
    }

    private Accounts.ApiToken token(String name) {
        return TestApi.join(api.bus.request(new Accounts.CreateApiToken("ada", name, Role.OPERATOR, null)));
    }

    private String session() {
        return api.http
                .post("/api/auth/login", new JsonObject().put("username", "ada").put("password", WORDS))
                .json()
                .getString("token");
    }

    private void endsAfter(Consumer<TestApi> change, String target, String... headers) throws Exception {
        try (var stream = api.sse(target, headers)) {
            assertThat(stream.next().type()).isEqualTo("hello");
            change.accept(api);
            assertThat(stream.rest()).isEmpty();
        }
    }
}
