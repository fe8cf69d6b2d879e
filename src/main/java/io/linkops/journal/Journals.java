package io.linkops.journal;

import io.linkops.bus.Contract;
import io.linkops.bus.Event;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.figures.Figures;
import java.time.Instant;
import java.util.List;

/** What the journal can be asked, and the bell it rings. Writing is the owners' own ({@link Journal}). */
@Contract
public interface Journals {

    /** The stream of one operation. */
    static String operation(String operationId) {
        return "operation:" + operationId;
    }

    /**
     * Entries of one stream in order, from the first one after {@code after}.
     *
     * @param after sequence number, 0 for the beginning
     * @param limit at most so many entries, and at most about 1 MiB of data; between 1 and 1,000
     */
    record Read(String stream, long after, int limit) implements Request<Page> {}

    /** As {@link Read}, but only the entries of one part: the output of one execution. */
    record ReadPart(String stream, String part, long after, int limit) implements Request<Page> {}

    /** Some entries in order; empty when there is nothing newer (yet). */
    record Page(List<Entry> entries) implements Reply {
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * One entry, never changed after it was written.
     *
     * @param seq 1, 2, 3, … within its stream, without a gap
     * @param type the event's name, for example {@code execution.output}
     * @param data the event as one line of JSON
     * @param isLast whether the stream is complete with this entry
     */
    record Entry(long seq, Instant at, String type, String data, boolean isLast) {}

    /** Whether the database below can be read and written and has the schema it should have; fails if not. */
    record TryDatabase() implements Request<Tried> {}

    record Tried() implements Reply {}

    /** The figures of this room, and of the database below it. */
    record FindFigures() implements Request<Figures.Page> {}

    /** Removes a bite of a stream that is over, from its beginning; ask again until there is no more. */
    record Forget(String stream) implements Request<Forgotten> {}

    record Forgotten(long bytes, boolean isMore) implements Reply {}

    /** From a writer to the journal's verticle: this stream has grown. Everybody else listens to {@link Appended}. */
    record Written(String stream) implements Event {}

    /** The bell: there is something new in this stream. Coalesced; look at the store for what it is. */
    record Appended(String stream) implements Event {}
}
