package io.linkops.bus;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one exception that crosses the bus: a code, a sentence that says what failed, which one and what to do next, and
 * details for machines. Replying with it fails the caller's future on whatever node the caller is.
 */
public final class Failure extends ReplyException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    @SuppressWarnings("serial") // never serialised by Java: MessageCodecs writes it
    private final Map<String, Object> details;

    public Failure(ErrorCode code, String message) {
        this(code, message, Map.of());
    }

    /** @param details JSON-like values only: strings, numbers, booleans, lists and maps of these */
    public Failure(ErrorCode code, String message, Map<String, ?> details) {
        super(ReplyFailure.RECIPIENT_FAILURE, code.httpStatus(), message);
        this.code = code;
        this.details = Collections.unmodifiableMap(new TreeMap<>(details));
    }

    public ErrorCode code() {
        return code;
    }

    public Map<String, Object> details() {
        return details;
    }

    /** The sentence for people; never null. */
    public String text() {
        var message = getMessage();
        return message == null ? code.name() : message;
    }
}
