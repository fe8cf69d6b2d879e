package io.linkops.api;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;

/** Reads a body that may be at most so long and must arrive in time. The request was paused until now. */
final class BodyReader {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private BodyReader() {}

    static Future<Buffer> read(HttpServerRequest request, int limit) {
        Promise<Buffer> whole = Promise.promise();
        var body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() > limit) {
                whole.tryFail(tooLarge(limit));
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(end -> whole.tryComplete(body));
        request.exceptionHandler(cause -> whole.tryFail(malformed("The body could not be read to its end")));
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
        request.resume();
        return whole.future()
                .timeout(PATIENCE.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
                .recover(BodyReader::late);
    }

    private static Future<Buffer> late(Throwable cause) {
        return Future.failedFuture(
                cause instanceof java.util.concurrent.TimeoutException
                        ? malformed("The body did not arrive within " + PATIENCE.toSeconds() + " s")
                        : cause);
    }

    static Failure tooLarge(int limit) {
        return new Failure(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "The body is longer than " + limit + " bytes",
                Map.of("max_body_bytes", limit));
    }

    static Failure malformed(String message) {
        return new Failure(ErrorCode.MALFORMED_REQUEST, message);
    }
}
