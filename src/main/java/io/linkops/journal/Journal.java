package io.linkops.journal;

import io.linkops.bus.Bus;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The owners' way to write streams: entries go to disk in the same transaction as the records they tell of, then the
 * bell rings. Sequence numbers are given by the database as it writes, so they have no gap, whatever fails.
 */
public final class Journal {
    private static final String APPEND = "INSERT INTO journal (stream, seq, at, type, part, size, data, is_last)"
            + " SELECT ?, COALESCE(MAX(seq), 0) + 1, ?, ?, ?, ?, ?, ? FROM journal WHERE stream = ?";

    private final Database database;
    private final Bus bus;
    private final InstantSource clock;

    /**
     * Something to be told.
     *
     * @param type the event's name
     * @param part what {@link Journals.ReadPart} finds it by; null for most events
     * @param data the event as one line of JSON
     * @param isLast whether the stream is complete with it
     */
    public record Event(String type, @Nullable String part, String data, boolean isLast) {}

    public Journal(Database database, Bus bus, InstantSource clock) {
        this.database = database;
        this.bus = bus;
        this.clock = clock;
    }

    /**
     * Writes events and the records that belong to them, all or nothing.
     *
     * @return completes when all of it is on disk; see {@link Database#write(List)} for failures
     */
    public Future<Void> append(String stream, List<Event> events, List<Statement> records) {
        var at = clock.millis();
        List<Statement> statements = new ArrayList<>(records);
        for (var event : events) {
            statements.add(Statement.of(
                    APPEND,
                    stream,
                    at,
                    event.type(),
                    event.part(),
                    event.data().length(),
                    event.data(),
                    event.isLast(),
                    stream));
        }
        return database.write(statements).onSuccess(_ -> bus.publish(new Journals.Written(stream)));
    }
}
