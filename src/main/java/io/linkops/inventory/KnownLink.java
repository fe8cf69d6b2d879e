package io.linkops.inventory;

import io.linkops.inventory.Inventory.Enrollment;
import io.linkops.inventory.Inventory.Health;
import io.linkops.inventory.Inventory.HostKey;
import io.linkops.inventory.Inventory.Link;
import io.linkops.inventory.Inventory.LinkState;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A link as it is stored: what Git says, what was seen, what an admin confirmed. Its methods are the legal changes.
 *
 * @param resetAt when the enrollment was last made void; what was seen before that counts no more
 * @param offered the host key's fingerprint that was refused
 * @param confirmed the fingerprint an admin confirmed; Git's pin goes before it
 */
record KnownLink(
        Link link,
        boolean isRetired,
        Enrollment enrollment,
        Instant resetAt,
        @Nullable String offered,
        @Nullable String confirmed,
        @Nullable Instant lastSeen,
        @Nullable Long latencyMillis,
        @Nullable Health health) {

    static KnownLink added(Link link, Instant now) {
        return new KnownLink(link, false, Enrollment.UNVERIFIED, now, null, null, null, null, null);
    }

    /** Git describes it so now: whatever was proven of another address or client id is void. */
    KnownLink describedBy(Link next, Instant now) {
        if (isSameMachine(next)) {
            return new KnownLink(next, false, enrollment, resetAt, offered, confirmed, lastSeen, latencyMillis, health);
        }
        return new KnownLink(next, false, Enrollment.UNVERIFIED, now, null, confirmed, lastSeen, null, null);
    }

    /** Whether what was proven of it holds for this description too. */
    boolean isSameMachine(Link next) {
        return link.clientId().equals(next.clientId())
                && link.clientIdPath().equals(next.clientIdPath())
                && link.host().equals(next.host())
                && link.port() == next.port()
                && link.user().equals(next.user())
                && Objects.equals(link.proxyJump(), next.proxyJump());
    }

    KnownLink retired() {
        return new KnownLink(link, true, enrollment, resetAt, offered, confirmed, lastSeen, latencyMillis, health);
    }

    /** What was seen before the last reset was another link: it changes nothing. */
    KnownLink seen(Sighting sighting) {
        var verifiedAt = sighting.enrollment().verifiedAt();
        if (verifiedAt != null && verifiedAt.isBefore(resetAt)) {
            return this;
        }
        return new KnownLink(
                link,
                isRetired,
                sighting.enrollment(),
                resetAt,
                sighting.tellsOfHostKey() ? sighting.offeredHostKey() : offered,
                confirmed,
                sighting.isOnline() && verifiedAt != null ? verifiedAt : lastSeen,
                sighting.latencyMillis() != null ? sighting.latencyMillis() : latencyMillis,
                null);
    }

    /** What health says, after what its check saw. */
    KnownLink told(Health told, @Nullable Instant seenAt) {
        if (told.checkedAt().isBefore(resetAt)) {
            return this;
        }
        return new KnownLink(
                link,
                isRetired,
                enrollment,
                resetAt,
                offered,
                confirmed,
                seenAt == null ? lastSeen : seenAt,
                latencyMillis,
                told);
    }

    KnownLink confirmed(String fingerprint, Instant now) {
        return new KnownLink(link, isRetired, Enrollment.UNVERIFIED, now, null, fingerprint, lastSeen, null, null);
    }

    HostKey hostKey() {
        var pinned = link.hostKey();
        var trusted = pinned != null ? pinned : confirmed;
        return new HostKey(trusted == null ? List.of() : List.of(trusted), offered);
    }

    LinkState state(boolean isInMaintenance) {
        var latency = health == null ? latencyMillis : health.latencyMillis();
        return new LinkState(
                link, enrollment, hostKey(), isRetired, lastSeen, latency, health, isInMaintenance && !isRetired);
    }
}
