package io.linkops.accounts;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * When failed log-ins lock an account: {@code maxFailedAttempts} of them within {@code failureWindow} lock it until
 * {@code lockoutDuration} after the last of them. Attempts made while it is locked are not among the failures given
 * here, so they can't prolong a lock.
 */
record LockoutPolicy(int maxFailedAttempts, Duration failureWindow, Duration lockoutDuration) {

    /** Until when the account is locked; empty when an attempt may be made at {@code now}. */
    Optional<Instant> lockedUntil(List<Instant> failures, Instant now) {
        var latest = failures.stream()
                .filter(at -> !at.isAfter(latest(now)))
                .sorted(Comparator.reverseOrder())
                .limit(maxFailedAttempts)
                .toList();
        if (latest.size() < maxFailedAttempts) {
            return Optional.empty();
        }
        var last = latest.getFirst();
        if (Duration.between(latest.getLast(), last).compareTo(failureWindow) > 0) {
            return Optional.empty();
        }
        return Optional.of(last.plus(lockoutDuration)).filter(now::isBefore);
    }

    /** No failure before this matters at {@code now}. */
    Instant earliest(Instant now) {
        return now.minus(failureWindow).minus(lockoutDuration);
    }

    /** A failure after this is from a clock that was ahead, and must not lock anybody for longer than a lock lasts. */
    Instant latest(Instant now) {
        return now.plus(lockoutDuration);
    }
}
