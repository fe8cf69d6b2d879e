package io.linkops.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.fleet.RealSshd;
import io.linkops.inventory.Inventory.ConfirmHostKey;
import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.FindLink;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.Replace;
import io.linkops.inventory.Inventory.Verify;
import io.linkops.ssh.SshConnections;
import io.linkops.ssh.SshSettings;
import io.linkops.worlds.Kernel;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks at links behind a real sshd. */
class EnrollmentIT {
    @TempDir
    Path directory;

    private RealSshd sshd;
    private SshConnections connections;
    private Kernel kernel;

    @BeforeEach
    void start() throws Exception {
        sshd = RealSshd.start(Files.createDirectories(directory.resolve("sshd")));
        connections = new SshConnections(SshSettings.of(sshd.keysDirectory()));
        kernel = new Kernel(directory, Inventory.class);
        kernel.deploy(new InventoryVerticle(kernel.database(), InstantSource.system()));
        var pool = kernel.vertx().createSharedWorkerExecutor("ssh", 4);
        kernel.deploy(new EnrollmentVerticle(
                connections, pool, Duration.ofSeconds(10), 2, InstantSource.system(), UUID::randomUUID));
    }

    @AfterEach
    void stop() throws Exception {
        kernel.close();
        connections.close();
        sshd.close();
    }

    private Link link(String id, Path clientIdFile, @Nullable String jump, @Nullable String hostKey) {
        return new Link(
                id,
                "VM",
                null,
                sshd.host(1),
                sshd.port(),
                sshd.user(),
                List.of(),
                "LINKOPS-" + id,
                clientIdFile.toString(),
                sshd.keyName(),
                jump,
                hostKey,
                Map.of());
    }

    private void replace(Link... links) throws Exception {
        kernel.ask(new Replace(UUID.randomUUID().toString(), List.of(links), List.of()));
    }

    @Test
    void theFileDecides() throws Exception {
        var file = directory.resolve("client_id");
        replace(link("vm", file, null, sshd.fingerprint()));
        assertThat(kernel.ask(new Verify("vm")).reason()).isEqualTo("client_id_missing");
        Files.writeString(file, "LINKOPS-other\n");
        assertThat(kernel.ask(new Verify("vm")).error()).contains("\"LINKOPS-other\"");
        Files.writeString(file, "LINKOPS-vm \n\n");
        assertThat(kernel.ask(new Verify("vm")).isEnrolled()).isTrue();
        var state = kernel.ask(new FindLink("vm"));
        assertThat(state.enrollment().isEnrolled()).isTrue();
        assertThat(state.status()).isEqualTo(Inventory.LinkStatus.ONLINE);
        assertThat(state.lastSeen()).isEqualTo(state.enrollment().verifiedAt());
        assertThat(state.latencyMillis()).isNotNull();
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(kernel.ask(new Verify("vm")).reason()).isEqualTo("client_id_irregular");
    }

    @Test
    void anUnknownHostKeyIsShownConfirmedAndThenTrustedAlsoAsAJumpHost() throws Exception {
        var file = Files.writeString(directory.resolve("client_id"), "LINKOPS-vm");
        var jumpFile = Files.writeString(directory.resolve("jump_id"), "LINKOPS-jump");
        replace(link("jump", jumpFile, null, null), link("vm", file, "jump", sshd.fingerprint()));
        var behind = kernel.ask(new Verify("vm"));
        assertThat(behind.reason()).isEqualTo("host_key_unknown");
        assertThat(kernel.ask(new FindLink("vm")).hostKey().offered()).isNull();
        assertThat(kernel.ask(new Verify("jump")).error()).contains(sshd.fingerprint());
        assertThat(kernel.ask(new FindLink("jump")).hostKey().offered()).isEqualTo(sshd.fingerprint());
        kernel.ask(new ConfirmHostKey("jump", sshd.fingerprint(), "admin"));
        assertThat(kernel.ask(new Verify("jump")).isEnrolled()).isTrue();
        assertThat(kernel.ask(new Verify("vm")).isEnrolled()).isTrue();
    }

    @Test
    void theRightIdBehindAnotherHostKeyIsRefused() throws Exception {
        var file = Files.writeString(directory.resolve("client_id"), "LINKOPS-vm");
        replace(link("vm", file, null, "SHA256:" + "x".repeat(43)));
        var verdict = kernel.ask(new Verify("vm"));
        assertThat(verdict.isEnrolled()).isFalse();
        assertThat(verdict.reason()).isEqualTo("host_key_changed");
    }

    @Test
    void whoeverAsksMeanwhileSharesTheLook() throws Exception {
        var file = Files.writeString(directory.resolve("client_id"), "LINKOPS-vm");
        replace(link("vm", file, null, sshd.fingerprint()));
        var bus = Bus.of(kernel.vertx());
        List<Future<Enrollment>> looks =
                Stream.generate(() -> bus.request(new Verify("vm"))).limit(20).toList();
        Kernel.await(Future.all(looks));
        assertThat(looks)
                .extracting(Future::result)
                .containsOnly(looks.getFirst().result());
        assertThat(kernel.refusal(new Verify("*")).code()).isEqualTo(ErrorCode.LINK_NOT_FOUND);
    }
}
