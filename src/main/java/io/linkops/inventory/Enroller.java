package io.linkops.inventory;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.inventory.Inventory.EnrollStage;
import io.linkops.inventory.Inventory.EnrollStep;
import io.linkops.inventory.Inventory.Enrolling;
import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.RecordEnrollment;
import io.linkops.inventory.Inventory.Target;
import io.linkops.ssh.ClientIdReading;
import io.linkops.ssh.Payload;
import io.linkops.ssh.ScriptChannel;
import io.linkops.ssh.SshConnection;
import io.linkops.ssh.SshConnections;
import io.linkops.ssh.SshException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes a link's client id file over SSH and looks at it again over the same connection, blocking. */
final class Enroller {
    private static final byte[] PROGRAM = program();

    private final SshConnections connections;
    private final Duration timeout;
    private final InstantSource clock;
    private final Supplier<UUID> ids;

    /** @param refusal why it was not begun: the host key is not to be trusted */
    record Done(
            Enrolling answer,
            RecordEnrollment look,
            @Nullable Failure refusal) {}

    /** @param timeout for reading the file, and for writing it */
    Enroller(SshConnections connections, Duration timeout, InstantSource clock, Supplier<UUID> ids) {
        this.connections = connections;
        this.timeout = timeout;
        this.clock = clock;
        this.ids = ids;
    }

    Done enroll(Target target, boolean isReplacing) {
        var steps = new ArrayList<EnrollStep>();
        var words = new EnrollWords(target);
        try (var connection = connections.borrow(target.route())) {
            steps.addAll(words.connected());
            var replaced = write(connection, target, isReplacing, steps, words);
            var enrollment = verify(connection, target, steps);
            return done(target, steps, replaced, enrollment, null);
        } catch (SshException e) {
            var enrollment = EnrollmentVerdict.of(e, clock.instant());
            if (steps.isEmpty() && e.reason() == SshException.Reason.LOGIN_REFUSED) {
                steps.addAll(words.connected());
            }
            var sentence = enrollment.error() == null ? e.text() : enrollment.error();
            steps.add(new EnrollStep(words.stage(e, steps), false, sentence));
            return done(target, steps, null, enrollment, e);
        }
    }

    private static Done done(
            Target target,
            List<EnrollStep> steps,
            @Nullable String replaced,
            Enrollment enrollment,
            @Nullable SshException failure) {
        var offered = failure == null ? null : EnrollmentVerdict.offeredHostKey(failure, target.linkId());
        return new Done(
                new Enrolling(steps, replaced, enrollment),
                new RecordEnrollment(target.linkId(), enrollment, offered, null),
                failure == null ? null : refusal(failure));
    }

    /** First somebody has to say which host key is the right one. */
    private static @Nullable Failure refusal(SshException failure) {
        var code = switch (failure.reason()) {
            case HOST_KEY_UNKNOWN -> ErrorCode.HOST_KEY_UNKNOWN;
            case HOST_KEY_CHANGED -> ErrorCode.HOST_KEY_CHANGED;
            default -> null;
        };
        if (code == null) {
            return null;
        }
        var details = new HashMap<String, Object>(Map.of("link", failure.hop()));
        if (failure.offeredHostKey() != null) {
            details.put("offered", failure.offeredHostKey());
        }
        return new Failure(code, failure.text(), details);
    }

    /** @return the client id that was overwritten, if one was */
    private @Nullable String write(
            SshConnection connection, Target target, boolean isReplacing, List<EnrollStep> steps, EnrollWords words)
            throws SshException {
        try (var channel = ScriptChannel.open(connection, id(), target.clientIdPath(), timeout)) {
            steps.add(words.ok(
                    EnrollStage.LOG_IN,
                    "Logged in as " + target.route().destination().user()));
            var reading = channel.clientId();
            var existing = words.existing(reading, isReplacing);
            steps.add(existing);
            if (!existing.isOk() || isRight(target, reading)) {
                return null;
            }
            var said = new EnrollWords.Said();
            // What hangs there (a dead file system under the path) is given up; the look after it tells what is so.
            CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(channel::close);
            var exit = channel.start(payload(target, isReplacing), said);
            steps.add(words.written(exit, said));
            return said.replaced();
        }
    }

    private static boolean isRight(Target target, ClientIdReading reading) {
        return reading.status() == ClientIdReading.Status.OK
                && reading.content().stripTrailing().equals(target.clientId().stripTrailing());
    }

    private static Payload payload(Target target, boolean isReplacing) {
        return new Payload(
                Map.of(),
                List.of(),
                "enroll.bash",
                List.of(target.clientIdPath(), target.clientId(), isReplacing ? "replace" : "keep"),
                PROGRAM);
    }

    private Enrollment verify(SshConnection connection, Target target, List<EnrollStep> steps) throws SshException {
        try (var channel = ScriptChannel.open(connection, id(), target.clientIdPath(), timeout)) {
            var enrollment = EnrollmentVerdict.of(target, channel.clientId(), clock.instant());
            if (steps.getLast().isOk()) {
                var error = enrollment.error();
                steps.add(new EnrollStep(
                        EnrollStage.VERIFY,
                        enrollment.isEnrolled(),
                        error == null ? "Link " + target.linkId() + " is enrolled" : error));
            }
            return enrollment;
        }
    }

    private String id() {
        return ids.get().toString();
    }

    private static byte[] program() {
        try (var in = Enroller.class.getResourceAsStream("enroll.bash")) {
            if (in == null) {
                throw new IllegalStateException("enroll.bash is missing in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
