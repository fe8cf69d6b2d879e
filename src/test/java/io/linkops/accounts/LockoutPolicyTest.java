package io.linkops.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LockoutPolicyTest {
    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
    private static final LockoutPolicy POLICY = new LockoutPolicy(3, Duration.ofMinutes(5), Duration.ofMinutes(10));

    @Test
    void allowsWhileThereAreFewerFailuresThanAllowed() {
        assertThat(POLICY.lockedUntil(List.of(NOW, NOW), NOW)).isEmpty();
    }

    @Test
    void locksFromTheLastFailureOn() {
        var failures = List.of(NOW.minusSeconds(200), NOW.minusSeconds(100), NOW.minusSeconds(50));

        assertThat(POLICY.lockedUntil(failures, NOW))
                .contains(NOW.minusSeconds(50).plus(Duration.ofMinutes(10)));
    }

    @Test
    void staysLockedWhenTheFirstFailuresHaveLeftTheWindowSince() {
        var last = NOW.minus(Duration.ofMinutes(9));

        assertThat(POLICY.lockedUntil(List.of(last, last, last), NOW)).isPresent();
    }

    @Test
    void allowsWhenTheFailuresDoNotFitIntoOneWindow() {
        var failures = List.of(
                NOW, NOW.minusSeconds(1), NOW.minus(Duration.ofMinutes(5)).minusMillis(1));

        assertThat(POLICY.lockedUntil(failures, NOW)).isEmpty();
    }

    @Test
    void doesNotLockForAYearBecauseTheClockWasAYearAhead() {
        var wrong = NOW.plus(Duration.ofDays(365));

        assertThat(POLICY.lockedUntil(List.of(wrong, wrong, wrong), NOW)).isEmpty();
    }

    @Test
    void keepsTheLockWhenTheClockStepsBackALittle() {
        assertThat(POLICY.lockedUntil(List.of(NOW, NOW, NOW), NOW.minusSeconds(2)))
                .isPresent();
    }
}
