package io.linkops.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.SettableClock;
import io.linkops.bus.ErrorCode;
import io.linkops.inventory.Inventory.ConfirmHostKey;
import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.EnrollmentStatus;
import io.linkops.inventory.Inventory.FindLink;
import io.linkops.inventory.Inventory.FindLinks;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.RecordEnrollment;
import io.linkops.inventory.Inventory.Replace;
import io.linkops.inventory.Inventory.Resolve;
import io.linkops.worlds.Kernel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryIT {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String SHOWN = "SHA256:" + "s".repeat(43);

    @TempDir
    Path directory;

    private final SettableClock clock = new SettableClock(START);
    private Kernel kernel;

    @BeforeEach
    void start() throws Exception {
        kernel = new Kernel(directory, Inventory.class);
        kernel.deploy(new InventoryVerticle(kernel.database(), clock));
    }

    @AfterEach
    void stop() throws Exception {
        kernel.close();
    }

    private static Link link(String id, String clientId, String hostKey) {
        return new Link(
                id, "VM", null, "10.0.0.1", 22, "root", List.of("web"), clientId, "/id", null, null, hostKey, Map.of());
    }

    private void replace(Link... links) throws Exception {
        clock.advance(Duration.ofSeconds(1));
        kernel.ask(new Replace("commit-" + clock.instant(), List.of(links), List.of()));
    }

    private Enrollment enrolled() {
        return new Enrollment(EnrollmentStatus.ENROLLED, true, true, null, null, clock.instant());
    }

    private Enrollment refused(String reason) {
        return new Enrollment(EnrollmentStatus.REFUSED, false, false, reason, "because", clock.instant());
    }

    @Test
    void anotherClientIdMakesTheEnrollmentVoid() throws Exception {
        replace(link("vm", "a", null));
        kernel.ask(new RecordEnrollment("vm", enrolled(), null, 12L));
        replace(link("vm", "a", SHOWN));
        assertThat(kernel.ask(new FindLink("vm")).enrollment().isEnrolled()).isTrue();
        replace(link("vm", "b", SHOWN));
        var state = kernel.ask(new FindLink("vm"));
        assertThat(state.enrollment()).isEqualTo(Enrollment.UNVERIFIED);
        assertThat(state.status()).isEqualTo(Inventory.LinkStatus.UNKNOWN);
    }

    @Test
    void aLookFromBeforeTheChangeCountsNoMore() throws Exception {
        replace(link("vm", "a", null));
        var old = enrolled();
        replace(link("vm", "b", null));
        kernel.ask(new RecordEnrollment("vm", old, null, 12L));
        assertThat(kernel.ask(new FindLink("vm")).enrollment().isEnrolled()).isFalse();
        assertThat(kernel.rows("SELECT enrollment_status FROM links").getFirst().getString(0))
                .isEqualTo("UNVERIFIED");
    }

    @Test
    void aLinkGoneFromGitIsKeptButNotChosen() throws Exception {
        replace(link("vm", "a", null), link("other", "b", null));
        kernel.ask(new RecordEnrollment("vm", enrolled(), null, 12L));
        replace(link("other", "b", null));
        assertThat(kernel.ask(new FindLink("vm")).isRetired()).isTrue();
        assertThat(kernel.refusal(new Resolve(List.of("vm"))).code()).isEqualTo(ErrorCode.LINK_NOT_FOUND);
        assertThat(kernel.ask(new Resolve(List.of("*"))).targets()).hasSize(1);
        replace(link("vm", "a", null), link("other", "b", null));
        var back = kernel.ask(new FindLink("vm"));
        assertThat(back.isRetired()).isFalse();
        assertThat(back.enrollment().isEnrolled()).isTrue();
    }

    @Test
    void onlyTheOfferedHostKeyCanBeConfirmed() throws Exception {
        replace(link("vm", "a", null));
        var confirm = new ConfirmHostKey("vm", SHOWN, "admin");
        assertThat(kernel.refusal(confirm).code()).isEqualTo(ErrorCode.CONFLICT);
        kernel.ask(new RecordEnrollment("vm", refused("host_key_unknown"), SHOWN, null));
        assertThat(kernel.ask(new FindLink("vm")).hostKey().offered()).isEqualTo(SHOWN);
        assertThat(kernel.refusal(new ConfirmHostKey("vm", "SHA256:other", "admin")).code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(kernel.ask(confirm).hostKey()).isEqualTo(new Inventory.HostKey(List.of(SHOWN), null));
        assertThat(kernel.ask(new Resolve(List.of("vm"))).targets().getFirst().route().destination().trustedHostKeys())
                .containsExactly(SHOWN);
        assertThat(kernel.rows("SELECT confirmed_by FROM links").getFirst().getString(0)).isEqualTo("admin");
    }

    @Test
    void aPinnedHostKeyIsChangedInGit() throws Exception {
        replace(link("vm", "a", "SHA256:" + "p".repeat(43)));
        kernel.ask(new RecordEnrollment("vm", refused("host_key_changed"), SHOWN, null));
        assertThat(kernel.refusal(new ConfirmHostKey("vm", SHOWN, "admin")).text()).contains("links.yaml");
    }

    @Test
    void unknownWordsAreRefusedWithTheKnownOnes() throws Exception {
        var refusal = kernel.refusal(new FindLinks(null, "asleep", null, null, null, null, false, false));
        assertThat(refusal.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
        assertThat(refusal.text()).contains("online, offline, unknown");
        assertThat(kernel.refusal(new FindLinks(null, null, null, null, null, "id; DROP TABLE links", false, false))
                        .code())
                .isEqualTo(ErrorCode.VALIDATION_FAILED);
        assertThat(kernel.refusal(new FindLink("nobody")).code()).isEqualTo(ErrorCode.LINK_NOT_FOUND);
    }
}
