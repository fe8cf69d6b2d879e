package io.linkops.api;

import static io.linkops.api.Access.ADMIN;

import io.linkops.accounts.Accounts;
import io.linkops.accounts.Accounts.Role;
import io.linkops.bus.Bus;
import io.linkops.bus.Request;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Users, for admins. */
final class UserRoutes {
    private final Bus bus;

    UserRoutes(Bus bus) {
        this.bus = bus;
    }

    void register(Routes routes) {
        routes.get("/api/users", ADMIN, this::list)
                .post("/api/users", ADMIN, this::create)
                .put("/api/users/:username", ADMIN, this::update)
                .delete("/api/users/:username", ADMIN, this::delete);
    }

    private Future<Answer> list(Call call) {
        call.query(query -> true);
        return bus.request(new Accounts.FindUsers()).map(users -> Answer.ok(AccountJson.of(users)));
    }

    private Future<Answer> create(Call call) {
        return call.body(json -> new Accounts.CreateUser(
                        json.text("username", AuthRoutes.LONGEST_NAME),
                        json.text("password", AuthRoutes.LONGEST_PASSWORD),
                        json.word("role", Role.class),
                        ScopeBody.read(json)))
                .compose(bus::request)
                .map(user -> Answer.created("/api/users/" + Json.inPath(user.username()), AccountJson.of(user)));
    }

    private Future<Answer> update(Call call) {
        return call.body(json -> wish(call.part("username"), json))
                .compose(this::grant)
                .map(user -> Answer.ok(AccountJson.of(user)));
    }

    /** What is to be done to a user, in this order. */
    private record Wish(Accounts.UpdateUser change, boolean changes, boolean unlock, boolean signOut) {}

    private static Wish wish(String username, JsonReader json) {
        var change = new Accounts.UpdateUser(
                username,
                json.wordOrNull("role", Role.class),
                json.flagOrNull("is_disabled"),
                json.textOrNull("password", AuthRoutes.LONGEST_PASSWORD),
                ScopeBody.change(json));
        boolean changes = change.role() != null
                || change.isDisabled() != null
                || change.password() != null
                || change.scope() != null;
        var wish = new Wish(
                change,
                changes,
                Boolean.TRUE.equals(json.flagOrNull("unlock")),
                Boolean.TRUE.equals(json.flagOrNull("sign_out")));
        if (!changes && !wish.unlock() && !wish.signOut()) {
            json.problem(
                    "role",
                    "is missing, and so are is_disabled, password, scope, unlock and sign_out: say what to change");
        }
        return wish;
    }

    private Future<Accounts.User> grant(Wish wish) {
        List<Request<Accounts.User>> steps = new ArrayList<>();
        if (wish.changes()) {
            steps.add(wish.change());
        }
        if (wish.unlock()) {
            steps.add(new Accounts.UnlockUser(wish.change().username()));
        }
        if (wish.signOut()) {
            steps.add(new Accounts.SignOut(wish.change().username()));
        }
        var user = bus.request(steps.getFirst());
        for (var step : steps.subList(1, steps.size())) {
            user = user.compose(_ -> bus.request(step));
        }
        return user;
    }

    private Future<Answer> delete(Call call) {
        return call.noBody()
                .compose(nothing -> bus.request(new Accounts.DeleteUser(call.part("username"))))
                .map(done -> Answer.noContent());
    }
}
