package io.linkops.api;

import io.linkops.accounts.Accounts.Principal;
import io.linkops.inventory.Inventory.Reach;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request on its way through an endpoint: what was asked, and by whom. */
final class Call {
    private static final int LONGEST_ECHO = 200;

    private final RoutingContext context;
    private final int maxBodyBytes;
    private @Nullable Principal principal;
    private boolean isByTicket;
    private Reach reach = Reach.ALL;
    private @Nullable Buffer seenBody;

    Call(RoutingContext context, int maxBodyBytes) {
        this.context = context;
        this.maxBodyBytes = maxBodyBytes;
    }

    HttpServerRequest request() {
        return context.request();
    }

    HttpServerResponse response() {
        return context.response();
    }

    /** Runs when the answer is out, or the client is gone, whichever comes first. */
    void whenOver(Runnable act) {
        context.addEndHandler(over -> act.run());
    }

    boolean isHead() {
        return request().method().equals(HttpMethod.HEAD);
    }

    /** The normalised path, as the router sees it. */
    String path() {
        return context.normalizedPath();
    }

    /** A decoded part of the path; the router saw to it that it is there. What can't be a name is not found. */
    String part(String name) {
        var part = Objects.requireNonNull(context.pathParam(name), name);
        if (Texts.problem(part, LONGEST_ECHO) != null) {
            throw ApiRouter.notFound(path());
        }
        return part;
    }

    /** Reads the query; what it does not ask for is refused. */
    <T> T query(Function<QueryReader, T> reading) {
        return QueryReader.read(context, reading);
    }

    /** Reads the body as a JSON object; what it does not ask for is refused. */
    <T> Future<T> body(Function<JsonReader, T> reading) {
        return bytes().map(body -> JsonReader.read(request(), body, reading));
    }

    /** Reads the body as a JSON object if there is one. */
    <T> Future<T> optionalBody(Function<JsonReader, T> reading, T otherwise) {
        return bytes().map(body -> body.length() == 0 ? otherwise : JsonReader.read(request(), body, reading));
    }

    /** Reads the body as it came. */
    Future<Buffer> bytes() {
        return BodyReader.read(request(), maxBodyBytes).onSuccess(body -> seenBody = body);
    }

    /** For endpoints without a body: nothing or an empty object. */
    Future<Void> noBody() {
        return BodyReader.read(request(), maxBodyBytes).map(body -> {
            if (body.length() > 0) {
                JsonReader.read(request(), body, json -> true);
            }
            return null;
        });
    }

    /** Whoever asks; only on endpoints that are not open. */
    Principal principal() {
        return Objects.requireNonNull(principal, "nobody was authenticated");
    }

    /** What there is for whoever asks: everything, unless they have a scope and the endpoint is not free of it. */
    Reach reach() {
        return reach;
    }

    /** Whoever asks, if that is known. */
    @Nullable
    Principal principalOrNull() {
        return principal;
    }

    /** The body, once it was read. */
    @Nullable
    Buffer seenBody() {
        return seenBody;
    }

    /** A decoded part of the path as it came, for the record. */
    String rawPart(String name) {
        return shortened(Objects.requireNonNullElse(context.pathParam(name), ""));
    }

    void reaches(Reach reach) {
        this.reach = reach;
    }

    void admittedByTicket(Principal principal) {
        isByTicket = true;
        admitted(principal);
    }

    /** Whether a stream's ticket was shown, not a token. */
    boolean isByTicket() {
        return isByTicket;
    }

    void admitted(Principal principal) {
        this.principal = principal;
        AccessLog.name(context, principal.username());
    }

    /** Foreign text, cut for use in a sentence. */
    static String shortened(String text) {
        return text.length() <= LONGEST_ECHO ? text : text.substring(0, LONGEST_ECHO) + "…";
    }
}
