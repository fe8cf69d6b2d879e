package io.linkops.gitsync;

import io.linkops.bus.Bytes;
import io.linkops.bus.Contract;
import io.linkops.bus.Event;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.figures.Figures;
import io.linkops.inventory.Inventory;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the repository's keeper can be asked, and what it tells. It owns the sync history. */
@Contract
public interface GitSync {

    /**
     * Fetches and, if the branch moved, hands the commit to the inventory. One that is under way may have looked too
     * early: those who ask meanwhile share the next one. A failed sync is answered with its {@code Failure} and kept in
     * the history; have more patience than usual.
     */
    record Sync(String startedBy) implements Request<SyncResult> {}

    /**
     * One finished sync.
     *
     * @param commit the commit in force after it; null if there is none yet
     * @param isChanged whether the inventory was replaced
     * @param isRewritten whether the branch no longer holds the commit that was in force
     * @param heldCommit the commit that was fetched and waits for an admin's word; null if none does
     * @param approvedBy who let a held commit pass; null if it was not held
     * @param diff what changed; null if nothing did
     * @param error why it failed, for people, never with a credential; null on success
     * @param errorCode a name of ErrorCode; null on success
     */
    record SyncResult(
            long id,
            String startedBy,
            Instant startedAt,
            Instant endedAt,
            boolean isSuccess,
            boolean isChanged,
            boolean isRewritten,
            @Nullable String commit,
            @Nullable String heldCommit,
            @Nullable String approvedBy,
            Inventory.@Nullable Replaced diff,
            List<String> warnings,
            @Nullable String error,
            @Nullable String errorCode)
            implements Reply {
        public SyncResult {
            warnings = List.copyOf(warnings);
        }
    }

    record FindStatus() implements Request<Status> {}

    /**
     * The repository now.
     *
     * @param url without credentials; null when no repository is configured
     * @param held what waits for an admin's word; null if nothing does
     * @param isWritable whether links may be edited over the API, as far as the configuration says
     */
    record Status(
            SyncState state,
            @Nullable String url,
            String branch,
            @Nullable String commit,
            @Nullable String commitMessage,
            @Nullable Instant commitTime,
            boolean isSyncing,
            @Nullable SyncResult lastSync,
            @Nullable Held held,
            boolean isWritable,
            Hooks hooks)
            implements Reply {}

    /** How the inventory stands to the repository. */
    enum SyncState {
        /** There is no git.repository_url. */
        UNCONFIGURED,
        /** No sync has ended yet. */
        NEVER,
        SYNCING,
        /** A commit waits for an admin's word, or was rejected; the one before it stays in force. */
        HELD,
        /** The last sync failed; the last good commit stays in force. */
        FAILED,
        SYNCED
    }

    /** Hooks since the start of LinkOps. */
    record Hooks(
            boolean isConfigured,
            long started,
            long ignored,
            long refused,
            @Nullable Instant lastRefusedAt) {}

    // ---- what a sync changed -------------------------------------------------------------------------------------

    /** One sync with all it changed; NOT_FOUND if there is none of that id. */
    record FindSync(long id) implements Request<SyncDetail> {}

    /** @param diff null if it changed nothing, or is older than the keeping of diffs */
    record SyncDetail(SyncResult sync, @Nullable Diff diff) implements Reply {}

    /**
     * What lies between the commit in force and a fetched one. Lists are cut; the {@code more…} say by how much.
     *
     * @param before null for the first sync
     */
    record Diff(
            @Nullable String before,
            String after,
            boolean isRewritten,
            List<LinkChange> links,
            int moreLinks,
            List<ScriptChange> scripts,
            int moreScripts,
            List<CommitLine> commits,
            int moreCommits,
            List<String> files,
            int moreFiles) {
        public Diff {
            links = List.copyOf(links);
            scripts = List.copyOf(scripts);
            commits = List.copyOf(commits);
            files = List.copyOf(files);
        }
    }

    enum Change {
        ADDED,
        CHANGED,
        /** A link that is gone from links.yaml; a script that is gone from scripts.yaml. */
        REMOVED
    }

    /** @param fields what differs, as links.yaml names it; empty unless it is CHANGED */
    record LinkChange(String id, Change change, List<FieldChange> fields) {
        public LinkChange {
            fields = List.copyOf(fields);
        }
    }

    /** @param before null if it was not there; shortened, one line */
    record FieldChange(
            String field, @Nullable String before, @Nullable String after) {}

    /** @param sha256Before of the script's file, lower-case hex; null if there was none */
    record ScriptChange(
            String id,
            Change change,
            @Nullable String sha256Before,
            @Nullable String sha256After,
            List<FieldChange> fields) {
        public ScriptChange {
            fields = List.copyOf(fields);
        }
    }

    record CommitLine(String commit, String author, String subject) {}

    // ---- what is held --------------------------------------------------------------------------------------------

    /**
     * A fetched commit that is not applied.
     *
     * @param syncId the sync that held it: its diff shows what would change
     * @param base the commit in force, against which it was judged
     * @param rejectedBy who said no; it can still be approved
     */
    record Held(
            String commit,
            String base,
            long syncId,
            String message,
            Instant time,
            List<HoldReason> reasons,
            Instant heldAt,
            @Nullable String rejectedBy,
            @Nullable Instant rejectedAt)
            implements Reply {
        public Held {
            reasons = List.copyOf(reasons);
        }
    }

    /** @param linkId the link it is about; null if it is about many */
    record HoldReason(HoldRule rule, @Nullable String linkId, String text) {}

    /** What is never done without an admin's word (decision 8). */
    enum HoldRule {
        /** More links would be retired than git.max_retired_percent allows. */
        TOO_MANY_RETIRED,
        /** A known link would get another pinned host key. */
        HOST_KEY_CHANGED,
        /** A known link would lose its pinned host key. */
        HOST_KEY_REMOVED,
        /** A pin would overrule the host key that an admin has confirmed. */
        CONFIRMED_KEY_OVERRULED
    }

    /** Applies exactly the held commit; CONFLICT if another one, or none, is held, or its reasons have changed. */
    record ApproveHeld(String commit, String approvedBy) implements Request<SyncResult> {}

    /** Notes that the held commit is not wanted; CONFLICT if another one, or none, is held. */
    record RejectHeld(String commit, String rejectedBy) implements Request<Held> {}

    // ---- what a Git host tells -----------------------------------------------------------------------------------

    /**
     * A request of a Git host, as it came. FORBIDDEN without git.webhook_secret, INVALID_CREDENTIALS if it is not
     * signed with it.
     *
     * @param headers names in lower case
     */
    record Hook(String address, Map<String, String> headers, Bytes body) implements Request<HookAnswer> {
        public Hook {
            headers = Map.copyOf(headers);
        }
    }

    /** @param why it starts no sync; null if it does */
    record HookAnswer(HookOutcome outcome, @Nullable String why) implements Reply {}

    enum HookOutcome {
        STARTED,
        IGNORED,
        PING
    }

    // ---- edits ---------------------------------------------------------------------------------------------------

    /**
     * Edits one entry of links.yaml by a commit on the branch's newest one, pushes it, and syncs. What a sync would
     * refuse is refused before (VALIDATION_FAILED with {@code details.fields}). CONFLICT if the entry was changed by
     * somebody else since {@code baseCommit}, or meanwhile; SYNC_HELD if something is held; GIT_AUTH_FAILED or
     * GIT_FAILED if the remote refuses the push.
     *
     * @param draft the entry as it is to be; null to remove it
     * @param message of the commit; null for a plain one
     * @param baseCommit the commit the caller saw; null not to check
     */
    record WriteLink(
            String linkId,
            Change change,
            @Nullable LinkDraft draft,
            @Nullable String message,
            @Nullable String baseCommit,
            String author)
            implements Request<LinkWritten> {}

    /** An entry of links.yaml before it was checked: anything may be missing or wrong. */
    record LinkDraft(
            @Nullable String type,
            @Nullable String provider,
            @Nullable String host,
            @Nullable Integer port,
            @Nullable String user,
            List<String> tags,
            @Nullable String clientId,
            @Nullable String clientIdPath,
            @Nullable String keyRef,
            @Nullable String proxyJump,
            @Nullable String hostKey,
            Map<String, String> metadata) {
        public LinkDraft {
            tags = List.copyOf(tags);
            metadata = Map.copyOf(metadata);
        }
    }

    /**
     * The edit is in force.
     *
     * @param commit that holds it; the one it was on if nothing had to be changed
     */
    record LinkWritten(String commit, SyncResult sync) implements Reply {}

    // ---- within the room -----------------------------------------------------------------------------------------

    /** Commits and pushes an edit: asked by the room itself. */
    record PushEdit(WriteLink edit) implements Request<Pushed> {}

    /** @param link the entry as it is read now; null if it is gone */
    record Pushed(String commit, Inventory.@Nullable Link link) implements Reply {}

    /** Reads a commit that was fetched before, without asking the remote: asked by the room itself. */
    record ReadCommit(String commit, @Nullable String before) implements Request<Fetched> {}

    /** The newest syncs first, at most {@code limit} (1–200). */
    record FindHistory(int limit) implements Request<History> {}

    record History(List<SyncResult> syncs) implements Reply {
        public History {
            syncs = List.copyOf(syncs);
        }
    }

    /**
     * Fetches the branch and reads it unless it is at a settled commit: asked by the room itself, and changes nothing
     * outside of it.
     *
     * @param before the commit in force; null before the first sync
     * @param settled commits whose files need not be read
     */
    record Fetch(@Nullable String before, List<String> settled) implements Request<Fetched> {
        public Fetch {
            settled = List.copyOf(settled);
        }
    }

    /**
     * What the branch holds.
     *
     * @param isNew whether the files were read; if not, links, scripts and warnings are empty
     * @param advance how the branch came from the commit in force to this one; null if the files were not read
     */
    record Fetched(
            String commit,
            String message,
            Instant time,
            boolean isNew,
            List<Inventory.Link> links,
            List<Inventory.Script> scripts,
            List<String> warnings,
            @Nullable Advance advance)
            implements Reply {
        public Fetched {
            links = List.copyOf(links);
            scripts = List.copyOf(scripts);
            warnings = List.copyOf(warnings);
        }
    }

    /** The part of a {@link Diff} that only a look into the repository shows. */
    record Advance(
            boolean isRewritten,
            List<ScriptChange> scripts,
            List<CommitLine> commits,
            int moreCommits,
            List<String> files,
            int moreFiles) {
        public Advance {
            scripts = List.copyOf(scripts);
            commits = List.copyOf(commits);
            files = List.copyOf(files);
        }
    }

    /** A file's bytes at a commit, from the object store; NOT_FOUND if it is not a plain file there. */
    record ReadFile(String commit, String path) implements Request<Content> {}

    /** @param sha256 of the bytes, lower-case hex */
    record Content(Bytes bytes, String sha256) implements Reply {}

    /** What schedules.yaml declares at a commit, sorted by id; none where there is no such file. */
    record ReadSchedules(String commit) implements Request<Declared> {}

    record Declared(List<DeclaredSchedule> schedules) implements Reply {
        public Declared {
            schedules = List.copyOf(schedules);
        }
    }

    record DeclaredSchedule(String id, ScheduledWork work) {}

    /**
     * What is to be started, and when.
     *
     * @param cron five fields, or {@code @daily} and the like
     * @param zone in which the expression is meant
     * @param flags arguments for each script, by its id
     * @param targets selectors, resolved each time
     * @param concurrency executions at once; null for the configured default
     * @param continuesOnFailure whether a link's later scripts run though an earlier one failed there
     * @param mayOverlap whether it starts although the operation of the time before is not over
     */
    record ScheduledWork(
            String cron,
            String zone,
            @Nullable String description,
            List<String> scripts,
            Map<String, List<String>> flags,
            List<String> targets,
            @Nullable Integer concurrency,
            boolean continuesOnFailure,
            boolean mayOverlap) {
        public ScheduledWork {
            scripts = List.copyOf(scripts);
            targets = List.copyOf(targets);
            var copy = new TreeMap<String, List<String>>();
            flags.forEach((script, values) -> copy.put(script, List.copyOf(values)));
            flags = Collections.unmodifiableMap(copy);
        }
    }
    /** The figures of this room. */
    record FindFigures() implements Request<Figures.Page> {}

    /** A sync has begun or ended; ask for the status. */
    record SyncChanged(boolean isSyncing) implements Event {}
}
