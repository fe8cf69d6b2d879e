package io.linkops.api;

import static io.linkops.api.Access.ADMIN;

import io.linkops.accounts.Accounts;
import io.linkops.accounts.Accounts.Role;
import io.linkops.bus.Bus;
import io.vertx.core.Future;

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
        return call.body(json -> {
                    var change = new Accounts.UpdateUser(
                            call.part("username"),
                            json.wordOrNull("role", Role.class),
                            json.flagOrNull("is_disabled"),
                            json.textOrNull("password", AuthRoutes.LONGEST_PASSWORD),
                            ScopeBody.change(json));
                    if (change.role() == null
                            && change.isDisabled() == null
                            && change.password() == null
                            && change.scope() == null) {
                        json.problem(
                                "role", "is missing, and so are is_disabled, password and scope: say what to change");
                    }
                    return change;
                })
                .compose(bus::request)
                .map(user -> Answer.ok(AccountJson.of(user)));
    }

    private Future<Answer> delete(Call call) {
        return call.noBody()
                .compose(nothing -> bus.request(new Accounts.DeleteUser(call.part("username"))))
                .map(done -> Answer.noContent());
    }
}
