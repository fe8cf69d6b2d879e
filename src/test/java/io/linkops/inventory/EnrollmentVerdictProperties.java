package io.linkops.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.Target;
import io.linkops.ssh.ClientIdReading;
import io.linkops.ssh.ClientIdReading.Status;
import io.linkops.ssh.Hop;
import io.linkops.ssh.Route;
import io.linkops.ssh.SshException;
import io.linkops.worlds.Fleets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** What a look means. */
class EnrollmentVerdictProperties {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Provide
    Arbitrary<String> clientIds() {
        return Fleets.clientIds();
    }

    @Provide
    Arbitrary<String> whiteSpace() {
        return Arbitraries.strings().withChars(" \t\r\n").ofMaxLength(3);
    }

    /** What a file may hold instead: a neighbour of the id, its parts, or anything. */
    @Provide
    Arbitrary<String> contents() {
        return Arbitraries.oneOf(Fleets.clientIds(), Arbitraries.strings().ofMaxLength(100), Arbitraries.just(""));
    }

    /** P11 For any client id file with the inventory's id and trailing white space, the link is enrolled. */
    @Property(tries = 500)
    @Tag("P11")
    void theRightIdIsEnrolled(@ForAll("clientIds") String id, @ForAll("whiteSpace") String tail) {
        assertThat(verdict(id, id + tail))
                .isEqualTo(new Enrollment(Inventory.EnrollmentStatus.ENROLLED, true, true, null, null, NOW));
    }

    /**
     * P11, P12 For any other content it is refused, with a short and printable reason that keeps the right id to
     * itself.
     */
    @Property(tries = 500)
    @Tag("P11")
    @Tag("P12")
    void anyOtherContentIsRefused(
            @ForAll("clientIds") String id, @ForAll("contents") String content, @ForAll boolean isNear) {
        var found = isNear ? id.substring(0, id.length() - 1) + content : content;
        if (found.stripTrailing().equals(id)) {
            return;
        }
        var verdict = verdict(id, found);
        assertThat(verdict.isEnrolled()).isFalse();
        assertThat(verdict.clientIdFound()).isTrue();
        assertThat(verdict.clientIdMatches()).isFalse();
        assertThat(verdict.reason()).isEqualTo("client_id_mismatch");
        assertThat(verdict.error())
                .hasSizeLessThan(500)
                .doesNotContainPattern("\\p{Cntrl}")
                .contains("vm-1", "/srv/id");
    }

    /** P11 White space in front is part of the content. */
    @Property(tries = 100)
    @Tag("P11")
    void leadingWhiteSpaceCounts(@ForAll("clientIds") String id) {
        assertThat(verdict(id, " " + id).isEnrolled()).isFalse();
    }

    /** P12 For any failure to read the file the reason is told, and what to do. */
    @Property(tries = 200)
    @Tag("P12")
    void everyFailureToReadHasItsReason(@ForAll Status status, @ForAll("clientIds") String id) {
        if (status == Status.OK) {
            return;
        }
        var verdict = EnrollmentVerdict.of(target(id), new ClientIdReading(status, "", "because"), NOW);
        assertThat(verdict.isEnrolled()).isFalse();
        assertThat(verdict.reason()).isEqualTo("client_id_" + status.name().toLowerCase(Locale.ROOT));
        assertThat(verdict.error()).contains("/srv/id", "vm-1");
    }

    /** P12 For any failure to connect the reason is its stage; a refused host key is shown. */
    @Property(tries = 200)
    @Tag("P12")
    void everyFailureToConnectHasItsReason(@ForAll SshException.Reason reason, @ForAll boolean isOurs) {
        var offered = reason.name().startsWith("HOST_KEY") ? "SHA256:" + "x".repeat(43) : null;
        var failure = new SshException(reason, isOurs ? "vm-1" : "jump", "It broke.", offered, null);
        var verdict = EnrollmentVerdict.of(failure, NOW);
        assertThat(verdict.isEnrolled()).isFalse();
        assertThat(verdict.reason()).isEqualTo(reason.name().toLowerCase(Locale.ROOT));
        assertThat(verdict.error()).contains("It broke.").contains(offered == null ? "" : offered);
        assertThat(verdict.verifiedAt()).isEqualTo(NOW);
        assertThat(EnrollmentVerdict.offeredHostKey(failure, "vm-1")).isEqualTo(isOurs ? offered : null);
    }

    private static Enrollment verdict(String expected, String content) {
        return EnrollmentVerdict.of(target(expected), new ClientIdReading(Status.OK, content, ""), NOW);
    }

    private static Target target(String clientId) {
        var hop = new Hop("vm-1", "10.0.0.1", 22, "root", null, List.of());
        return new Target("vm-1", new Route(List.of(hop)), clientId, "/srv/id", Enrollment.UNVERIFIED);
    }
}
