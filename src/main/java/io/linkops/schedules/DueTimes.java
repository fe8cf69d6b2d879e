package io.linkops.schedules;

import io.linkops.bus.Bus;
import io.linkops.bus.Failure;
import io.linkops.config.SchedulesConfig;
import io.linkops.gitsync.GitSync.ScheduledWork;
import io.linkops.orchestrator.Operations;
import io.linkops.schedules.Schedules.Firing;
import io.linkops.schedules.Schedules.Outcome;
import io.linkops.schedules.Schedules.ScheduleChanged;
import io.linkops.schedules.Schedules.ScheduleMissed;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deals with times as they come due. That one is being started is on disk, together with the mark, before its operation
 * is asked for: whatever ends in between, no time is started twice, and none is passed over in silence.
 */
final class DueTimes {
    private static final Logger LOG = LoggerFactory.getLogger(DueTimes.class);
    private static final Duration STARTING = Duration.ofMinutes(2);
    private static final String AWAY = "LinkOps was not running, or its clock jumped; run it now if it matters";
    private static final String CRASHED =
            "LinkOps ended while this was being started; look whether its operation is there";

    private final Bus bus;
    private final ScheduleStore store;
    private final ScheduleBook book;
    private final SchedulesConfig config;
    private final InstantSource clock;
    private final Set<String> busy = new HashSet<>();
    private final Map<String, Instant> nextAt = new HashMap<>();
    private Instant lookedAt = Instant.MIN;
    private boolean isResting;

    DueTimes(Bus bus, ScheduleStore store, ScheduleBook book, SchedulesConfig config, InstantSource clock) {
        this.bus = bus;
        this.store = store;
        this.book = book;
        this.config = config;
        this.clock = clock;
    }

    /** A time that was being started when LinkOps ended is told, and not tried again. */
    Future<Void> closeStarting() {
        var cut = book.newest().stream()
                .filter(firing -> firing.outcome() == Outcome.STARTING)
                .map(firing -> decided(firing, Outcome.MISSED, null, CRASHED))
                .toList();
        if (cut.isEmpty()) {
            return Future.succeededFuture();
        }
        return store.write(cut.stream().map(ScheduleStore::record).toList()).onSuccess(_ -> cut.forEach(this::tell));
    }

    /** The schedules themselves have changed: what was known of their next times holds no more. */
    void forget() {
        nextAt.clear();
        var gone = book.sweep();
        if (!gone.isEmpty()) {
            store.write(gone.stream().map(ScheduleStore::unmark).toList())
                    .onFailure(cause -> LOG.error("Marks of schedules that are no more could not be removed", cause));
        }
    }

    /** LinkOps is stopping: what is due from now on is told as missed by the next start. */
    void rest() {
        isResting = true;
    }

    /** Looks at the clock once. */
    void look() {
        if (isResting) {
            return;
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (now.isBefore(lookedAt)) {
            nextAt.clear(); // the clock was set back
        }
        lookedAt = now;
        book.works().forEach((id, work) -> {
            var next = nextAt.get(id);
            if ((next == null || !now.isBefore(next)) && busy.add(id)) {
                look(id, work, now).onComplete(done -> {
                    busy.remove(id);
                    if (done.failed()) {
                        LOG.error("Schedule {} could not be dealt with; it is looked at again", id, done.cause());
                    }
                });
            }
        });
    }

    private Future<Void> look(String id, ScheduledWork work, Instant now) {
        var mark = book.mark(id, work, now);
        if (!book.isMarked(id, mark)) {
            return store.write(List.of(ScheduleStore.mark(id, mark))).onSuccess(_ -> book.mark(id, mark));
        }
        if (!mark.isEnabled()) {
            return Future.succeededFuture();
        }
        var due = DuePlan.of(ScheduleBook.times(work), mark.handledUntil(), now, config.grace());
        return missed(id, due)
                .compose(_ -> due.fire() == null ? Future.succeededFuture() : fire(id, work, due.fire()))
                .onSuccess(_ -> nextAt.put(id, due.nextAt() == null ? Instant.MAX : due.nextAt()));
    }

    private Future<Void> missed(String id, DuePlan due) {
        var from = due.missedFrom();
        if (from == null) {
            return Future.succeededFuture();
        }
        return store.firing(id, from).compose(known -> {
            if (known.isPresent()) {
                return Future.succeededFuture(); // the clock was set back: this was told
            }
            var reason = due.missed() == 1
                    ? AWAY
                    : (due.missed() > DuePlan.MOST ? "At least " : "") + due.missed() + " times until "
                            + due.missedUntil() + ": " + AWAY;
            var firing = new Firing(id, from, Outcome.MISSED, due.missed(), null, reason, clock.instant());
            return keep(firing, due.missedUntil());
        });
    }

    private Future<Void> fire(String id, ScheduledWork work, Instant dueAt) {
        return store.firing(id, dueAt).compose(known -> {
            if (known.isPresent()) {
                return Future.succeededFuture(); // the clock was set back: this time was dealt with
            }
            var starting = new Firing(id, dueAt, Outcome.STARTING, 1, null, null, clock.instant());
            return isStillRunning(id, work)
                    .compose(isRunning -> isRunning
                            ? keep(overlapping(starting), dueAt)
                            : keep(starting, dueAt).compose(_ -> start(work, starting)));
        });
    }

    private Firing overlapping(Firing starting) {
        return decided(starting, Outcome.MISSED, null, "The operation of the time before is not over");
    }

    private Future<Boolean> isStillRunning(String id, ScheduledWork work) {
        var before = book.last(id);
        var operation = before == null ? null : before.operationId();
        if (work.mayOverlap() || operation == null) {
            return Future.succeededFuture(false);
        }
        return bus.request(new Operations.FindSummary(operation))
                .map(found -> !found.status().isFinal())
                .otherwise(false);
    }

    private Future<Void> start(ScheduledWork work, Firing starting) {
        return run(starting.schedule(), work, "schedule:" + starting.schedule())
                .map(queued -> decided(starting, Outcome.STARTED, queued.operationId(), null))
                .recover(cause -> Future.succeededFuture(
                        decided(starting, Outcome.REFUSED, null, "It could not be started: " + sentence(cause))))
                .compose(firing -> keep(firing, null));
    }

    private static String sentence(Throwable cause) {
        return cause instanceof Failure failure ? failure.text() : "an internal error; the log has the details";
    }

    /** Starts the operation, whatever the time. */
    Future<Operations.Queued> run(String id, ScheduledWork work, String by) {
        LOG.info("Schedule {} is started by {}", id, by);
        var onFailure = work.continuesOnFailure() ? Operations.OnFailure.CONTINUE : Operations.OnFailure.STOP;
        return bus.request(
                new Operations.Run(
                        work.scripts(),
                        work.flags(),
                        work.targets(),
                        work.concurrency(),
                        true,
                        onFailure,
                        null,
                        Map.of(),
                        Map.of(),
                        by),
                STARTING);
    }

    private Firing decided(Firing firing, Outcome outcome, @Nullable String operation, @Nullable String reason) {
        return new Firing(
                firing.schedule(), firing.dueAt(), outcome, firing.times(), operation, reason, clock.instant());
    }

    /** @param handledUntil where the schedule stands with this; null if that is on disk already */
    private Future<Void> keep(Firing firing, @Nullable Instant handledUntil) {
        List<Statement> statements = new ArrayList<>(List.of(ScheduleStore.record(firing)));
        var id = firing.schedule();
        if (handledUntil != null && book.works().containsKey(id)) {
            var mark = book.mark(id, book.work(id), firing.decidedAt()).handled(handledUntil);
            statements.add(ScheduleStore.mark(id, mark));
            book.mark(id, mark);
        }
        return store.write(statements).onSuccess(_ -> tell(firing));
    }

    private void tell(Firing firing) {
        book.told(firing);
        bus.publish(new ScheduleChanged(firing.schedule()));
        var reason = firing.reason();
        if (reason != null) {
            LOG.warn("Schedule {}, due {}: {}", firing.schedule(), firing.dueAt(), reason);
            bus.publish(new ScheduleMissed(firing.schedule(), firing.dueAt(), reason));
        }
    }
}
