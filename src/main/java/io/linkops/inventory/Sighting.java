package io.linkops.inventory;

import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.RecordEnrollment;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** One look at a link, in the precision in which it is stored. */
record Sighting(
        String linkId,
        Enrollment enrollment,
        @Nullable String offeredHostKey,
        @Nullable Long latencyMillis) {

    static Sighting of(RecordEnrollment look) {
        var seen = look.enrollment();
        var verifiedAt = seen.verifiedAt();
        var stored = new Enrollment(
                seen.status(),
                seen.clientIdFound(),
                seen.clientIdMatches(),
                seen.reason(),
                seen.error(),
                verifiedAt == null ? null : verifiedAt.truncatedTo(ChronoUnit.MILLIS));
        return new Sighting(look.linkId(), stored, look.offeredHostKey(), look.latencyMillis());
    }

    /** Whether the look got in. */
    boolean isOnline() {
        return Inventory.LinkStatus.of(enrollment) == Inventory.LinkStatus.ONLINE;
    }

    /** Whether the look says anything of the host key: it was refused, or it was proven. */
    boolean tellsOfHostKey() {
        return offeredHostKey != null || isOnline();
    }
}
