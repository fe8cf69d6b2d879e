package io.linkops.orchestrator;

import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.EnrollmentStatus;
import io.linkops.inventory.Inventory.Target;
import io.linkops.ssh.ClientIdReading;
import io.linkops.ssh.SshException;
import java.time.Instant;
import java.util.Locale;

/** What a look at a link comes to. */
final class Enrollments {
    private Enrollments() {}

    static Enrollment of(ClientIdReading reading, Target target, Instant now) {
        var found = reading.status() == ClientIdReading.Status.OK;
        var matches = found && reading.content().stripTrailing().equals(target.clientId());
        return matches
                ? new Enrollment(EnrollmentStatus.ENROLLED, true, true, null, null, now)
                : new Enrollment(EnrollmentStatus.REFUSED, found, false, "client_id_mismatch", reading.error(), now);
    }

    static Enrollment of(SshException e, Target target, Instant now) {
        return new Enrollment(
                EnrollmentStatus.REFUSED,
                false,
                false,
                e.reason().name().toLowerCase(Locale.ROOT),
                target.linkId() + ": " + e.text(),
                now);
    }
}
