package io.linkops.gitsync;

import io.linkops.bus.Bytes;
import io.linkops.bus.Contract;
import io.linkops.bus.Event;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.figures.Figures;
import io.linkops.inventory.Inventory;
import java.time.Instant;
import java.util.List;
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

    /** The figures of this room. */
    record FindFigures() implements Request<Figures.Page> {}

    /** A sync has begun or ended; ask for the status. */
    record SyncChanged(boolean isSyncing) implements Event {}
}
