package io.linkops.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.accounts.Accounts.Identity;
import io.linkops.accounts.Accounts.LogInByProvider;
import io.linkops.accounts.Accounts.Role;
import io.linkops.bus.ErrorCode;
import io.linkops.world.Patience;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a log-in by an OpenID provider does to whoever is in already. */
class IdentityLogInTest {
    private static final Identity MARY = new Identity("https://id.example", "subject-1");

    private final AccountsWorld world = new AccountsWorld();

    @BeforeEach
    void start() {
        world.start();
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private static LogInByProvider as(@Nullable Role role) {
        return new LogInByProvider(MARY, "mary", role, AccountsWorld.ADDRESS);
    }

    /** Else a terminal would stay open after the provider took the role away. */
    @Test
    void openStreamsAreToldWhenTheProviderChangesTheRole() throws Exception {
        var token = world.ask(as(Role.OPERATOR)).token();
        world.ask(as(Role.OPERATOR));
        assertThat(world.told).isEmpty();

        world.ask(as(Role.VIEWER));
        Patience.until("the change is told", () -> world.told.equals(List.of("mary")));
        assertThat(world.refusedWith(new Accounts.Authenticate(token))).isEqualTo(ErrorCode.TOKEN_INVALID);

        assertThat(world.refusedWith(as(null))).isEqualTo(ErrorCode.FORBIDDEN);
        Patience.until("the end is told", () -> world.told.equals(List.of("mary", "mary")));
    }
}
