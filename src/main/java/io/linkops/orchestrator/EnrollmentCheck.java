package io.linkops.orchestrator;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory.EnrollmentStatus;
import io.linkops.inventory.Inventory.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Which targets are not known to be enrolled, and why. Pure. */
final class EnrollmentCheck {
    private static final Set<String> UNKNOWN = Set.of("unverified", "stale");

    private final Duration maxAge;

    /** @param maxAge how old the last look at a link may be */
    EnrollmentCheck(Duration maxAge) {
        this.maxAge = maxAge;
    }

    /**
     * Why a target refuses an operation.
     *
     * @param reason a stable word
     * @param error the same as a sentence
     */
    record Refusal(String target, String reason, String error) {
        private Map<String, String> details() {
            return Map.of("target", target, "reason", reason, "error", error);
        }
    }

    /** The links of which it is not known, or not lately, whether they are enrolled. */
    List<String> unknown(List<Target> targets, Instant now) {
        return targets.stream()
                .filter(target -> refusal(target, now)
                        .filter(refusal -> UNKNOWN.contains(refusal.reason()))
                        .isPresent())
                .map(Target::linkId)
                .toList();
    }

    /** @throws Failure NOT_ENROLLED naming those that are not */
    void check(List<Target> targets, Instant now) {
        List<Refusal> refused = new ArrayList<>();
        targets.forEach(target -> refusal(target, now).ifPresent(refused::add));
        if (!refused.isEmpty()) {
            var names = refused.stream().limit(10).map(Refusal::target).toList();
            throw new Failure(
                    ErrorCode.NOT_ENROLLED,
                    refused.size() + " of " + targets.size() + " targets are not enrolled (" + String.join(", ", names)
                            + (refused.size() > 10 ? ", …" : "") + "); verify them first. Nothing was run",
                    Map.of("targets", refused.stream().map(Refusal::details).toList()));
        }
    }

    Optional<Refusal> refusal(Target target, Instant now) {
        var enrollment = target.enrollment();
        var verifiedAt = enrollment.verifiedAt();
        if (enrollment.status() == EnrollmentStatus.UNVERIFIED || verifiedAt == null) {
            return refusal(target, "unverified", "was never verified");
        }
        if (enrollment.status() == EnrollmentStatus.REFUSED) {
            return refusal(
                    target,
                    Objects.requireNonNullElse(enrollment.reason(), "refused"),
                    Objects.requireNonNullElse(enrollment.error(), "was refused at the last verification"));
        }
        return verifiedAt.plus(maxAge).isBefore(now)
                ? refusal(target, "stale", "was verified too long ago (" + verifiedAt + ")")
                : Optional.empty();
    }

    private static Optional<Refusal> refusal(Target target, String reason, String error) {
        return Optional.of(new Refusal(target.linkId(), reason, error));
    }
}
