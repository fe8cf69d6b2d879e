package io.linkops.oidc;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.oidc.SingleSignOn.Problem;
import java.util.Map;

/** Makes the failures of this room. */
final class Refusal {
    private Refusal() {}

    static Failure of(Problem problem, String text) {
        return new Failure(code(problem), text, Map.of("reason", problem.word()));
    }

    static Failure unreachable(String text) {
        return of(Problem.UNREACHABLE, text);
    }

    static Failure untrusted(String text) {
        return of(Problem.UNTRUSTED, text);
    }

    private static ErrorCode code(Problem problem) {
        return switch (problem) {
            case UNREACHABLE -> ErrorCode.UNAVAILABLE;
            case BUSY -> ErrorCode.RATE_LIMITED;
            case STALE, UNTRUSTED -> ErrorCode.TOKEN_INVALID;
            case REFUSED -> ErrorCode.FORBIDDEN;
        };
    }
}
