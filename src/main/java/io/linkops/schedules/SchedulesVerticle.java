package io.linkops.schedules;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.calendar.CronTimes;
import io.linkops.config.SchedulesConfig;
import io.linkops.gitsync.GitSync.ReadSchedules;
import io.linkops.gitsync.GitSync.ScheduledWork;
import io.linkops.inventory.Inventory;
import io.linkops.orchestrator.Operations;
import io.linkops.schedules.ScheduleStore.Saved;
import io.linkops.schedules.Schedules.All;
import io.linkops.schedules.Schedules.Done;
import io.linkops.schedules.Schedules.FindFirings;
import io.linkops.schedules.Schedules.FindSchedule;
import io.linkops.schedules.Schedules.FindSchedules;
import io.linkops.schedules.Schedules.Firings;
import io.linkops.schedules.Schedules.Preview;
import io.linkops.schedules.Schedules.Remove;
import io.linkops.schedules.Schedules.RunNow;
import io.linkops.schedules.Schedules.Save;
import io.linkops.schedules.Schedules.Schedule;
import io.linkops.schedules.Schedules.ScheduleChanged;
import io.linkops.schedules.Schedules.Switch;
import io.linkops.schedules.Schedules.Times;
import io.linkops.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns schedules: keeps those made here, reads those of the repository, and looks at the clock every so often. */
public final class SchedulesVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulesVerticle.class);
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final int MOST_TIMES = 50;
    private static final int MOST_FIRINGS = 200;
    private static final int MOST_SCHEDULES = 1000;

    private final ScheduleStore store;
    private final SchedulesConfig config;
    private final InstantSource clock;
    private final ScheduleBook book = new ScheduleBook();
    private @Nullable String commit;

    public SchedulesVerticle(Database database, SchedulesConfig config, InstantSource clock) {
        this.store = new ScheduleStore(database);
        this.config = config;
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        var bus = Bus.of(vertx);
        var due = new DueTimes(bus, store, book, config, clock);
        return load().compose(_ -> due.closeStarting())
                .compose(_ -> bus.request(new Inventory.FindScripts()))
                .compose(scripts -> declare(bus, due, scripts.commit()))
                .onSuccess(_ -> {
                    answer(bus, due);
                    bus.listen(Operations.DrainBegun.class, _ -> due.rest());
                    bus.listen(Inventory.InventoryChanged.class, event -> declare(bus, due, event.commit()));
                    vertx.setPeriodic(config.lookInterval().toMillis(), _ -> due.look());
                });
    }

    private void answer(Bus bus, DueTimes due) {
        bus.answer(FindSchedules.class, _ -> Future.succeededFuture(all()));
        bus.answer(FindSchedule.class, find -> Future.succeededFuture(book.shown(find.id(), now())));
        bus.answer(Save.class, save -> save(bus, due, save));
        bus.answer(Remove.class, remove -> remove(bus, due, remove));
        bus.answer(Switch.class, order -> turn(bus, due, order));
        bus.answer(RunNow.class, order -> due.run(order.id(), book.work(order.id()), order.startedBy()));
        bus.answer(FindFirings.class, this::firings);
        bus.answer(Preview.class, this::preview);
    }

    private Future<?> load() {
        return store.saved()
                .compose(saved -> store.marks()
                        .compose(marks -> store.newest().onSuccess(newest -> book.load(saved, marks, newest))));
    }

    /** A commit that cannot be read leaves those in force that are. */
    private Future<?> declare(Bus bus, DueTimes due, @Nullable String commitNow) {
        commit = commitNow;
        if (commitNow == null) {
            return Future.succeededFuture();
        }
        return bus.request(new ReadSchedules(commitNow))
                .onSuccess(found -> {
                    if (commitNow.equals(commit)) {
                        book.declare(found.schedules());
                        changed(bus, due, "*");
                    }
                })
                .onFailure(cause ->
                        LOG.error("The schedules at commit {} cannot be read; those before stay", commitNow, cause))
                .otherwiseEmpty();
    }

    private static void changed(Bus bus, DueTimes due, String id) {
        due.forget();
        due.look();
        bus.publish(new ScheduleChanged(id));
    }

    private All all() {
        var now = now();
        return new All(
                book.works().keySet().stream().map(id -> book.shown(id, now)).toList());
    }

    private Future<Schedule> save(Bus bus, DueTimes due, Save save) {
        if (!ID.matcher(save.id()).matches()) {
            throw invalid("id", "must be 1–128 letters, digits, dots, dashes or underscores");
        }
        refuseDeclared(save.id());
        if (book.savedCount() >= MOST_SCHEDULES && !book.isSaved(save.id())) {
            throw new Failure(ErrorCode.CONFLICT, "There are " + MOST_SCHEDULES + " schedules; remove one first");
        }
        check(save.work());
        var saved = new Saved(save.id(), save.work(), save.savedBy());
        return store.write(List.of(ScheduleStore.save(saved, now()))).map(_ -> {
            book.save(saved);
            changed(bus, due, saved.id());
            return book.shown(saved.id(), now());
        });
    }

    private static void check(ScheduledWork work) {
        try {
            CronTimes.zone(work.zone());
        } catch (IllegalArgumentException e) {
            throw invalid("timezone", String.valueOf(e.getMessage()));
        }
        try {
            ScheduleBook.times(work);
        } catch (IllegalArgumentException e) {
            throw invalid("cron", "is no cron expression of five fields: " + e.getMessage());
        }
    }

    private Future<Done> remove(Bus bus, DueTimes due, Remove remove) {
        book.work(remove.id());
        refuseDeclared(remove.id());
        return store.write(ScheduleStore.remove(remove.id())).map(_ -> {
            book.remove(remove.id());
            changed(bus, due, remove.id());
            return new Done();
        });
    }

    private void refuseDeclared(String id) {
        if (book.isDeclared(id)) {
            throw new Failure(
                    ErrorCode.CONFLICT,
                    "Schedule " + id + " comes from schedules.yaml of the repository; change it there");
        }
    }

    private Future<Schedule> turn(Bus bus, DueTimes due, Switch order) {
        var mark = book.mark(order.id(), book.work(order.id()), now())
                .switched(order.isEnabled(), order.switchedBy(), now());
        return store.write(List.of(ScheduleStore.mark(order.id(), mark))).map(_ -> {
            book.mark(order.id(), mark);
            changed(bus, due, order.id());
            return book.shown(order.id(), now());
        });
    }

    private Future<Firings> firings(FindFirings question) {
        if (question.limit() < 1 || question.limit() > MOST_FIRINGS) {
            throw invalid("limit", "must be between 1 and " + MOST_FIRINGS);
        }
        book.work(question.schedule());
        return store.firings(question.schedule(), question.limit()).map(Firings::new);
    }

    private Future<Times> preview(Preview preview) {
        if (preview.count() < 1 || preview.count() > MOST_TIMES) {
            throw invalid("count", "must be between 1 and " + MOST_TIMES);
        }
        var work = new ScheduledWork(
                preview.cron(), preview.zone(), null, List.of(), Map.of(), List.of(), null, false, false);
        check(work);
        List<Instant> found = new ArrayList<>();
        var next = ScheduleBook.times(work).next(now());
        while (next.isPresent() && found.size() < preview.count()) {
            found.add(next.get());
            next = ScheduleBook.times(work).next(next.get());
        }
        return Future.succeededFuture(new Times(found));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static Failure invalid(String field, String problem) {
        return new Failure(
                ErrorCode.VALIDATION_FAILED, field + " " + problem, Map.of("fields", Map.of(field, problem)));
    }
}
