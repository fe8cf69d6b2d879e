package io.linkops.api;

import static io.linkops.api.Access.OPEN;
import static io.linkops.api.Access.VIEWER;

import io.linkops.accounts.Accounts;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.regex.Pattern;

/** Logging in and out, the own password, tickets for streams. */
final class AuthRoutes {
    /** Longer ones are refused before anything is hashed. */
    static final int LONGEST_PASSWORD = 1_024;

    static final int LONGEST_NAME = 100;
    private static final Pattern STREAM =
            Pattern.compile("/api(/v1)?/(events|operations/[^/?#]{1,200}/events|terminal/workspaces/[^/?#]{1,200}/ws)");

    private final Bus bus;
    private final InstantSource clock;

    AuthRoutes(Bus bus, InstantSource clock) {
        this.bus = bus;
        this.clock = clock;
    }

    void register(Routes routes) {
        routes.post("/api/auth/login", OPEN, this::login)
                .post("/api/auth/logout", VIEWER, this::logout)
                .get(
                        "/api/auth/me",
                        VIEWER,
                        call -> Future.succeededFuture(Answer.ok(AccountJson.of(call.principal()))))
                .post("/api/auth/password", VIEWER, this::changePassword)
                .post("/api/auth/ticket", VIEWER, this::issueTicket);
    }

    private Future<Answer> login(Call call) {
        var address = Proxies.address(call.request());
        return call.body(json -> new Accounts.Login(
                        json.text("username", LONGEST_NAME), json.text("password", LONGEST_PASSWORD), address))
                .compose(bus::request)
                .map(this::loggedIn);
    }

    private Answer loggedIn(Accounts.Session session) {
        var seconds = Duration.between(clock.instant(), session.expiresAt()).toSeconds();
        return SessionCookie.put(Answer.ok(AccountJson.of(session)).uncompressed(), session.token(), seconds);
    }

    private Future<Answer> logout(Call call) {
        if (call.principal().isApiToken()) {
            throw new Failure(
                    ErrorCode.FORBIDDEN, "An API token does not log out; revoke it with DELETE /api/tokens/{id}");
        }
        return call.noBody()
                .compose(nothing -> bus.request(new Accounts.Logout(call.principal())))
                .map(done -> SessionCookie.clear(Answer.noContent()));
    }

    private Future<Answer> changePassword(Call call) {
        return call.body(json -> new Accounts.ChangePassword(
                        call.principal().username(),
                        json.text("current_password", LONGEST_PASSWORD),
                        json.text("new_password", LONGEST_PASSWORD)))
                .compose(bus::request)
                .map(done -> Answer.noContent());
    }

    private Future<Answer> issueTicket(Call call) {
        return call.body(json -> {
                    var resource = json.text("resource", 300);
                    if (!STREAM.matcher(resource).matches()) {
                        json.problem(
                                "resource",
                                "must be the path of an event stream or a socket: /api/operations/ID/events");
                    }
                    return new Accounts.IssueTicket(call.principal(), Authentication.resource(resource));
                })
                .compose(bus::request)
                .map(ticket -> Answer.ok(new JsonObject()
                                .put("ticket", ticket.ticket())
                                .put("expires_at", Json.time(ticket.expiresAt())))
                        .uncompressed());
    }
}
