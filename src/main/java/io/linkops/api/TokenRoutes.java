package io.linkops.api;

import static io.linkops.api.Access.VIEWER;

import io.linkops.accounts.Accounts;
import io.linkops.accounts.Accounts.Role;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** API tokens: everybody's own, and all of them for admins. */
final class TokenRoutes {
    private final Bus bus;
    private final InstantSource clock;

    TokenRoutes(Bus bus, InstantSource clock) {
        this.bus = bus;
        this.clock = clock;
    }

    void register(Routes routes) {
        routes.get("/api/tokens", VIEWER, this::list)
                .post("/api/tokens", VIEWER, this::create)
                .delete("/api/tokens/:id", VIEWER, this::delete);
    }

    private Future<Answer> list(Call call) {
        boolean isAll = call.query(query -> query.flag("all"));
        if (isAll && !isOverAll(call)) {
            throw new Failure(ErrorCode.FORBIDDEN, "Only an admin sees the tokens of all users; leave out ?all=true");
        }
        return bus.request(new Accounts.FindApiTokens(
                        isAll ? null : call.principal().username()))
                .map(tokens -> Answer.ok(AccountJson.of(tokens)));
    }

    private static boolean isOverAll(Call call) {
        return call.principal().role() == Role.ADMIN && !call.principal().isScoped();
    }

    private Future<Answer> create(Call call) {
        return call.body(json -> wanted(call, json))
                .compose(token -> {
                    requireMayGrant(call.principal(), token.role());
                    return bus.request(token);
                })
                .map(TokenRoutes::created);
    }

    private Accounts.CreateApiToken wanted(Call call, JsonReader json) {
        var expiresAt = json.timeOrNull("expires_at");
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            json.problem("expires_at", "must be in the future");
        }
        return new Accounts.CreateApiToken(
                call.principal().username(),
                json.text("name", AuthRoutes.LONGEST_NAME),
                json.word("role", Role.class),
                expiresAt,
                ScopeBody.read(json));
    }

    /** The owner's role is a limit for accounts; what the caller holds now may be less than the owner. */
    private static void requireMayGrant(Accounts.Principal principal, Role role) {
        if (principal.isApiToken()) {
            throw new Failure(ErrorCode.FORBIDDEN, "An API token can't make others; log in with a password");
        }
        if (!principal.role().includes(role)) {
            throw new Failure(
                    ErrorCode.FORBIDDEN,
                    "A token can't have the role " + Texts.word(role) + ": yours is " + Texts.word(principal.role()));
        }
    }

    private static Answer created(Accounts.ApiToken token) {
        return Answer.created(
                        "/api/tokens/" + Json.inPath(token.id()),
                        AccountJson.of(token).put("secret", token.secret()))
                .uncompressed();
    }

    private Future<Answer> delete(Call call) {
        @Nullable String owner = isOverAll(call) ? null : call.principal().username();
        return call.noBody()
                .compose(nothing -> bus.request(new Accounts.DeleteApiToken(owner, call.part("id"))))
                .map(done -> Answer.noContent());
    }
}
