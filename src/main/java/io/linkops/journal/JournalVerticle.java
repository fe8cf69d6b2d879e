package io.linkops.journal;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.figures.FigureBook;
import io.linkops.journal.Journals.Appended;
import io.linkops.journal.Journals.Entry;
import io.linkops.journal.Journals.FindFigures;
import io.linkops.journal.Journals.Forget;
import io.linkops.journal.Journals.Forgotten;
import io.linkops.journal.Journals.Page;
import io.linkops.journal.Journals.Read;
import io.linkops.journal.Journals.ReadPart;
import io.linkops.journal.Journals.Tried;
import io.linkops.journal.Journals.TryDatabase;
import io.linkops.journal.Journals.Written;
import io.linkops.store.Database;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Serves pages of the journal. Many readers of one stream stand at the same place: they share one query, and its page
 * until the stream grows.
 */
public final class JournalVerticle extends VerticleBase {
    private static final int MAX_LIMIT = 1000;
    private static final int MAX_PAGE_CHARS = 1 << 19;
    private static final long MAX_FORGOTTEN_CHARS = 1 << 22;
    private static final int MAX_SHARED_PAGES = 64;
    private static final int KEEP_MILLIS = 1000;
    /**
     * A page ends at the limit of entries or where its size goes past the limit of characters, with one entry at least.
     * The sizes are added up in front, so that nothing is read that the page will not have.
     */
    private static final String SELECT = "SELECT seq, at, type, data, is_last FROM journal"
            + " WHERE stream = ? AND %1$s seq > ? AND seq <="
            + " (SELECT MAX(seq) FROM (SELECT seq, SUM(size) OVER (ORDER BY seq) - size AS before FROM"
            + " (SELECT seq, size FROM journal WHERE stream = ? AND %1$s seq > ? ORDER BY seq LIMIT ?) AS ahead)"
            + " AS sized WHERE before < ?) ORDER BY seq";

    private static final String SELECT_ALL = SELECT.formatted("");
    private static final String SELECT_PART = SELECT.formatted("part = ? AND");

    private final Database database;
    private final FigureBook figures = new FigureBook();
    private final Map<Read, Future<Page>> shared = new LinkedHashMap<>();

    public JournalVerticle(Database database) {
        this.database = database;
    }

    @Override
    public Future<?> start() {
        var bus = Bus.of(vertx);
        bus.answer(Read.class, this::read);
        bus.answer(ReadPart.class, this::readPart);
        bus.answer(Forget.class, this::forget);
        bus.answer(TryDatabase.class, _ -> database.check().map(_ -> new Tried()));
        bus.answer(FindFigures.class, _ -> Future.succeededFuture(figures.page()));
        bus.listen(Written.class, written -> {
            figures.count("linkops_journal_appends", "Appends to the journal.");
            ring(bus, written.stream());
        });
        figures.gauge("linkops_database_queued_writes", "Writes that wait for the disk.", database::queuedWrites);
        return Future.succeededFuture();
    }

    private Future<Page> read(Read question) {
        var known = shared.get(question);
        return known != null ? known : check(question.after(), question.limit()).compose(_ -> share(question));
    }

    private static Future<Void> check(long after, int limit) {
        return limit >= 1 && limit <= MAX_LIMIT && after >= 0
                ? Future.succeededFuture()
                : Future.failedFuture(new Failure(
                        ErrorCode.VALIDATION_FAILED, "after must be 0 or more, limit between 1 and " + MAX_LIMIT));
    }

    private Future<Page> readPart(ReadPart question) {
        return check(question.after(), question.limit())
                .compose(_ -> database.read(
                        SELECT_PART,
                        question.stream(),
                        question.part(),
                        question.after(),
                        question.stream(),
                        question.part(),
                        question.after(),
                        question.limit(),
                        MAX_PAGE_CHARS))
                .map(JournalVerticle::page);
    }

    /** At most so many entries and, beyond one, so much data. */
    private Future<Forgotten> forget(Forget order) {
        var stream = order.stream();
        return database.read("SELECT seq, size FROM journal WHERE stream = ? ORDER BY seq LIMIT ?", stream, MAX_LIMIT)
                .compose(rows -> {
                    if (rows.isEmpty()) {
                        return Future.succeededFuture(new Forgotten(0, false));
                    }
                    long bytes = 0;
                    long upTo = 0;
                    for (var row : rows) {
                        if (upTo > 0 && bytes + row.getLong("size") > MAX_FORGOTTEN_CHARS) {
                            break;
                        }
                        bytes += row.getLong("size");
                        upTo = row.getLong("seq");
                    }
                    var forgotten = new Forgotten(bytes, true);
                    return database.write(
                                    Statement.of("DELETE FROM journal WHERE stream = ? AND seq <= ?", stream, upTo))
                            .map(forgotten);
                });
    }

    private Future<Page> share(Read question) {
        var page = database.read(
                        SELECT_ALL,
                        question.stream(),
                        question.after(),
                        question.stream(),
                        question.after(),
                        question.limit(),
                        MAX_PAGE_CHARS)
                .map(JournalVerticle::page);
        shared.put(question, page);
        if (shared.size() > MAX_SHARED_PAGES) {
            shared.remove(shared.keySet().iterator().next());
        }
        // A word from the writer may be lost between nodes: no page that may be out of date is kept for long.
        vertx.setTimer(KEEP_MILLIS, _ -> shared.remove(question, page));
        return page.onFailure(_ -> shared.remove(question, page));
    }

    /** First forgets what was read before, then rings: whoever hears the bell and asks gets what it rang for. */
    private void ring(Bus bus, String stream) {
        shared.keySet().removeIf(question -> question.stream().equals(stream));
        bus.publish(new Appended(stream));
    }

    private static Page page(List<Row> rows) {
        return new Page(rows.stream().map(JournalVerticle::entry).toList());
    }

    private static Entry entry(Row row) {
        return new Entry(
                row.getLong("seq"),
                Instant.ofEpochMilli(row.getLong("at")),
                row.getString("type"),
                row.getString("data"),
                row.getLong("is_last") != 0);
    }
}
