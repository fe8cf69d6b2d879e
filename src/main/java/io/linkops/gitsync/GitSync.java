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
            @Nullable String commit,
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

    /** @param url without credentials; null when no repository is configured */
    record Status(
            @Nullable String url,
            String branch,
            @Nullable String commit,
            @Nullable String commitMessage,
            @Nullable Instant commitTime,
            boolean isSyncing,
            @Nullable SyncResult lastSync)
            implements Reply {}

    /** The newest syncs first, at most {@code limit} (1–200). */
    record FindHistory(int limit) implements Request<History> {}

    record History(List<SyncResult> syncs) implements Reply {
        public History {
            syncs = List.copyOf(syncs);
        }
    }

    /**
     * Fetches the branch and reads it if it is not at the known commit: asked by the room itself, and changes nothing
     * outside of it.
     *
     * @param known the commit in force; null to have the files read in any case
     */
    record Fetch(@Nullable String known) implements Request<Fetched> {}

    /**
     * What the branch holds.
     *
     * @param isNew whether the files were read; if not, links, scripts and warnings are empty
     */
    record Fetched(
            String commit,
            String message,
            Instant time,
            boolean isNew,
            List<Inventory.Link> links,
            List<Inventory.Script> scripts,
            List<String> warnings)
            implements Reply {
        public Fetched {
            links = List.copyOf(links);
            scripts = List.copyOf(scripts);
            warnings = List.copyOf(warnings);
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
