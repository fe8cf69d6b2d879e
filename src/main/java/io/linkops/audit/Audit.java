package io.linkops.audit;

import io.linkops.bus.Contract;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.figures.Figures;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the keeper of the audit can be told and asked. It owns the audit's rows (decision 18, docs/AUDIT.md). */
@Contract
public interface Audit {
    /** The result of what went well; any other is an error's code, or {@link #BEGUN}. */
    String SUCCESS = "success";

    /** The result of an admin's change that is about to be made: it is on disk before the change. */
    String BEGUN = "begun";

    /** How somebody proved who they are. */
    enum Auth {
        /** Not at all. */
        NONE,
        PASSWORD,
        /** An OpenID provider. */
        PROVIDER,
        SESSION,
        API_TOKEN,
        TICKET,
        /** LinkOps itself. */
        SYSTEM,
        /** Somebody at the command line of LinkOps' machine. */
        LOCAL
    }

    /**
     * Who, and from where.
     *
     * @param tokenId of the JWT or the API token; empty if there was none
     * @param address remote address; empty for what came from no network
     */
    record Who(String user, String tokenId, Auth auth, String address) {
        /** LinkOps itself. */
        public static final Who SYSTEM = new Who("system", "", Auth.SYSTEM, "");
    }

    /**
     * Something that happened. Texts are cut, not refused, where they are too long.
     *
     * @param action one of those in docs/AUDIT.md, such as {@code operations.run}
     * @param kind what it was done to, such as {@code operations}; empty if to nothing
     * @param resource its id; empty if there is none
     * @param details few and short; never a secret
     * @param result {@link #SUCCESS}, {@link #BEGUN} or an error's code
     * @param requestId of the HTTP request; empty if there was none
     */
    record Entry(
            Who who,
            String action,
            String kind,
            String resource,
            Map<String, String> details,
            String result,
            String requestId) {
        public Entry {
            details = java.util.Collections.unmodifiableMap(new TreeMap<>(details));
        }

        /** What LinkOps did by itself. */
        public static Entry system(
                String action, String kind, String resource, Map<String, String> details, String result) {
            return new Entry(Who.SYSTEM, action, kind, resource, details, result, "");
        }
    }

    /**
     * Records it. The answer comes when it is on disk; fails with STORAGE_FULL or STORAGE_UNAVAILABLE when that cannot
     * be done. Failures of which there are very many are counted and recorded as one row.
     *
     * @param isKept whether it has happened already and is written later if it cannot be now
     */
    record Note(Entry entry, boolean isKept) implements Request<Noted> {}

    record Noted() implements Reply {}

    /** A row as it stands. {@code seal} is the HMAC over its fields and the seal before it, both in hexadecimal. */
    record Row(long sequence, Instant at, Entry entry, String previous, String seal) {}

    /**
     * Rows, newest first. What is null is not asked for.
     *
     * @param before sequence: only rows before it; null for the newest
     * @param limit from 1 to 200
     */
    record Find(
            @Nullable String user,
            @Nullable String action,
            @Nullable String kind,
            @Nullable String resource,
            @Nullable String result,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable Long before,
            int limit)
            implements Request<Page> {}

    /** @param next {@code before} of the next page; null after the last */
    record Page(List<Row> rows, @Nullable Long next, Anchor head) implements Reply {
        public Page {
            rows = List.copyOf(rows);
        }
    }

    /** The place and the seal of a row: whoever keeps one elsewhere can tell later that the chain led through it. */
    record Anchor(long sequence, String seal) implements Reply {
        @Override
        public String toString() {
            return sequence + ":" + seal;
        }
    }

    /** The newest row. Sequence 0 before there is one. */
    record FindHead() implements Request<Anchor> {}

    /**
     * A part of an export: rows from the first after {@code after} on, as lines of JSON; the checkpoint comes first.
     */
    record Export(long after) implements Request<Part> {}

    /** @param next {@code after} of the next part; null after the last */
    record Part(String lines, @Nullable Long next) implements Reply {}

    /**
     * Removes rows older than this, the oldest first and few at a time, and leaves a sealed checkpoint, so that what is
     * left still proves itself. The newest row always stays.
     */
    record Forget(Instant before, int limit) implements Request<Forgotten> {}

    /** @param isMore whether there is more to remove */
    record Forgotten(long rows, boolean isMore) implements Reply {}

    record FindFigures() implements Request<Figures.Page> {}
}
