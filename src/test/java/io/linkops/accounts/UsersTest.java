package io.linkops.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.accounts.Accounts.ChangePassword;
import io.linkops.accounts.Accounts.CreateUser;
import io.linkops.accounts.Accounts.DeleteUser;
import io.linkops.accounts.Accounts.FindUsers;
import io.linkops.accounts.Accounts.Login;
import io.linkops.accounts.Accounts.Role;
import io.linkops.accounts.Accounts.UpdateUser;
import io.linkops.accounts.Accounts.User;
import io.linkops.bus.ErrorCode;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsersTest {
    private static final String PASSWORD = "correct horse battery";

    private final AccountsWorld world = new AccountsWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void makesAnAdminWithARandomPasswordAtTheFirstStartAndTellsItOnce() {
        world.adminPassword = null;
        world.start().restart();

        assertThat(world.madePasswords).hasSize(1);
        var password = world.madePasswords.getFirst();
        assertThat(password).hasSizeGreaterThanOrEqualTo(24);
        assertThat(world.logIn("admin", password).user().role()).isEqualTo(Role.ADMIN);
        assertThat(world.refusedWith(new Login("admin", "admin", AccountsWorld.ADDRESS)))
                .isEqualTo(ErrorCode.INVALID_CREDENTIALS);
        assertThat(world.count("users WHERE password_hash LIKE ?", "%" + password + "%"))
                .isZero();
    }

    @Test
    void makesAnAdminWithTheGivenPasswordAndTellsNothing() {
        world.start();

        assertThat(world.madePasswords).isEmpty();
        assertThat(world.logIn("admin", "the first admin's words").user().role())
                .isEqualTo(Role.ADMIN);
    }

    @Test
    void ignoresTheGivenPasswordOnceThereAreUsers() {
        world.start();
        world.adminPassword = "another admin's words";
        world.restart();

        assertThat(world.refusedWith(new Login("admin", "another admin's words", AccountsWorld.ADDRESS)))
                .isEqualTo(ErrorCode.INVALID_CREDENTIALS);
    }

    @Test
    void doesNotStartWithAWeakPasswordForTheFirstAdmin() {
        world.adminPassword = "admin";

        assertThatThrownBy(world::start)
                .hasMessageContaining("must have at least 12 characters")
                .hasMessageContaining("LINKOPS_ADMIN_PASSWORD");
    }

    @Test
    void doesNotStartWithAWeakSigningKey() {
        world.signingKey = "too short";

        assertThatThrownBy(world::start).hasMessageContaining("api.jwt_secret is too short");
    }

    @Test
    void listsUsersByNameWithTheirLastLogIn() {
        world.start();
        world.user("ada", PASSWORD, Role.VIEWER);
        world.logIn("ada", PASSWORD);

        var users = world.ask(new FindUsers()).users();

        assertThat(users).extracting(User::username).containsExactly("ada", "admin");
        assertThat(users.getFirst().lastLoginAt())
                .isEqualTo(world.clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
        assertThat(users.getLast().lastLoginAt()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Ada", "-ada", ".", "a b", "ada\n", "ädä", "a/b", "ada@home"})
    void refusesANameThatIsNone(String username) {
        world.start();

        var refusal = world.refusal(new CreateUser(username, "short", Role.VIEWER));

        assertThat(refusal.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
        assertThat(refusal.details().get("fields"))
                .isEqualTo(Map.of("username", UserName.RULE, "password", "must have at least 12 characters"));
    }

    @Test
    void refusesASecondUserOfAName() {
        world.start();
        world.user("ada", PASSWORD, Role.VIEWER);

        var both = List.of(
                world.request(new CreateUser("bob", PASSWORD, Role.VIEWER)),
                world.request(new CreateUser("bob", PASSWORD, Role.ADMIN)));
        AccountsWorld.await(Future.join(both).otherwiseEmpty());

        assertThat(both.stream().filter(Future::succeeded)).hasSize(1);
        assertThat(world.refusedWith(new CreateUser("ada", PASSWORD, Role.VIEWER)))
                .isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void refusesToChangeOrDeleteNobody() {
        world.start();

        assertThat(world.refusedWith(new DeleteUser("nobody"))).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(world.refusedWith(new UpdateUser("nobody", Role.ADMIN, null, null)))
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void refusesAWeakNewPasswordBeforeItLooksAtTheOldOne() {
        world.start();
        world.user("ada", PASSWORD, Role.VIEWER);

        assertThat(world.refusedWith(new ChangePassword("ada", "wrong", "short")))
                .isEqualTo(ErrorCode.VALIDATION_FAILED);
        assertThat(world.count("auth_attempts")).isZero();
    }

    @Test
    void keepsTheLastAdmin() {
        world.start();

        assertThat(world.refusedWith(new DeleteUser("admin"))).isEqualTo(ErrorCode.CONFLICT);
        assertThat(world.refusedWith(new UpdateUser("admin", Role.OPERATOR, null, null)))
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(world.refusedWith(new UpdateUser("admin", null, true, null))).isEqualTo(ErrorCode.CONFLICT);
    }
}
