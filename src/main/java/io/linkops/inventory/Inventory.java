package io.linkops.inventory;

import io.linkops.bus.Contract;
import io.linkops.bus.Event;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.ssh.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
     * @param latencyMillis as of the last check; before the first one, time to connect and log in at the last look
     * @param health null before the first check
     * @param isInMaintenance whether it is in a maintenance window now
     */
    record LinkState(
            Link link,
            Enrollment enrollment,
            HostKey hostKey,
            boolean isRetired,
            @Nullable Instant lastSeen,
            @Nullable Long latencyMillis,
            @Nullable Health health,
            boolean isInMaintenance)
            implements Reply {

        /** Whether it answers, as health says or a later look; the client id does not matter for this. */
        public LinkStatus status() {
            return health == null ? LinkStatus.of(enrollment) : health.status();
        }
    }

    /**
     * What the room health says of a link as of its last check; a later look by an operation or a person makes it void.
     *
     * @param status by hysteresis: one failed check does not make a link offline (decision 7)
     * @param since when the status became this
     * @param latencyMillis one question and its answer over the logged-in connection; null if the last check did not
     *     get in
     * @param latency the same against the configured thresholds
     * @param stage where the last check failed, in lower case; null if it got in
     * @param hop id of the link at which it failed: this one or a jump host; null if it got in
     * @param reason a stable word; null if it got in
     * @param error a sentence for people that says what to do; null if it got in
     */
    record Health(
            LinkStatus status,
            Instant since,
            Instant checkedAt,
            @Nullable Long latencyMillis,
            @Nullable Latency latency,
            @Nullable String stage,
            @Nullable String hop,
            @Nullable String reason,
            @Nullable String error) {}

    /** How fast a link answers, by {@code health.latency_warning} and {@code health.latency_critical}. */
    enum Latency {
        OK,
        SLOW,
        CRITICAL
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
     *
     * @param within ids of the links that are there for whoever asks; null for all
     */
    record Resolve(List<String> selectors, @Nullable Set<String> within) implements Request<Targets> {
        public Resolve {
            selectors = List.copyOf(selectors);
            within = within == null ? null : Set.copyOf(within);
        }

        /** Among all links. */
        public Resolve(List<String> selectors) {
            this(selectors, null);
        }
    }

    /**
     * What scopes leave of the fleet now (decision 15): each list is one scope, and a link must be chosen by all of
     * them. Selectors are those of {@link Resolve}; one that matches nothing leaves nothing. Retired links count as if
     * they were still there, scripts that are gone from the catalog do not.
     *
     * @param targets no lists at all for every link
     * @param scripts names and globs, negated with {@code !}; no lists at all for every script
     */
    record FindReach(List<List<String>> targets, List<List<String>> scripts) implements Request<Reach> {
        public FindReach {
            targets = targets.stream().map(List::copyOf).toList();
            scripts = scripts.stream().map(List::copyOf).toList();
        }
    }

    /**
     * @param links by id; null for every link there ever was
     * @param scripts by id; null for every script there ever was
     */
    record Reach(@Nullable Set<String> links, @Nullable Set<String> scripts) implements Reply {
        /** Everything. */
        public static final Reach ALL = new Reach(null, null);

        public Reach {
            links = links == null ? null : Set.copyOf(links);
            scripts = scripts == null ? null : Set.copyOf(scripts);
        }

        public boolean hasLink(String id) {
            return links == null || links.contains(id);
        }

        public boolean hasLinks(Collection<String> ids) {
            return links == null || links.containsAll(ids);
        }

        public boolean hasScript(String id) {
            return scripts == null || scripts.contains(id);
        }

        public boolean hasScripts(Collection<String> ids) {
            return scripts == null || scripts.containsAll(ids);
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
     * Writes the client id file of a link whose host key is trusted, and looks at it over the same connection. What
     * goes wrong there is a result; HOST_KEY_UNKNOWN or HOST_KEY_CHANGED with {@code details.offered} if it is not to
     * be trusted, CONFLICT while somebody else enrolls it.
     *
     * @param isReplacing whether another client id may be overwritten
     */
    record Enroll(String linkId, boolean isReplacing, String enrolledBy) implements Request<Enrolling> {}

    /**
     * What was done, in order; the last step is the one that failed, if one did.
     *
     * @param replaced the client id that was overwritten; null if none was
     */
    record Enrolling(List<EnrollStep> steps, @Nullable String replaced, Enrollment enrollment) implements Reply {
        public Enrolling {
            steps = List.copyOf(steps);
        }
    }

    /** @param message what was found or done; where it failed, what to do */
    record EnrollStep(EnrollStage stage, boolean isOk, String message) {}

    enum EnrollStage {
        CONNECT,
        HOST_KEY,
        LOG_IN,
        EXISTING_ID,
        WRITE,
        VERIFY
    }

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
     * Stores what the room health says of a link, with what its last check saw. Dropped as {@link RecordEnrollment} is.
     *
     * @param seenAt when it was last logged in to; null if the last check did not get in
     * @param enrollment null if the check did not come so far as to say anything of it: being out of reach takes
     *     nothing back
     * @param offeredHostKey the link's own fingerprint that was refused
     */
    record RecordHealth(
            String linkId,
            Health health,
            @Nullable Instant seenAt,
            @Nullable Enrollment enrollment,
            @Nullable String offeredHostKey)
            implements Request<Recorded> {}

    /** The links that are in a maintenance window now, all of them; kept in memory only. */
    record RecordMaintenance(List<String> linkIds) implements Request<Recorded> {
        public RecordMaintenance {
            linkIds = List.copyOf(linkIds);
        }
    }

    /**
     * An admin's word that this is the link's host key; it replaces whatever was confirmed before. The fingerprint must
     * be the one the link offered when it was last refused ({@link HostKey#offered}), else CONFLICT; a key that Git
     * pins is changed in Git, CONFLICT too.
     */
    record ConfirmHostKey(String linkId, String fingerprint, String confirmedBy) implements Request<LinkState> {}

    /**
     * An operation or a person has looked at this link.
     *
     * @param reason why it did not get in, as in {@link Enrollment}; null if it did
     */
    record LinkSeen(
            String linkId,
            boolean isOnline,
            Instant at,
            @Nullable String reason) implements Event {}

    /** Nothing that was seen of this link holds any more: it has another address, client id or host key. */
    record LinkReset(String linkId) implements Event {}

    /** Something about this link has changed; ask for it. */
    record LinkChanged(String linkId) implements Event {}

    /** The whole inventory has changed. */
    record InventoryChanged(String commit) implements Event {}
}
