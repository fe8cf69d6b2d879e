package io.linkops.api;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where every request enters: it gets its id and the security headers of its answer. */
final class FrontDoor implements Handler<HttpServerRequest> {
    private static final String REQUEST_ID = "X-Request-Id";

    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private final Router router;
    private final ErrorHandler errors;
    private final AccessLog log;
    private final Supplier<String> requestIds;
    private final Proxies proxies;

    FrontDoor(Router router, ErrorHandler errors, AccessLog log, Supplier<String> requestIds, Proxies proxies) {
        this.router = router;
        this.errors = errors;
        this.log = log;
        this.requestIds = requestIds;
        this.proxies = proxies;
    }

    @Override
    public void handle(HttpServerRequest request) {
        enter(request);
        if (!isPath(request.path())) {
            refuse(request, BodyReader.malformed("The path is not one: look for a % without two hex digits"));
            return;
        }
        if (isBroken(request.query())) {
            refuse(request, BodyReader.malformed("The query is not one: look for a % without two hex digits"));
            return;
        }
        // Nothing of a body is read before it is known who sends it.
        request.pause();
        router.handle(request);
    }

    /** What the HTTP parser refused. */
    void handleInvalid(HttpServerRequest request) {
        enter(request);
        request.response().putHeader("Connection", "close");
        var isTooLong = request.decoderResult().cause() instanceof TooLongFrameException;
        refuse(
                request,
                isTooLong
                        ? new Failure(ErrorCode.PAYLOAD_TOO_LARGE, "The request line or a header is too long")
                        : BodyReader.malformed("This is not a valid HTTP request"));
    }

    private static boolean isPath(@Nullable String path) {
        return path != null && path.startsWith("/") && !isBroken(path);
    }

    private static boolean isBroken(@Nullable String encoded) {
        return encoded != null && BROKEN_ESCAPE.matcher(encoded).find();
    }

    private void refuse(HttpServerRequest request, Failure failure) {
        log.invalid(request);
        errors.answer(request, failure);
    }

    private void enter(HttpServerRequest request) {
        proxies.settle(request);
        request.response().putHeader(REQUEST_ID, requestIds.get());
        SecurityHeaders.put(request);
    }

    static String requestId(HttpServerRequest request) {
        return Objects.requireNonNull(request.response().headers().get(REQUEST_ID));
    }
}
