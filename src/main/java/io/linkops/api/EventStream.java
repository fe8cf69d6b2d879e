package io.linkops.api;

import io.linkops.bus.Failure;
import io.linkops.journal.Journals;
import io.linkops.journal.Journals.Entry;
import io.linkops.orchestrator.Operations;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one stream of the journal: listens to the bell first, then reads page after page and writes as fast as the
 * reader takes it, until the last entry (P19, P20). At most one read is under way; what is not written yet is one page,
 * shared with all who read the same. For a browser it carries the news of the fleet too, so that a tab needs no second
 * connection; then it goes on after the last entry.
 */
final class EventStream {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    /** A page of this size may have been cut before a long entry: there may be more behind it. */
    private static final int LARGE_PAGE = 32 * 1024;

    private static final int WRITE = 32 * 1024;
    private static final int MOST_FAILURES = 15;

    private final Streams streams;
    private final String operation;
    private final String stream;
    private final SseConnection connection;
    private final @Nullable BrowserNews news;
    private final Runnable bell = this::ring;
    private long after;
    private List<Entry> page = List.of();
    private int written;
    private boolean isReading;
    private boolean isRung;
    private boolean hasReadLately = true;
    private int failures;
    private long poll = -1;

    /** @param fleet whose news it carries too; null for none */
    EventStream(Streams streams, Call call, String operation, long after, @Nullable FleetEvents fleet) {
        this.streams = streams;
        this.operation = operation;
        this.stream = Journals.operation(operation);
        this.after = after;
        this.news = fleet == null ? null : new BrowserNews(fleet, call.principal());
        this.connection = new SseConnection(streams, call, this::stop);
        if (!connection.isOver()) {
            streams.bells().add(stream, bell);
        }
    }

    /** Reads the first page; only when the place to begin is known to exist does the stream begin. */
    Future<Answer> open() {
        isReading = true;
        return read(after, streams.pace().page())
                .compose(first -> first.isEmpty() ? begin() : Future.succeededFuture(answer(first)));
    }

    private Future<Answer> begin() {
        return streams.bus()
                .request(new Operations.FindSummary(operation))
                .compose(found -> after == 0 ? Future.succeededFuture(answer(List.of())) : resumeAtTheEnd());
    }

    /** Nothing is newer: either all was seen, or there never was such an entry. */
    private Future<Answer> resumeAtTheEnd() {
        return read(after - 1, 1).map(entries -> {
            if (entries.isEmpty()) {
                throw Problems.of("after", "there is no event " + after + " in this stream yet; begin at 0");
            }
            var isOver = entries.getFirst().isLast();
            // 204 is what makes an EventSource stop asking again.
            return isOver && news == null ? Answer.noContent() : answer(List.of());
        });
    }

    private Future<List<Entry>> read(long from, int limit) {
        hasReadLately = true;
        return streams.bus().request(new Journals.Read(stream, from, limit)).map(Journals.Page::entries);
    }

    private Answer answer(List<Entry> first) {
        return sent -> {
            if (connection.begin(this::drained)) {
                if (news != null) {
                    news.begin(connection);
                }
                poll = streams.vertx().setPeriodic(streams.pace().poll().toMillis(), tick -> look());
                arrived(Future.succeededFuture(first));
            }
        };
    }

    private void drained() {
        if (news != null) {
            news.drained();
        }
        pump();
    }

    private void ring() {
        isRung = true;
        pump();
    }

    /** A bell can get lost; the journal can't. */
    private void look() {
        if (!hasReadLately) {
            ring();
        }
        hasReadLately = isReading;
    }

    private void pump() {
        if (isReading || connection.isOver()) {
            return;
        }
        writePage();
        if (page.isEmpty() && isRung && !connection.isOver() && !connection.isFull()) {
            isRung = false;
            isReading = true;
            read(after, streams.pace().page()).onComplete(this::arrived);
        }
    }

    private void arrived(AsyncResult<List<Entry>> result) {
        isReading = false;
        if (result.failed()) {
            retryLater(result.cause());
            return;
        }
        failures = 0;
        page = result.result();
        written = 0;
        isRung |= isCut(page);
        pump();
    }

    private boolean isCut(List<Entry> page) {
        return page.size() >= streams.pace().page()
                || page.stream().mapToLong(entry -> entry.data().length()).sum() >= LARGE_PAGE;
    }

    private void retryLater(Throwable cause) {
        failures++;
        if (failures >= MOST_FAILURES) {
            LOG.warn("The event stream of operation {} can't be read, its reader must come again", operation, cause);
            connection.abort();
        } else if (!(cause instanceof Failure)) {
            LOG.error("The event stream of operation {} can't be read", operation, cause);
        }
    }

    private void writePage() {
        while (written < page.size() && !connection.isOver() && !connection.isFull()) {
            var frames = Buffer.buffer();
            var isLast = false;
            while (written < page.size() && frames.length() < WRITE && !isLast) {
                var entry = page.get(written++);
                requireNext(entry);
                SseFrame.append(frames, entry);
                isLast = entry.isLast();
            }
            connection.write(frames);
            if (isLast) {
                finish();
            }
        }
        if (written == page.size()) {
            forgetPage();
        }
    }

    private void finish() {
        if (news == null) {
            connection.end();
        } else {
            unlisten();
        }
    }

    private void requireNext(Entry entry) {
        if (entry.seq() != after + 1) {
            connection.abort();
            throw new IllegalStateException(stream + " has entry " + entry.seq() + " after " + after);
        }
        after = entry.seq();
    }

    private void stop() {
        unlisten();
        forgetPage();
        if (news != null) {
            news.end();
        }
    }

    private void unlisten() {
        streams.vertx().cancelTimer(poll);
        streams.bells().remove(stream, bell);
    }

    private void forgetPage() {
        page = List.of();
        written = 0;
    }
}
