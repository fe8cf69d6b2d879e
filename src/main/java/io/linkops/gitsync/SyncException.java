package io.linkops.gitsync;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why a sync could not be done: what failed, which one, what to do next; never with a credential in it. */
final class SyncException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final boolean isNetworkFault;
    private final transient Map<String, Object> details;

    SyncException(ErrorCode code, String message) {
        this(code, message, false, Map.of(), null);
    }

    SyncException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, false, Map.of(), cause);
    }

    SyncException(
            ErrorCode code,
            String message,
            boolean isNetworkFault,
            Map<String, Object> details,
            @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.isNetworkFault = isNetworkFault;
        this.details = details;
    }

    /** Whether trying again in a moment may help. */
    boolean isNetworkFault() {
        return isNetworkFault;
    }

    ErrorCode code() {
        return code;
    }

    Map<String, Object> details() {
        return details;
    }

    Failure toFailure() {
        var message = getMessage();
        return new Failure(code, message == null ? code.name() : message, details);
    }
}
