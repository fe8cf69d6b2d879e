package io.linkops.api;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever failed into the one error shape (P36); nothing internal is shown, the log has it. */
final class ErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorHandler.class);
    private static final long RETRY_SECONDS = 5;

    private final InstantSource clock;

    ErrorHandler(InstantSource clock) {
        this.clock = clock;
    }

    /** What vertx-web itself refused, or an exception of a handler. */
    void failed(RoutingContext context) {
        var cause = context.failure();
        answer(
                context.request(),
                cause == null || cause instanceof HttpException ? refusal(context.statusCode()) : cause);
    }

    private static Failure refusal(int status) {
        return switch (status) {
            case 404 -> new Failure(ErrorCode.NOT_FOUND, "There is nothing at this path");
            case 405 -> new Failure(ErrorCode.METHOD_NOT_ALLOWED, "This method is not possible here");
            case 413 -> new Failure(ErrorCode.PAYLOAD_TOO_LARGE, "The request is too large");
            case 415 -> new Failure(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json");
            case 500 -> new Failure(ErrorCode.INTERNAL, "An internal error; the log has the details");
            default -> BodyReader.malformed("The request could not be understood: look at its path and headers");
        };
    }

    void answer(HttpServerRequest request, Throwable cause) {
        var failure = asFailure(request, cause);
        var response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            request.connection().close();
            return;
        }
        putHeaders(request, failure);
        request.resume();
        response.setStatusCode(failure.code().httpStatus())
                .end(body(failure, FrontDoor.requestId(request)).toBuffer());
    }

    private static Failure asFailure(HttpServerRequest request, Throwable cause) {
        var id = FrontDoor.requestId(request);
        if (cause instanceof Failure failure) {
            if (failure.code().category() == ErrorCode.Category.SERVER) {
                LOG.warn(
                        "Request {} ({} {}) failed: {} {}",
                        id,
                        request.method(),
                        AccessLog.path(request),
                        failure.code(),
                        AccessLog.inOneLine(failure.text()));
            }
            return failure;
        }
        LOG.error("Request {} ({} {}) failed unexpectedly", id, request.method(), AccessLog.path(request), cause);
        return new Failure(ErrorCode.INTERNAL, "An internal error; the log has the details under the request id " + id);
    }

    private void putHeaders(HttpServerRequest request, Failure failure) {
        var response = request.response().putHeader("Content-Type", "application/json");
        response.headers().remove("Content-Encoding");
        if (failure.code().httpStatus() == 401) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        switch (failure.code()) {
            case RATE_LIMITED, UNAVAILABLE, STORAGE_UNAVAILABLE ->
                response.putHeader("Retry-After", seconds(failure, "retry_after_seconds", RETRY_SECONDS));
            case ACCOUNT_LOCKED -> response.putHeader("Retry-After", untilUnlock(failure));
            case PAYLOAD_TOO_LARGE -> closeWhenDrained(request);
            default -> {}
        }
    }

    private static String seconds(Failure failure, String detail, long otherwise) {
        return failure.details().get(detail) instanceof Number number
                ? Long.toString(number.longValue())
                : Long.toString(otherwise);
    }

    private String untilUnlock(Failure failure) {
        try {
            var unlockAt = Instant.parse(Objects.toString(failure.details().get("unlock_at")));
            return Long.toString(
                    Math.max(1, Duration.between(clock.instant(), unlockAt).toSeconds() + 1));
        } catch (DateTimeParseException e) {
            return Long.toString(RETRY_SECONDS);
        }
    }

    /** Closing at once would take the answer away from a client that is still sending. */
    private static void closeWhenDrained(HttpServerRequest request) {
        var connection = request.connection();
        Objects.requireNonNull(Vertx.currentContext()).owner().setTimer(RETRY_SECONDS * 1000, late -> {
            if (!request.isEnded()) {
                connection.close();
            }
        });
    }

    private JsonObject body(Failure failure, String requestId) {
        return new JsonObject()
                .put(
                        "error",
                        new JsonObject()
                                .put("code", failure.code().name())
                                .put("message", failure.text())
                                .put("details", new JsonObject(new java.util.LinkedHashMap<>(failure.details())))
                                .put("timestamp", clock.instant().toString())
                                .put("request_id", requestId));
    }
}
