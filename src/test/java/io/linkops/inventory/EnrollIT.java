package io.linkops.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.ErrorCode;
import io.linkops.fleet.RealSshd;
import io.linkops.inventory.Inventory.ConfirmHostKey;
import io.linkops.inventory.Inventory.Enroll;
import io.linkops.inventory.Inventory.EnrollStage;
import io.linkops.inventory.Inventory.EnrollStep;
import io.linkops.inventory.Inventory.FindLink;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.Replace;
import io.linkops.ssh.SshConnections;
import io.linkops.ssh.SshSettings;
import io.linkops.worlds.Kernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes client ids to links behind a real sshd. */
class EnrollIT {
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

    private void replace(String clientId, Path file, @Nullable String hostKey, String keyName) throws Exception {
        var link = new Link(
                "vm",
                "VM",
                null,
                sshd.host(1),
                sshd.port(),
                sshd.user(),
                List.of(),
                clientId,
                file.toString(),
                keyName,
                null,
                hostKey,
                Map.of());
        kernel.ask(new Replace(UUID.randomUUID().toString(), List.of(link), List.of()));
    }

    private static List<String> told(List<EnrollStep> steps) {
        return steps.stream().map(step -> step.stage() + " " + step.isOk()).toList();
    }

    @Test
    void theFileIsWrittenVerifiedAndFoundAgain() throws Exception {
        var file = directory.resolve("new/deep/client_id");
        replace("LINKOPS-1", file, sshd.fingerprint(), sshd.keyName());
        var done = kernel.ask(new Enroll("vm", false, "admin"));
        assertThat(told(done.steps()))
                .containsExactly(
                        "CONNECT true",
                        "HOST_KEY true",
                        "LOG_IN true",
                        "EXISTING_ID true",
                        "WRITE true",
                        "VERIFY true");
        assertThat(done.enrollment().isEnrolled()).isTrue();
        assertThat(done.replaced()).isNull();
        assertThat(Files.readString(file)).isEqualTo("LINKOPS-1\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwxr-xr-x");
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
        assertThat(kernel.ask(new FindLink("vm")).enrollment().isEnrolled()).isTrue();
        var again = kernel.ask(new Enroll("vm", true, "admin"));
        assertThat(told(again.steps())).doesNotContain("WRITE true").endsWith("VERIFY true");
    }

    @Test
    void anotherIdIsLeftAloneUntilItIsToBeReplaced() throws Exception {
        var file = Files.writeString(directory.resolve("client_id"), "LINKOPS-other\n");
        replace("LINKOPS-1", file, sshd.fingerprint(), sshd.keyName());
        var refused = kernel.ask(new Enroll("vm", false, "admin"));
        assertThat(told(refused.steps())).endsWith("EXISTING_ID false");
        assertThat(refused.steps().getLast().message()).contains("\"LINKOPS-other\"", "\"replace\": true");
        assertThat(refused.enrollment().reason()).isEqualTo("client_id_mismatch");
        assertThat(Files.readString(file)).isEqualTo("LINKOPS-other\n");
        var done = kernel.ask(new Enroll("vm", true, "admin"));
        assertThat(done.replaced()).isEqualTo("LINKOPS-other");
        assertThat(done.enrollment().isEnrolled()).isTrue();
        assertThat(Files.readString(file)).isEqualTo("LINKOPS-1\n");
    }

    @Test
    void aHostKeyNobodyHasConfirmedIsShownFirst() throws Exception {
        var file = directory.resolve("client_id");
        replace("LINKOPS-1", file, null, sshd.keyName());
        var unknown = kernel.refusal(new Enroll("vm", false, "admin"));
        assertThat(unknown.code()).isEqualTo(ErrorCode.HOST_KEY_UNKNOWN);
        assertThat(unknown.details()).containsEntry("offered", sshd.fingerprint());
        assertThat(file).doesNotExist();
        kernel.ask(new ConfirmHostKey("vm", sshd.fingerprint(), "admin"));
        assertThat(kernel.ask(new Enroll("vm", false, "admin")).enrollment().isEnrolled())
                .isTrue();
        replace("LINKOPS-1", file, "SHA256:" + "x".repeat(43), sshd.keyName());
        assertThat(kernel.refusal(new Enroll("vm", true, "admin")).code()).isEqualTo(ErrorCode.HOST_KEY_CHANGED);
    }

    @Test
    void whatIsNoClientIdFileIsNeverTouched() throws Exception {
        var file = Files.writeString(directory.resolve("passwd"), "x".repeat(300));
        replace("LINKOPS-1", file, sshd.fingerprint(), sshd.keyName());
        assertThat(told(kernel.ask(new Enroll("vm", true, "admin")).steps())).endsWith("EXISTING_ID false");
        assertThat(Files.readString(file)).hasSize(300);
        var target = Files.writeString(directory.resolve("target"), "LINKOPS-other");
        var symlink = Files.createSymbolicLink(directory.resolve("symlink"), target);
        replace("LINKOPS-1", symlink, sshd.fingerprint(), sshd.keyName());
        var left = kernel.ask(new Enroll("vm", true, "admin"));
        assertThat(told(left.steps())).endsWith("WRITE false");
        assertThat(left.steps().getLast().message()).contains("ls -ld " + symlink);
        assertThat(Files.readString(target)).isEqualTo("LINKOPS-other");
        var tree = Files.createDirectory(directory.resolve("tree"));
        replace("LINKOPS-1", tree, sshd.fingerprint(), sshd.keyName());
        assertThat(told(kernel.ask(new Enroll("vm", true, "admin")).steps())).endsWith("EXISTING_ID false");
    }

    @Test
    void theIdNeverBecomesACommand() throws Exception {
        var odd = "$(touch " + directory.resolve("pwned") + ") ; 'a\" `id` \\ & é %s -n";
        var file = directory.resolve("a b'c$(x)/client id");
        replace(odd, file, sshd.fingerprint(), sshd.keyName());
        assertThat(kernel.ask(new Enroll("vm", false, "admin")).enrollment().isEnrolled())
                .isTrue();
        assertThat(Files.readString(file)).isEqualTo(odd + "\n");
        assertThat(directory.resolve("pwned")).doesNotExist();
    }

    @Test
    void eachFailureNamesItsStepAndWhatToDo() throws Exception {
        var below = Files.writeString(directory.resolve("plain"), "").resolve("client_id");
        replace("LINKOPS-1", below, sshd.fingerprint(), sshd.keyName());
        var unwritable = kernel.ask(new Enroll("vm", false, "admin"));
        assertThat(told(unwritable.steps())).endsWith("WRITE false");
        assertThat(unwritable.steps().getLast().message())
                .contains("Run there as root: mkdir -p " + below.getParent())
                .contains("'%s\\n' LINKOPS-1 > " + below);
        sshd.makeClientKey("stranger", "ed25519");
        replace("LINKOPS-1", directory.resolve("id"), sshd.fingerprint(), "stranger");
        var stranger = kernel.ask(new Enroll("vm", false, "admin"));
        assertThat(told(stranger.steps())).containsExactly("CONNECT true", "HOST_KEY true", "LOG_IN false");
        sshd.stop();
        var gone = kernel.ask(new Enroll("vm", false, "admin"));
        assertThat(gone.steps().getLast().stage()).isIn(EnrollStage.CONNECT);
        assertThat(kernel.refusal(new Enroll("nobody", false, "admin")).code()).isEqualTo(ErrorCode.LINK_NOT_FOUND);
    }
}
