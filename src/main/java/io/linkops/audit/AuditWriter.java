package io.linkops.audit;

import io.linkops.audit.Audit.Anchor;
import io.linkops.audit.Audit.Entry;
import io.linkops.audit.Audit.Noted;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.figures.FigureBook;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to the chain: what comes while a group is on its way to the disk is sealed and written as the next group. The
 * chain moves on when a group is on disk and not before, so sequences have no gap. For one event loop.
 */
final class AuditWriter {
    private static final Logger LOG = LoggerFactory.getLogger(AuditWriter.class);
    private static final int MOST_AT_ONCE = 1_000;
    private static final int MOST_WAITING = 20_000;
    private static final long RETRY_MILLIS = 1_000;

    private final Vertx vertx;
    private final AuditStore store;
    private final Seal seal;
    private final InstantSource clock;
    private final FigureBook figures;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private @Nullable Anchor head;
    private boolean isBusy;
    private boolean isBehind;

    private record Waiting(Entry entry, Instant at, boolean isKept, Promise<Noted> promise) {}

    AuditWriter(
            Vertx vertx, AuditStore store, Seal seal, InstantSource clock, FigureBook figures, @Nullable Anchor head) {
        this.vertx = vertx;
        this.store = store;
        this.seal = seal;
        this.clock = clock;
        this.figures = figures;
        this.head = head;
    }

    int waiting() {
        return waiting.size();
    }

    /**
     * Completes when it is on disk.
     *
     * @param isKept whether it is tried again where that fails
     */
    Future<Noted> add(Entry entry, boolean isKept) {
        if (waiting.size() >= MOST_WAITING) {
            LOG.error("The audit is behind; this is not in it: {}", entry);
            figures.count("linkops_audit_lost", "Rows that could not be kept for a later try.");
            return Future.failedFuture(new Failure(
                    ErrorCode.STORAGE_UNAVAILABLE, "The audit cannot be written; look at the disk of the database"));
        }
        Promise<Noted> promise = Promise.promise();
        waiting.add(new Waiting(entry, clock.instant(), isKept, promise));
        next();
        return promise.future();
    }

    private void next() {
        if (isBusy || waiting.isEmpty()) {
            return;
        }
        isBusy = true;
        List<Waiting> group = new ArrayList<>();
        while (group.size() < MOST_AT_ONCE && !waiting.isEmpty()) {
            group.add(waiting.remove());
        }
        var known = head;
        (known == null ? store.head() : Future.succeededFuture(known))
                .compose(from -> write(group, from))
                .onSuccess(to -> written(group, to))
                .onFailure(cause -> failed(group, cause));
    }

    private Future<Anchor> write(List<Waiting> group, Anchor from) {
        List<Statement> rows = new ArrayList<>(group.size());
        var to = from;
        for (var each : group) {
            long sequence = to.sequence() + 1;
            var open = Line.of(Long.toString(sequence), each.at(), each.entry(), to.seal(), "");
            var sealed = seal.of(sequence, open);
            rows.add(AuditStore.insert(new Line(open.sequence(), open.fields(), open.previous(), sealed)));
            to = new Anchor(sequence, sealed);
        }
        var last = to;
        return store.write(rows).map(_ -> last);
    }

    private void written(List<Waiting> group, Anchor to) {
        head = to;
        isBusy = false;
        if (isBehind) {
            isBehind = false;
            LOG.info("The audit is written again");
        }
        group.forEach(each -> {
            figures.count("linkops_audit_rows", "Rows of the audit that were written.");
            each.promise().tryComplete(new Noted());
        });
        next();
    }

    /** Where the chain stands is read anew: nobody knows what became of the group. */
    private void failed(List<Waiting> group, Throwable cause) {
        head = null;
        if (!isBehind) {
            isBehind = true;
            LOG.error("The audit cannot be written; admins' changes are refused until it can", cause);
        }
        for (int i = group.size() - 1; i >= 0; i--) {
            if (group.get(i).isKept()) {
                waiting.addFirst(group.get(i));
            }
        }
        group.forEach(each -> each.promise().tryFail(cause));
        vertx.setTimer(RETRY_MILLIS, _ -> {
            isBusy = false;
            next();
        });
    }

    /** The newest row that is on disk. */
    Future<Anchor> head() {
        var known = head;
        return known == null ? store.head() : Future.succeededFuture(known);
    }
}
