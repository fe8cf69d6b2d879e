package io.linkops.doctor;

import io.linkops.config.SshConfig;
import io.linkops.doctor.Finding.Verdict;
import io.linkops.inventory.EnrollmentVerdict;
import io.linkops.inventory.Inventory.Target;
import io.linkops.ssh.RouteCheck;
import io.linkops.ssh.ScriptChannel;
import io.linkops.ssh.SshConnections;
import io.linkops.ssh.SshException;
import io.linkops.ssh.SshSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Each link, stage by stage: DNS, TCP, key exchange, host key, log-in of every hop; then client id and sudo. */
final class LinkChecks {
    private static final int AT_ONCE = 16;
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final SshSettings settings;

    LinkChecks(SshConfig config) {
        this.settings = new SshSettings(
                config.keysDirectory(),
                config.defaultKey(),
                config.knownHostsPath(),
                config.connectionTimeout(),
                0,
                config.retryDelay(),
                config.keepaliveInterval(),
                config.idleTimeout(),
                config.maxConnections(),
                1);
    }

    /** @param progress hears how many links are done; the findings of one link come together */
    void run(List<StoredLinks.Way> ways, Consumer<Finding> findings, IntConsumer progress) throws Exception {
        try (var connections = new SshConnections(settings);
                var pool =
                        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            var done = new ExecutorCompletionService<List<Finding>>(pool);
            ways.forEach(way -> done.submit(() -> findings(connections, way)));
            for (int count = 1; count <= ways.size(); count++) {
                done.take().get().forEach(findings);
                progress.accept(count);
            }
        }
    }

    private static List<Finding> findings(SshConnections connections, StoredLinks.Way way) {
        return switch (way) {
            case StoredLinks.Lost lost ->
                List.of(Finding.of("link", lost.link(), "route", Verdict.fail(lost.reason()), Duration.ZERO));
            case StoredLinks.Known known -> findings(connections, known.target());
        };
    }

    private static List<Finding> findings(SshConnections connections, Target target) {
        var findings = new ArrayList<Finding>();
        var check = connections.check(target.route());
        check.stages().forEach(stage -> findings.add(stage(target, stage)));
        if (check.isReachable()) {
            afterLogin(connections, target, findings);
        }
        return findings;
    }

    private static Finding stage(Target target, RouteCheck.Stage stage) {
        var act = stage.act().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        var name = stage.hop().equals(target.linkId()) ? act : act + " of jump host " + stage.hop();
        var failure = stage.failure();
        var verdict = failure == null ? Verdict.ok("works") : Verdict.fail(failure.text());
        return Finding.of("link", target.linkId(), name, verdict, stage.took());
    }

    private static void after(LinkLook look, String link, List<Finding> findings) {
        findings.add(Finding.of("link", link, "sudo", look::sudo));
        findings.add(Finding.of("link", link, "clock", look::clock));
        findings.add(Finding.of("link", link, "openssh", look::openSsh));
    }

    private static void afterLogin(SshConnections connections, Target target, List<Finding> findings) {
        long begin = System.nanoTime();
        try (var connection = connections.borrow(target.route());
                var channel =
                        ScriptChannel.open(connection, UUID.randomUUID().toString(), target.clientIdPath(), ANSWER)) {
            var enrollment = EnrollmentVerdict.of(target, channel.clientId(), Instant.now());
            var verdict = enrollment.isEnrolled()
                    ? Verdict.ok("is the inventory's")
                    : Verdict.fail(String.valueOf(enrollment.error()));
            findings.add(Finding.of(
                    "link", target.linkId(), "client id", verdict, Duration.ofNanos(System.nanoTime() - begin)));
            if (enrollment.isEnrolled()) {
                after(LinkLook.at(target, channel, InstantSource.system()), target.linkId(), findings);
            }
        } catch (SshException e) {
            findings.add(Finding.of(
                    "link",
                    target.linkId(),
                    "client id",
                    Verdict.fail(e.text()),
                    Duration.ofNanos(System.nanoTime() - begin)));
        }
    }
}
