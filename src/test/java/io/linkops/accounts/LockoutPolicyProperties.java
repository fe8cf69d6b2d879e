package io.linkops.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The lock against an account of it in plain words. */
class LockoutPolicyProperties {
    private static final Instant START = Instant.parse("2026-11-01T10:00:00Z");

    /**
     * R1.3: whatever the gaps between attempts, an attempt is refused if and only if {@code max} counted failures lie
     * within one window and the last of them is less than a lockout ago; a lock never lasts longer than the lockout.
     */
    @Property(tries = 500)
    void locksExactlyWhenTooManyFailuresFitIntoOneWindow(
            @ForAll @IntRange(min = 1, max = 6) int max,
            @ForAll @IntRange(min = 1, max = 600) int window,
            @ForAll @IntRange(min = 1, max = 600) int lockout,
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 0, max = 200) Integer> gaps) {
        var policy = new LockoutPolicy(max, Duration.ofSeconds(window), Duration.ofSeconds(lockout));
        List<Integer> counted = new ArrayList<>();
        int now = 0;
        for (int gap : gaps) {
            now += gap;
            boolean expected = false;
            if (counted.size() >= max) {
                var last = counted.getLast();
                expected = last - counted.get(counted.size() - max) <= window && now < last + lockout;
            }
            var shuffled =
                    new ArrayList<>(counted.stream().map(START::plusSeconds).toList());
            Collections.shuffle(shuffled, new java.util.Random(gap));

            var until = policy.lockedUntil(shuffled, START.plusSeconds(now));

            assertThat(until.isPresent()).isEqualTo(expected);
            var latest = START.plusSeconds(now + lockout);
            assertThat(until.orElse(START)).isBeforeOrEqualTo(latest);
            if (!expected) {
                counted.add(now);
            }
        }
    }

    /** Attempts made while locked are not counted, so any flood of them ends with the lock. */
    @Property(tries = 200)
    void anAccountIsOpenAgainOneLockoutAfterTheLastCountedFailure(
            @ForAll @IntRange(min = 1, max = 20) int max, @ForAll @IntRange(min = 1, max = 3600) int lockout) {
        var policy = new LockoutPolicy(max, Duration.ofMinutes(5), Duration.ofSeconds(lockout));
        var failures = Collections.nCopies(max, START);

        assertThat(policy.lockedUntil(failures, START.plusSeconds(lockout - 1))).contains(START.plusSeconds(lockout));
        assertThat(policy.lockedUntil(failures, START.plusSeconds(lockout))).isEmpty();
    }
}
