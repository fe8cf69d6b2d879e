package io.linkops.inventory;

import io.linkops.bus.Contract;
import io.linkops.bus.Event;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.ssh.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the inventory can be asked, and what it tells. It owns links, scripts, enrollments and confirmed host keys. */
@Contract
public interface Inventory {

    // ---- what Git says -------------------------------------------------------------------------------------------

    /**
     * A machine as links.yaml describes it.
     *
     * @param type {@code VPS}, {@code Proxmox}, {@code VM} or any other word: unknown types are kept
     * @param clientId what the link's client id file must contain to be enrolled
     * @param clientIdPath where that file is, default {@code /etc/linkops/client_id}
     * @param keyRef file name of the private key in the keys directory; null for the default key
     * @param proxyJump id of the link to go through
     * @param hostKey fingerprint ({@code SHA256:…}) the host key must have, where Git pins it
     */
    record Link(
            String id,
            String type,
            @Nullable String provider,
            String host,
            int port,
            String user,
            List<String> tags,
            String clientId,
            String clientIdPath,
            @Nullable String keyRef,
            @Nullable String proxyJump,
            @Nullable String hostKey,
            Map<String, String> metadata) {
        public Link {
            tags = List.copyOf(tags);
            metadata = Map.copyOf(metadata);
        }
    }

    /**
     * A script as scripts.yaml describes it.
     *
     * @param id what operations call it
     * @param path inside the repository
     * @param timeout how long one execution may take; null for the configured default
     * @param flags the flags it understands, for people ({@code --dry-run}, {@code --ban-time=3600},
     *     {@code --to=REQUIRED})
     * @param estimate how long it takes as a rule, if the catalog says so
     * @param durable whether a run outlives the connection and LinkOps itself
     * @param parameters what can be said to it, in the order in which it is told
     * @param needs commands it calls and that may not be there; {@code sudo} must work without a password besides
     */
    record Script(
            String id,
            String name,
            String description,
            String path,
            @Nullable Duration timeout,
            List<String> flags,
            List<String> tags,
            @Nullable Duration estimate,
            Durable durable,
            List<Parameter> parameters,
            List<String> needs) {
        public Script {
            flags = List.copyOf(flags);
            tags = List.copyOf(tags);
            parameters = List.copyOf(parameters);
            needs = List.copyOf(needs);
        }
    }

    /** What a parameter's values are. */
    enum ParameterType {
        /** {@code true} adds the flag, {@code false} does not. */
        BOOL,
        INT,
        ENUM,
        TEXT,
        /** The value given is the name of a secret; the secret itself travels in the environment only. */
        SECRET
    }

    /**
     * Something that can be said to a script.
     *
     * @param flag what stands before the value ({@code --name}); null if it goes into the environment
     * @param variable the environment variable it goes into; null if it is an argument
     * @param min of an INT; null for none
     * @param max of an INT; null for none
     * @param values of an ENUM
     * @param pattern a TEXT must match as a whole, in RE2's syntax; null for any
     * @param maxLength of a TEXT, in UTF-16 units
     * @param byDefault the value if none is given; null for none
     * @param isRequired whether a value must be given
     */
    record Parameter(
            String name,
            ParameterType type,
            String description,
            @Nullable String flag,
            @Nullable String variable,
            @Nullable Long min,
            @Nullable Long max,
            List<String> values,
            @Nullable String pattern,
            int maxLength,
            @Nullable String byDefault,
            boolean isRequired) {
        public Parameter {
            values = List.copyOf(values);
        }

        /** What is wrong with a value, such as {@code must be true or false}; null if it is taken. */
        public @Nullable String problem(String value) {
            return ParameterRule.problem(this, value);
        }

        /** What is wrong with a pattern; null if it can be used. */
        public static @Nullable String patternProblem(String pattern) {
            return ParameterRule.patternProblem(pattern);
        }
    }

    /** Whether a run of a script goes on when the connection, or LinkOps itself, goes away. */
    enum Durable {
        /** Where it is worth it: a script whose time limit is long. */
        AUTO,
        ALWAYS,
        NEVER
    }

    // ---- what was seen -------------------------------------------------------------------------------------------

    /** Whether a link is what it claims to be, as of the last look. */
    enum EnrollmentStatus {
        /** Nobody looked yet, or the inventory's client id has changed since. */
        UNVERIFIED,
        /** The file's content equals the inventory's client id, read over a connection with a proven host key. */
        ENROLLED,
        /** Looked, and it is not so; the reason says why. */
        REFUSED
    }

    /**
     * The result of the last look.
     *
     * @param reason a stable word for machines ({@code client_id_missing}, {@code client_id_mismatch},
     *     {@code client_id_denied}, {@code client_id_irregular}, {@code client_id_too_large}, or a name of
     *     {@code SshException.Reason} in lower case); null when enrolled or unverified
     * @param error a sentence for people that says what to do; null when enrolled or unverified
     */
    record Enrollment(
            EnrollmentStatus status,
            boolean clientIdFound,
            boolean clientIdMatches,
            @Nullable String reason,
            @Nullable String error,
            @Nullable Instant verifiedAt)
            implements Reply {

        /** Before the first look. */
        public static final Enrollment UNVERIFIED =
                new Enrollment(EnrollmentStatus.UNVERIFIED, false, false, null, null, null);

        public boolean isEnrolled() {
            return status == EnrollmentStatus.ENROLLED;
        }
    }

    /**
     * What is known of a link's host key.
     *
     * @param trusted fingerprints an admin confirmed or Git pins; empty if none
     * @param offered the fingerprint the link showed when it was last refused; null if it was not refused
     */
    record HostKey(List<String> trusted, @Nullable String offered) {
        public HostKey {
            trusted = List.copyOf(trusted);
        }
    }

    /**
     * A link with all that is known of it.
     *
     * @param isRetired gone from Git: kept for history, not runnable
     * @param lastSeen when a connection to it last succeeded
     * @param latencyMillis time to connect and log in, at that time
     */
    record LinkState(
            Link link,
            Enrollment enrollment,
            HostKey hostKey,
            boolean isRetired,
            @Nullable Instant lastSeen,
            @Nullable Long latencyMillis)
            implements Reply {

        /** Whether it could be logged in to when last looked at; the client id does not matter for this. */
        public LinkStatus status() {
            return LinkStatus.of(enrollment);
        }
    }

    /** Whether a link answers. */
    enum LinkStatus {
        /** The last look got in. */
        ONLINE,
        /** The last look did not get in; the enrollment's reason says why. */
        OFFLINE,
        /** Nobody looked yet. */
        UNKNOWN;

        static LinkStatus of(Enrollment enrollment) {
            if (enrollment.verifiedAt() == null) {
                return UNKNOWN;
            }
            var reason = enrollment.reason();
            return reason == null || reason.startsWith("client_id_") ? ONLINE : OFFLINE;
        }
    }

    // ---- questions -----------------------------------------------------------------------------------------------

    /** Makes one commit's content the inventory, in one transaction; links and scripts gone from it are retired. */
    record Replace(String commit, List<Link> links, List<Script> scripts) implements Request<Replaced> {
        public Replace {
            links = List.copyOf(links);
            scripts = List.copyOf(scripts);
        }
    }

    /** What a {@link Replace} changed, by link id, each list sorted. */
    record Replaced(List<String> added, List<String> changed, List<String> retired, int links, int scripts)
            implements Reply {
        public Replaced {
            added = List.copyOf(added);
            changed = List.copyOf(changed);
            retired = List.copyOf(retired);
        }
    }

    /**
     * Links that match every given criterion, sorted; ties are broken by id, ascending. Texts are sorted by code unit,
     * states by their name; links without a value in the sort column come last, whatever the direction.
     *
     * @param status {@code online} (seen at the last look), {@code offline} (the last look failed) or {@code unknown}
     * @param enrollment {@code enrolled}, {@code refused} or {@code unverified}
     * @param text part of id, host, user or provider, whatever the case
     * @param sort a name of {@link LinkColumn} in lower case; default {@code id}
     */
    record FindLinks(
            @Nullable String type,
            @Nullable String status,
            @Nullable String enrollment,
            @Nullable String tag,
            @Nullable String text,
            @Nullable String sort,
            boolean descending,
            boolean withRetired)
            implements Request<Links> {}

    /** The columns links can be sorted by. */
    enum LinkColumn {
        ID,
        TYPE,
        PROVIDER,
        HOST,
        PORT,
        USER,
        ENROLLMENT,
        STATUS,
        LATENCY,
        LAST_SEEN
    }

    record Links(List<LinkState> links) implements Reply {
        public Links {
            links = List.copyOf(links);
        }
    }

    /** One link by id, retired ones included; LINK_NOT_FOUND otherwise. */
    record FindLink(String id) implements Request<LinkState> {}

    /** The catalog, sorted by id. */
    record FindScripts() implements Request<Scripts> {}

    /** @param commit the commit all of it comes from; null before the first sync */
    record Scripts(@Nullable String commit, List<Script> scripts) implements Reply {
        public Scripts {
            scripts = List.copyOf(scripts);
        }
    }

    /**
     * Turns selectors into links: an id, a glob ({@code vm-*}), {@code tag:web}, {@code type:VM}, each of these negated
     * with a leading {@code !}. The order is that of the selectors, then of the ids. A selector that matches nothing is
     * LINK_NOT_FOUND naming it ({@code details.selectors}, with {@code details.suggestions}), a negated one too; an
     * empty list, one with exclusions only, or one that excludes all it names is VALIDATION_FAILED; nothing ever widens
     * to all. Retired links never match.
     */
    record Resolve(List<String> selectors) implements Request<Targets> {
        public Resolve {
            selectors = List.copyOf(selectors);
        }
    }

    record Targets(List<Target> targets) implements Reply {
        public Targets {
            targets = List.copyOf(targets);
        }
    }

    /** A link within one operation: how to get there, and how to know that it is the one. */
    record Target(String linkId, Route route, String clientId, String clientIdPath, Enrollment enrollment) {}

    /** Looks now: connects, reads the client id, compares, stores the result and answers it. Refusals are results. */
    record Verify(String linkId) implements Request<Enrollment> {}

    /**
     * Stores what an operation saw of a link when it connected. It is dropped, and answered all the same, if the link
     * was given another address or client id in Git after the look.
     *
     * @param offeredHostKey the fingerprint that was refused, if that was the reason
     * @param latencyMillis time to connect and log in; null if that failed or a kept connection served
     */
    record RecordEnrollment(
            String linkId,
            Enrollment enrollment,
            @Nullable String offeredHostKey,
            @Nullable Long latencyMillis) implements Request<Recorded> {}

    record Recorded() implements Reply {}

    /**
     * An admin's word that this is the link's host key; it replaces whatever was confirmed before. The fingerprint must
     * be the one the link offered when it was last refused ({@link HostKey#offered}), else CONFLICT; a key that Git
     * pins is changed in Git, CONFLICT too.
     */
    record ConfirmHostKey(String linkId, String fingerprint, String confirmedBy) implements Request<LinkState> {}

    /** Something about this link has changed; ask for it. */
    record LinkChanged(String linkId) implements Event {}

    /** The whole inventory has changed. */
    record InventoryChanged(String commit) implements Event {}
}
