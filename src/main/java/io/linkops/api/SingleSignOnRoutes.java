package io.linkops.api;

import static io.linkops.api.Access.OPEN;

import io.linkops.accounts.Accounts;
import io.linkops.audit.Audit;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.oidc.SingleSignOn;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ways to log in, and the one by an OpenID provider: a browser is sent there and comes back. */
final class SingleSignOnRoutes {
    private static final String PROVIDER_LOGIN = "/api/auth/oidc/login";
    private static final Logger LOG = LoggerFactory.getLogger(SingleSignOnRoutes.class);
    private static final Pattern WORD = Pattern.compile("[a-z_]{1,40}");

    /** Document, keys, code, keys once more, person: each has its own limit in the configuration. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Bus bus;
    private final InstantSource clock;

    SingleSignOnRoutes(Bus bus, InstantSource clock) {
        this.bus = bus;
        this.clock = clock;
    }

    void register(Routes routes) {
        routes.get("/api/auth/methods", OPEN, this::methods)
                .get(PROVIDER_LOGIN, OPEN, this::begin)
                .get("/api/auth/oidc/callback", OPEN, this::complete);
    }

    private Future<Answer> methods(Call call) {
        return bus.request(new SingleSignOn.FindProvider()).map(provider -> Answer.ok(json(provider)));
    }

    private static JsonObject json(SingleSignOn.Provider provider) {
        var oidc = provider.name() == null
                ? null
                : new JsonObject()
                        .put("name", provider.name())
                        .put("login_url", PROVIDER_LOGIN)
                        .put("logout_url", provider.logoutUrl());
        return new JsonObject().put("password", true).put("oidc", oidc);
    }

    private Future<Answer> begin(Call call) {
        return bus.request(new SingleSignOn.Begin(one(call.request(), "return_to")), PATIENCE)
                .map(begun -> FlowCookie.put(redirect(begun.url()), begun.ticket(), begun.lifetime()))
                .recover(SingleSignOnRoutes::toLogInPage);
    }

    private Future<Answer> complete(Call call) {
        var request = call.request();
        var callback = new SingleSignOn.Callback(
                one(request, "state"), one(request, "code"), one(request, "error"), one(request, "iss"));
        var complete = new SingleSignOn.Complete(FlowCookie.read(request), callback, Proxies.address(request));
        return bus.request(complete, PATIENCE)
                .onSuccess(entrance -> note(call, entrance.session().user().username(), Audit.SUCCESS))
                .onFailure(cause -> note(call, "", code(cause).name()))
                .map(entrance -> enter(entrance.session(), entrance.returnTo()))
                .recover(SingleSignOnRoutes::toLogInPage)
                .map(FlowCookie::clear);
    }

    /** It has happened: it is on record now, or later. */
    private void note(Call call, String username, String result) {
        var who = new Audit.Who(username, "", Audit.Auth.PROVIDER, Proxies.address(call.request()));
        var entry =
                new Audit.Entry(who, "auth.login", "auth", "", Map.of(), result, FrontDoor.requestId(call.request()));
        bus.request(new Audit.Note(entry, true)).onFailure(late -> LOG.debug("A log-in is recorded later", late));
    }

    private static ErrorCode code(Throwable cause) {
        return cause instanceof Failure failure ? failure.code() : ErrorCode.INTERNAL;
    }

    private Answer enter(Accounts.Session session, String returnTo) {
        var seconds = Duration.between(clock.instant(), session.expiresAt()).toSeconds();
        return SessionCookie.put(redirect(returnTo), session.token(), seconds);
    }

    /** Given twice is given wrong. */
    private static @Nullable String one(HttpServerRequest request, String parameter) {
        var values = request.params().getAll(parameter);
        return values.size() == 1 ? values.getFirst() : null;
    }

    /** A person looks at this: the page says what to do, and knows each word. */
    private static Future<Answer> toLogInPage(Throwable cause) {
        if (!(cause instanceof Failure failure) || failure.code() == ErrorCode.NOT_FOUND) {
            return Future.failedFuture(cause);
        }
        var reason = failure.details().get("reason") instanceof String word
                        && WORD.matcher(word).matches()
                ? word
                : "failed";
        return Future.succeededFuture(redirect("/?login_problem=" + reason));
    }

    private static Answer redirect(String url) {
        return call -> {
            call.request().resume();
            call.response().setStatusCode(302).putHeader("Location", url).end();
        };
    }
}
