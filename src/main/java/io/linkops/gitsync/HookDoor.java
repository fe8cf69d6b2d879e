package io.linkops.gitsync;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.GitConfig;
import io.linkops.gitsync.GitSync.Hook;
import io.linkops.gitsync.GitSync.HookAnswer;
import io.linkops.gitsync.GitSync.HookOutcome;
import io.linkops.gitsync.GitSync.Hooks;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where hooks come in: counts them, lets signed ones pass. */
final class HookDoor {
    private static final Logger LOG = LoggerFactory.getLogger(HookDoor.class);

    private final @Nullable HookPolicy policy;
    private final InstantSource clock;
    private long started;
    private long ignored;
    private long refused;
    private @Nullable Instant lastRefusedAt;

    HookDoor(GitConfig config, InstantSource clock) {
        this.policy = config.webhookSecret() == null || config.repositoryUrl() == null
                ? null
                : new HookPolicy(config.webhookSecret(), config.branch());
        this.clock = clock;
    }

    HookAnswer enter(Hook hook, Runnable sync) {
        if (policy == null) {
            throw new Failure(
                    ErrorCode.FORBIDDEN,
                    "Hooks are not taken: set git.repository_url and git.webhook_secret, restart LinkOps, and give the"
                            + " same secret to the Git host");
        }
        if (!policy.isSigned(hook)) {
            refused++;
            lastRefusedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            LOG.warn("A hook from {} was refused: it is not signed with git.webhook_secret", hook.address());
            throw new Failure(
                    ErrorCode.INVALID_CREDENTIALS,
                    "The hook is not signed with git.webhook_secret; give the Git host the same secret");
        }
        var answer = policy.meaning(hook);
        if (answer.outcome() == HookOutcome.STARTED) {
            started++;
            sync.run();
        } else {
            ignored += answer.outcome() == HookOutcome.IGNORED ? 1 : 0;
        }
        return answer;
    }

    Hooks count() {
        return new Hooks(policy != null, started, ignored, refused, lastRefusedAt);
    }
}
