package io.linkops.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.accounts.Accounts.DeleteUser;
import io.linkops.accounts.Accounts.FindUsers;
import io.linkops.accounts.Accounts.Role;
import io.linkops.accounts.Accounts.UpdateUser;
import io.linkops.accounts.Accounts.User;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.bus.Request;
import io.vertx.core.Future;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Somebody can always let the others in. */
class AdminsProperties {
    private static final List<String> ADMINS = List.of("admin", "ada", "bob");
    private static final String PASSWORD = "correct horse battery";

    private static AccountsWorld world;

    @BeforeContainer
    static void open() {
        world = new AccountsWorld().start();
    }

    @AfterContainer
    static void close() {
        world.close();
    }

    /** Whatever is asked for at the same time, an enabled admin is left, and what is refused is refused for that. */
    @Property(tries = 100)
    void anEnabledAdminIsAlwaysLeft(@ForAll("changes") List<Request<?>> changes) {
        makeAdmins();

        var answers = changes.stream().<Future<?>>map(world::request).toList();
        AccountsWorld.await(Future.join(answers).otherwiseEmpty());

        assertThat(world.ask(new FindUsers()).users()).anyMatch(AdminsProperties::isEnabledAdmin);
        assertThat(answers)
                .filteredOn(Future::failed)
                .allSatisfy(refused ->
                        assertThat(((Failure) refused.cause()).code()).isIn(ErrorCode.CONFLICT, ErrorCode.NOT_FOUND));
    }

    @Provide
    Arbitrary<List<Request<?>>> changes() {
        var names = Arbitraries.of(ADMINS);
        Arbitrary<Request<?>> deletions = names.map(DeleteUser::new);
        Arbitrary<Request<?>> updates = Combinators.combine(
                        names,
                        Arbitraries.of(Role.class).injectNull(0.3),
                        Arbitraries.of(true, false).injectNull(0.3))
                .as((name, role, isDisabled) -> new UpdateUser(name, role, isDisabled, null));
        return Arbitraries.oneOf(deletions, updates).list().ofMinSize(2).ofMaxSize(12);
    }

    private static void makeAdmins() {
        var there = world.ask(new FindUsers()).users();
        for (var name : ADMINS) {
            if (there.stream().noneMatch(user -> user.username().equals(name))) {
                world.user(name, PASSWORD, Role.ADMIN);
            } else {
                world.ask(new UpdateUser(name, Role.ADMIN, false, null));
            }
        }
    }

    private static boolean isEnabledAdmin(User user) {
        return user.role() == Role.ADMIN && !user.isDisabled();
    }
}
