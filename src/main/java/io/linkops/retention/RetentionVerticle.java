package io.linkops.retention;

import io.linkops.audit.Audit;
import io.linkops.bus.Bus;
import io.linkops.config.RetentionConfig;
import io.linkops.figures.FigureBook;
import io.linkops.orchestrator.Operations;
import io.linkops.retention.Retention.FindFigures;
import io.linkops.retention.Retention.FindStatus;
import io.linkops.retention.Retention.Status;
import io.linkops.retention.Retention.Sweep;
import io.linkops.store.Database;
import io.linkops.terminal.Terminals;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sweeps: asks each owner to remove a bite of what is too old, then the next, with a rest in between, so that whoever
 * else writes waits for one bite at most. Then the space is given back, in bites too.
 */
public final class RetentionVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionVerticle.class);
    private static final int ROWS = 500;
    private static final int PAGES = 256;
    /** A sweep ends after so many bites; the next one goes on. */
    private static final int MOST_BITES = 50_000;

    private static final long REST_MILLIS = 2;
    private static final long MEGABYTE = 1024 * 1024;

    private final Database database;
    private final RetentionConfig config;
    private final InstantSource clock;
    private final FigureBook figures = new FigureBook();
    private Removed removed = Removed.NOTHING;
    private Removed removedNow = Removed.NOTHING;
    private long reclaimed;
    private Database.@Nullable Space space;
    private @Nullable Instant sweptAt;
    private @Nullable String problem;
    private @Nullable Future<Void> sweep;
    private boolean isStopping;
    /** Output of an operation is gone already: then it goes altogether, whether or not that is needed for the size. */
    private boolean isInTheMiddle;

    public RetentionVerticle(Database database, RetentionConfig config, InstantSource clock) {
        this.database = database;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        var bus = Bus.of(vertx);
        figures.gauge(
                "linkops_database_file_bytes", "Size of the database file.", () -> known(Database.Space::fileBytes));
        figures.gauge("linkops_database_free_bytes", "Unused bytes in it.", () -> known(Database.Space::freeBytes));
        figures.gauge(
                "linkops_retention_operations", "Operations removed since the start.", () -> removed.operations());
        figures.gauge("linkops_retention_output_bytes", "Their output.", () -> removed.outputBytes());
        figures.gauge("linkops_retention_audit_rows", "Rows of the audit removed.", () -> removed.auditRows());
        figures.gauge("linkops_retention_reclaimed_bytes", "Given back to the disk.", () -> reclaimed);
        bus.answer(Sweep.class, _ -> sweep(bus).transform(_ -> status()));
        bus.answer(FindStatus.class, _ -> status());
        bus.answer(FindFigures.class, _ -> Future.succeededFuture(figures.page()));
        vertx.setPeriodic(config.interval().toMillis(), _ -> sweep(bus));
        return status();
    }

    @Override
    public Future<?> stop() {
        isStopping = true;
        var going = sweep;
        return going == null ? Future.succeededFuture() : going.otherwiseEmpty();
    }

    private Number known(Function<Database.Space, Long> figure) {
        var now = space;
        return now == null ? Double.NaN : figure.apply(now);
    }

    private Future<Status> status() {
        return database.space().map(now -> {
            space = now;
            return new Status(
                    sweptAt,
                    problem,
                    removed.operations(),
                    removed.outputBytes(),
                    removed.sessions(),
                    removed.auditRows(),
                    now.fileBytes(),
                    now.freeBytes(),
                    reclaimed,
                    now.isReclaimable());
        });
    }

    private Future<Void> sweep(Bus bus) {
        var going = sweep;
        if (going != null) {
            return going;
        }
        problem = null;
        removedNow = Removed.NOTHING;
        var begun = old(config.operationsKept(), before -> operations(bus, before))
                .compose(_ -> old(config.terminalSessionsKept(), before -> sessions(bus, before)))
                .compose(_ -> old(config.auditKept(), before -> audit(bus, before)))
                .compose(_ -> tooMuch(bus))
                .compose(_ -> reclaim())
                .recover(this::broken)
                .compose(_ -> tell(bus));
        sweep = begun;
        return begun.onComplete(_ -> {
            sweep = null;
            sweptAt = clock.instant();
        });
    }

    private Future<Void> broken(Throwable cause) {
        problem = String.valueOf(cause.getMessage());
        LOG.warn("Retention could not remove all it should; it goes on at the next sweep: {}", problem);
        return Future.succeededFuture();
    }

    private Future<Void> old(Duration kept, Function<Instant, Future<Boolean>> bite) {
        return kept.isZero()
                ? Future.succeededFuture()
                : bites(() -> bite.apply(clock.instant().minus(kept)), MOST_BITES);
    }

    /** One after another, until one says that there is no more. */
    private Future<Void> bites(Supplier<Future<Boolean>> bite, int most) {
        if (most == 0 || isStopping) {
            return Future.succeededFuture();
        }
        return bite.get()
                .compose(isMore -> isMore ? rest().compose(_ -> bites(bite, most - 1)) : Future.succeededFuture());
    }

    private Future<Void> rest() {
        Promise<Void> over = Promise.promise();
        vertx.setTimer(REST_MILLIS, _ -> over.complete());
        return over.future();
    }

    private Future<Boolean> operations(Bus bus, Instant before) {
        return bus.request(new Operations.Forget(before)).map(done -> {
            add(new Removed(done.isGone() ? 1 : 0, done.outputBytes(), 0, 0));
            isInTheMiddle = done.isMore() && !done.isGone();
            return done.isMore();
        });
    }

    private Future<Boolean> sessions(Bus bus, Instant before) {
        return bus.request(new Terminals.ForgetSessions(before, ROWS)).map(done -> {
            add(new Removed(0, 0, done.sessions(), 0));
            return done.sessions() == ROWS;
        });
    }

    private Future<Boolean> audit(Bus bus, Instant before) {
        return bus.request(new Audit.Forget(before, ROWS)).map(done -> {
            add(new Removed(0, 0, 0, done.rows()));
            return done.isMore();
        });
    }

    private void add(Removed more) {
        removed = removed.plus(more);
        removedNow = removedNow.plus(more);
    }

    /** What is free in the file does not count: it is given back, or used again. */
    private Future<Void> tooMuch(Bus bus) {
        if (config.databaseMaxMb() == 0) {
            return Future.succeededFuture();
        }
        return bites(
                () -> database.space()
                        .compose(now ->
                                !isInTheMiddle && now.fileBytes() - now.freeBytes() <= config.databaseMaxMb() * MEGABYTE
                                        ? Future.succeededFuture(false)
                                        : operations(bus, clock.instant())),
                MOST_BITES);
    }

    private Future<Void> reclaim() {
        return bites(
                () -> database.reclaim(PAGES).map(bytes -> {
                    reclaimed += bytes;
                    return bytes > 0;
                }),
                MOST_BITES);
    }

    private Future<Void> tell(Bus bus) {
        if (removedNow.equals(Removed.NOTHING)) {
            return Future.succeededFuture();
        }
        LOG.info("Retention removed {}", removedNow.details());
        var entry = Audit.Entry.system("retention.remove", "retention", "", removedNow.details(), Audit.SUCCESS);
        return bus.request(new Audit.Note(entry, true)).<Void>mapEmpty().otherwiseEmpty();
    }
}
