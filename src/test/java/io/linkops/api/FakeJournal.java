package io.linkops.api;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.journal.Journals;
import io.linkops.journal.Journals.Entry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A journal in memory: cuts pages as the real one may, and can be told to lose its bell or to be slow. */
final class FakeJournal {
    private final Vertx vertx;
    private final Bus bus;
    private final Map<String, List<Entry>> streams = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> underWay = new ConcurrentHashMap<>();
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger mostAtOnce = new AtomicInteger();
    private static final int LARGEST_PAGE = 1024 * 1024;

    volatile boolean isBellBroken;
    volatile int slownessMillis;
    volatile boolean isAway;
    final AtomicInteger refusals = new AtomicInteger();
    /** An entry that is missing although it should not be. */
    volatile long hidden = -1;

    FakeJournal(Vertx vertx, Bus bus) {
        this.vertx = vertx;
        this.bus = bus;
        bus.answer(Journals.Read.class, this::read);
    }

    void append(String stream, String type, String data, boolean isLast) {
        var entries = streams.computeIfAbsent(stream, any -> new ArrayList<>());
        synchronized (entries) {
            entries.add(new Entry(entries.size() + 1L, Instant.EPOCH, type, data, isLast));
        }
        if (!isBellBroken) {
            bus.publish(new Journals.Appended(stream));
        }
    }

    List<Entry> entries(String stream) {
        var entries = streams.getOrDefault(stream, List.of());
        synchronized (entries) {
            return List.copyOf(entries);
        }
    }

    private Future<Journals.Page> read(Journals.Read request) {
        if (isAway) {
            refusals.incrementAndGet();
            return Future.failedFuture(new Failure(ErrorCode.STORAGE_UNAVAILABLE, "The database is away"));
        }
        reads.incrementAndGet();
        var count = underWay.computeIfAbsent(request.stream(), any -> new AtomicInteger());
        mostAtOnce.accumulateAndGet(count.incrementAndGet(), Math::max);
        Promise<Journals.Page> page = Promise.promise();
        Runnable answer = () -> {
            count.decrementAndGet();
            page.complete(new Journals.Page(cut(request)));
        };
        if (slownessMillis == 0) {
            answer.run();
        } else {
            vertx.setTimer(slownessMillis, tick -> answer.run());
        }
        return page.future();
    }

    private List<Entry> cut(Journals.Read request) {
        var page = new ArrayList<Entry>();
        var chars = 0;
        for (var entry : entries(request.stream())) {
            if (entry.seq() > request.after()
                    && entry.seq() != hidden
                    && page.size() < request.limit()
                    && chars < LARGEST_PAGE) {
                page.add(entry);
                chars += entry.data().length();
            }
        }
        return page;
    }
}
