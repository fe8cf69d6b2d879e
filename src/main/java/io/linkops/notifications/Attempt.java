package io.linkops.notifications;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of one try to deliver.
 *
 * @param status of the HTTP answer; null if there was none
 * @param error for people, without URL or secret; null if it was delivered
 * @param retryAfter how long the receiver asked to be left alone; null if it did not
 */
record Attempt(
        Verdict verdict,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable Duration retryAfter) {

    /** Whether it is worth another try. */
    enum Verdict {
        DELIVERED,
        /** It may work later. */
        RETRY,
        /** It will not work later either. */
        REFUSED
    }

    static Attempt delivered(@Nullable Integer status) {
        return new Attempt(Verdict.DELIVERED, status, null, null);
    }

    static Attempt later(String error) {
        return new Attempt(Verdict.RETRY, null, error, null);
    }

    static Attempt refused(String error) {
        return new Attempt(Verdict.REFUSED, null, error, null);
    }

    /** What an HTTP status means: only 5xx and 429 are worth another try. */
    static Attempt of(int status, @Nullable Duration retryAfter) {
        if (status >= 200 && status < 300) {
            return delivered(status);
        }
        if (status >= 300 && status < 400) {
            return new Attempt(
                    Verdict.REFUSED,
                    status,
                    "The receiver answered " + status + ": redirects are not followed; give the final URL",
                    null);
        }
        var isWorthIt = status >= 500 || status == 429;
        return new Attempt(
                isWorthIt ? Verdict.RETRY : Verdict.REFUSED,
                status,
                "The receiver answered " + status,
                isWorthIt ? retryAfter : null);
    }

    boolean isDelivered() {
        return verdict == Verdict.DELIVERED;
    }
}
