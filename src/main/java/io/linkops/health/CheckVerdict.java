package io.linkops.health;

import io.linkops.config.HealthConfig;
import io.linkops.health.Health.Check;
import io.linkops.health.Health.Result;
import io.linkops.health.Health.Stage;
import io.linkops.inventory.EnrollmentVerdict;
import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.Latency;
import io.linkops.inventory.Inventory.LinkStatus;
import io.linkops.inventory.Inventory.Target;
import io.linkops.ssh.RouteCheck;
import io.linkops.ssh.RouteLook;
import io.linkops.ssh.SshException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a look means (P28, pure): online or not, why not, how fast, and what it says of the enrollment. */
final class CheckVerdict {
    private static final String JUMP_HOST = "jump_host";

    private final HealthConfig config;

    CheckVerdict(HealthConfig config) {
        this.config = config;
    }

    /** The link's state is put in later: {@link #of(Check, LinkStatus)}. */
    Check of(Target target, RouteLook look, Instant at, Duration took) {
        var stages = look.check().stages().stream().map(CheckVerdict::stage).toList();
        var failure = look.check().failure();
        if (failure != null) {
            return failed(target, look, failure, stages, at, took);
        }
        var latency = millis(look);
        return new Check(
                target.linkId(),
                Result.ONLINE,
                at,
                took,
                latency,
                latency == null ? null : level(latency),
                look.isKept(),
                stages,
                null,
                null,
                null,
                null,
                LinkStatus.UNKNOWN,
                look.clientId() == null ? null : EnrollmentVerdict.of(target, look.clientId(), at));
    }

    /** A link behind a jump host of which it is known that it is out of reach. */
    static Check behind(String linkId, HopOutages.Known outage, Instant at) {
        var stage = new Stage(outage.hop(), outage.stage(), Duration.ZERO, false);
        return new Check(
                linkId,
                Result.OFFLINE,
                at,
                Duration.ZERO,
                null,
                null,
                false,
                List.of(stage),
                outage.stage(),
                outage.hop(),
                JUMP_HOST,
                because(outage.hop(), outage.error()),
                LinkStatus.UNKNOWN,
                null);
    }

    /** The same with the state the link has after it. */
    static Check of(Check check, LinkStatus status) {
        return new Check(
                check.linkId(),
                check.result(),
                check.at(),
                check.took(),
                check.latencyMillis(),
                check.latency(),
                check.isKept(),
                check.stages(),
                check.stage(),
                check.hop(),
                check.reason(),
                check.error(),
                status,
                check.enrollment());
    }

    private Check failed(
            Target target, RouteLook look, SshException failure, List<Stage> stages, Instant at, Duration took) {
        var isOwn = failure.hop().equals(target.linkId());
        var isOurs = failure.reason() == SshException.Reason.EXHAUSTED;
        return new Check(
                target.linkId(),
                isOurs ? Result.UNKNOWN : Result.OFFLINE,
                at,
                took,
                null,
                null,
                look.isKept(),
                stages,
                stages.getLast().act(),
                failure.hop(),
                isOwn || isOurs ? word(failure.reason()) : JUMP_HOST,
                isOwn || isOurs ? failure.text() : because(failure.hop(), failure.text()),
                LinkStatus.UNKNOWN,
                isOwn ? enrollment(failure, at) : null);
    }

    /** Being out of reach takes nothing back; another host key does. */
    private static @Nullable Enrollment enrollment(SshException failure, Instant at) {
        return switch (failure.reason()) {
            case HOST_KEY_CHANGED, HOST_KEY_UNKNOWN -> EnrollmentVerdict.of(failure, at);
            default -> null;
        };
    }

    private static String because(String hop, String error) {
        return "Unreachable because of hop " + hop + ": " + error;
    }

    private static Stage stage(RouteCheck.Stage stage) {
        return new Stage(stage.hop(), word(stage.act()), stage.took(), stage.failure() == null);
    }

    /** Rounded up: nothing takes no time. */
    private static @Nullable Long millis(RouteLook look) {
        var roundTrip = look.roundTrip();
        return roundTrip == null ? null : Long.valueOf(Math.max(1, (roundTrip.toNanos() + 999_999) / 1_000_000));
    }

    private Latency level(long millis) {
        if (millis >= config.latencyCritical().toMillis()) {
            return Latency.CRITICAL;
        }
        return millis >= config.latencyWarning().toMillis() ? Latency.SLOW : Latency.OK;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
