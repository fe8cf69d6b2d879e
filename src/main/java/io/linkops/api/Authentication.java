package io.linkops.api;

import io.linkops.accounts.Accounts;
import io.linkops.accounts.Accounts.Principal;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/** Finds out who asks and whether the endpoint is open to them; without a clear yes the answer is no. */
final class Authentication {
    private static final int LONGEST_TOKEN = 8_192;
    private static final String BEARER = "Bearer ";

    private final Bus bus;
    private final Scoping scoping;

    Authentication(Bus bus) {
        this.bus = bus;
        this.scoping = new Scoping(bus);
    }

    /** Completes when the endpoint may be used; the call then knows its principal. */
    Future<Void> admit(Call call, Endpoint endpoint) {
        if (endpoint.access() == Access.OPEN) {
            return Future.succeededFuture();
        }
        return identify(call, endpoint).compose(principal -> {
            authorise(principal, endpoint);
            return scoping.admit(call, endpoint);
        });
    }

    /** The header first: it was set on purpose. A cookie comes along by itself. */
    private Future<Principal> identify(Call call, Endpoint endpoint) {
        var header = call.request().headers().getAll("Authorization");
        if (!header.isEmpty()) {
            return authenticate(call, header.size() == 1 ? bearer(header.getFirst()) : "");
        }
        var ticket = endpoint.takesTickets() ? call.request().getParam("ticket") : null;
        if (ticket != null) {
            return redeem(call, ticket);
        }
        var cookie = SessionCookie.read(call.request());
        if (cookie == null) {
            return Future.failedFuture(invalid("Log in first: POST /api/auth/login"));
        }
        requireOwnScript(call.request());
        if (endpoint.kind() == Endpoint.Kind.SOCKET) {
            requireOrigin(call.request());
        }
        return authenticate(call, cookie);
    }

    private static String bearer(String header) {
        return header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : "";
    }

    private Future<Principal> authenticate(Call call, String token) {
        if (token.isEmpty() || token.length() > LONGEST_TOKEN) {
            return Future.failedFuture(invalid("Send one header Authorization: Bearer TOKEN"));
        }
        return bus.request(new Accounts.Authenticate(token)).onSuccess(call::admitted);
    }

    /** Whether somebody who was let in is still what they were then, in what they may do and where. */
    Future<Void> recheck(Call call) {
        return bus.request(new Accounts.Recheck(call.principal()))
                .compose(scoping::reach)
                .map(reach -> {
                    if (!reach.equals(call.reach())) {
                        throw new Failure(ErrorCode.FORBIDDEN, "What your scope reaches has changed; connect again");
                    }
                    return null;
                });
    }

    /** Whether a failed recheck says no, rather than nothing. */
    static boolean isRefusal(Throwable cause) {
        return cause instanceof Failure failure
                && (failure.code().httpStatus() == 401 || failure.code() == ErrorCode.FORBIDDEN);
    }

    private Future<Principal> redeem(Call call, String ticket) {
        if (ticket.isEmpty() || ticket.length() > LONGEST_TOKEN) {
            return Future.failedFuture(invalid("The ticket is not one of ours; get a new one"));
        }
        return bus.request(new Accounts.RedeemTicket(ticket, resource(call.path())))
                .onSuccess(call::admittedByTicket);
    }

    /** What a ticket is bound to: the path of the stream, the same under both prefixes. */
    static String resource(String path) {
        var resource = path.startsWith(Routes.API + "/v1/") ? Routes.API + path.substring(7) : path;
        return resource.length() > 1 && resource.endsWith("/")
                ? resource.substring(0, resource.length() - 1)
                : resource;
    }

    /** Forms and images of other sites can't set headers. */
    private static void requireOwnScript(HttpServerRequest request) {
        var isReading =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (!isReading && !"1".equals(request.getHeader("X-LinkOps"))) {
            throw new Failure(ErrorCode.FORBIDDEN, "With the cookie this needs the header X-LinkOps: 1");
        }
    }

    /** A browser says of every socket which page opens it; whether that page may is looked at later. */
    private static void requireOrigin(HttpServerRequest request) {
        if (request.getHeader("Origin") == null) {
            throw new Failure(ErrorCode.FORBIDDEN, "With the cookie a socket needs the header Origin");
        }
    }

    private static void authorise(Principal principal, Endpoint endpoint) {
        if (!endpoint.access().admits(principal.role())) {
            var needed = Texts.word(endpoint.access().role());
            throw new Failure(
                    ErrorCode.FORBIDDEN,
                    "This needs the role " + needed + "; " + principal.username() + " is "
                            + Texts.word(principal.role()),
                    Map.of("needed_role", needed));
        }
    }

    static Failure invalid(String message) {
        return new Failure(ErrorCode.TOKEN_INVALID, message);
    }
}
