package io.linkops.accounts;

import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Who is locked out at the moment because of failed log-ins, and until when. */
final class Locks {
    private final AttemptStore attempts;
    private final LockoutPolicy policy;
    private final InstantSource clock;

    Locks(AttemptStore attempts, LockoutPolicy policy, InstantSource clock) {
        this.attempts = attempts;
        this.policy = policy;
        this.clock = clock;
    }

    /** By user name; where several lanes of one are locked, the end of the last. */
    Future<Map<String, Instant>> ends() {
        var now = clock.instant();
        return attempts.failures(policy.earliest(now), policy.latest(now)).map(failures -> {
            Map<String, Instant> ends = new HashMap<>();
            failures.forEach((attempt, times) -> {
                if (!attempt.lane().equals(LogIn.INSIDE)) {
                    policy.lockedUntil(times, now)
                            .ifPresent(end -> ends.merge(attempt.username(), end, (a, b) -> a.isAfter(b) ? a : b));
                }
            });
            return ends;
        });
    }
}
