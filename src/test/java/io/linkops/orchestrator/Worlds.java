package io.linkops.orchestrator;

import io.linkops.bus.Bytes;
import io.linkops.config.OperationsConfig;
import io.linkops.config.SecurityConfig;
import io.linkops.gitsync.GitSync.Content;
import io.linkops.inventory.Inventory.Durable;
import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.EnrollmentStatus;
import io.linkops.inventory.Inventory.Script;
import io.linkops.inventory.Inventory.Scripts;
import io.linkops.inventory.Inventory.Target;
import io.linkops.orchestrator.Operations.OnFailure;
import io.linkops.orchestrator.Operations.Run;
import io.linkops.ssh.Hop;
import io.linkops.ssh.Route;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Small worlds for tests: links, scripts, settings. */
final class Worlds {
    static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    static final Duration MAX_AGE = Duration.ofHours(24);

    private Worlds() {}

    static OperationsConfig operations(int maxConcurrency, int maxActive) {
        return new OperationsConfig(
                5,
                maxConcurrency,
                Duration.ofSeconds(300),
                1_000_000,
                Duration.ofSeconds(5),
                1000,
                10,
                65536,
                maxActive,
                Duration.ofHours(24),
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                Duration.ofDays(7),
                Duration.ofSeconds(30));
    }

    static SecurityConfig security(boolean enrollmentRequired) {
        var fiveMinutes = Duration.ofMinutes(5);
        return new SecurityConfig(
                5, fiveMinutes, fiveMinutes, 50, 12, enrollmentRequired, MAX_AGE, Path.of("secrets"), null, null);
    }

    static Enrollment enrolled(Instant at) {
        return new Enrollment(EnrollmentStatus.ENROLLED, true, true, null, null, at);
    }

    static Target target(String id, Enrollment enrollment) {
        var route = new Route(List.of(new Hop(id, "192.0.2.1", 22, "root", null, List.of())));
        return new Target(id, route, "id-" + id, "/etc/linkops/client_id", enrollment);
    }

    static Script script(String id, Duration timeout) {
        return new Script(
                id,
                id,
                "",
                "scripts/" + id + ".sh",
                timeout,
                List.of(),
                List.of(),
                null,
                Durable.AUTO,
                List.of(),
                List.of());
    }

    static Scripts catalog(List<Script> scripts) {
        return new Scripts("c0ffee", scripts);
    }

    static Content content(String text) {
        return new Content(Bytes.utf8(text), "sha-" + text.hashCode());
    }

    static Run run(List<String> scripts, Map<String, List<String>> flags, List<String> targets, Integer concurrency) {
        return run(scripts, flags, targets, concurrency, true, OnFailure.STOP);
    }

    static Run run(
            List<String> scripts,
            Map<String, List<String>> flags,
            List<String> targets,
            Integer concurrency,
            boolean requireEnrollment,
            OnFailure onFailure) {
        return new Run(
                scripts, flags, targets, concurrency, requireEnrollment, onFailure, null, Map.of(), Map.of(), "ann");
    }
}
