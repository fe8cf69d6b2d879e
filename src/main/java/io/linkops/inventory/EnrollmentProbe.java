package io.linkops.inventory;

import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.RecordEnrollment;
import io.linkops.inventory.Inventory.Target;
import io.linkops.ssh.ScriptChannel;
import io.linkops.ssh.SshConnection;
import io.linkops.ssh.SshConnections;
import io.linkops.ssh.SshException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a link, blocking: connects, reads the client id, judges. Refusals are results. */
final class EnrollmentProbe {
    private static final Logger LOG = LoggerFactory.getLogger(EnrollmentProbe.class);

    private final SshConnections connections;
    private final Duration readTimeout;
    private final InstantSource clock;
    private final Supplier<UUID> ids;

    EnrollmentProbe(SshConnections connections, Duration readTimeout, InstantSource clock, Supplier<UUID> ids) {
        this.connections = connections;
        this.readTimeout = readTimeout;
        this.clock = clock;
        this.ids = ids;
    }

    RecordEnrollment look(Target target) {
        var begun = clock.instant();
        try (var connection = connections.borrow(target.route())) {
            var latency = latency(connection, Duration.between(begun, clock.instant()));
            try (var channel =
                    ScriptChannel.open(connection, ids.get().toString(), target.clientIdPath(), readTimeout)) {
                var verdict = EnrollmentVerdict.of(target, channel.clientId(), clock.instant());
                if (!verdict.isEnrolled()) {
                    log(target, verdict, null);
                }
                return new RecordEnrollment(target.linkId(), verdict, null, latency);
            }
        } catch (SshException e) {
            var verdict = EnrollmentVerdict.of(e, clock.instant());
            log(target, verdict, e);
            var offered = EnrollmentVerdict.offeredHostKey(e, target.linkId());
            return new RecordEnrollment(target.linkId(), verdict, offered, null);
        }
    }

    private static void log(Target target, Enrollment verdict, @Nullable SshException failure) {
        LOG.atWarn()
                .setCause(failure)
                .log(
                        "Link {} is not enrolled ({}): {}",
                        target.route().destination(),
                        verdict.reason(),
                        verdict.error());
    }

    private static @Nullable Long latency(SshConnection connection, Duration spent) {
        return connection.isReused() ? null : Math.max(0, spent.toMillis());
    }
}
