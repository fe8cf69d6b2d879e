package io.linkops.gitsync;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.bus.Reply;
import io.linkops.config.GitConfig;
import io.linkops.figures.FigureBook;
import io.linkops.gitsync.GitSync.ApproveHeld;
import io.linkops.gitsync.GitSync.FindFigures;
import io.linkops.gitsync.GitSync.FindHistory;
import io.linkops.gitsync.GitSync.FindStatus;
import io.linkops.gitsync.GitSync.FindSync;
import io.linkops.gitsync.GitSync.History;
import io.linkops.gitsync.GitSync.Hook;
import io.linkops.gitsync.GitSync.LinkWritten;
import io.linkops.gitsync.GitSync.PushEdit;
import io.linkops.gitsync.GitSync.RejectHeld;
import io.linkops.gitsync.GitSync.Status;
import io.linkops.gitsync.GitSync.Sync;
import io.linkops.gitsync.GitSync.SyncChanged;
import io.linkops.gitsync.GitSync.SyncDetail;
import io.linkops.gitsync.GitSync.SyncResult;
import io.linkops.gitsync.GitSync.SyncState;
import io.linkops.gitsync.GitSync.WriteLink;
import io.linkops.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when to sync, and whose turn it is: syncs, approvals and edits happen one after the other. A failed sync
 * leaves the last good inventory in force.
 */
public final class GitSyncVerticle extends VerticleBase {
    /** How long whoever asks for a sync should wait. */
    public static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final String SYSTEM = "system";
    private static final Duration PUSHING = FetchLimit.LONGEST.multipliedBy(LinkWriting.MAX_TRIES + 1L);
    private static final Logger LOG = LoggerFactory.getLogger(GitSyncVerticle.class);

    private final GitConfig config;
    private final Database database;
    private final InstantSource clock;
    private final HookDoor hooks;
    private Future<?> lastTurn = Future.succeededFuture();
    private int turns;
    private @Nullable Future<SyncResult> next;

    public GitSyncVerticle(GitConfig config, Database database, InstantSource clock) {
        this.config = config;
        this.database = database;
        this.clock = clock;
        this.hooks = new HookDoor(config, clock);
    }

    @Override
    public Future<?> start() {
        var bus = Bus.of(vertx);
        var rounds = new SyncRounds(config, bus, database, clock);
        return rounds.load().onSuccess(_ -> begin(bus, rounds));
    }

    private FigureBook figures(SyncRounds rounds) {
        var figures = new FigureBook();
        figures.gauge("linkops_git_sync_age_seconds", "Time since the last sync ended.", () -> {
            var last = rounds.lastSync();
            return last == null
                    ? Double.NaN
                    : Duration.between(last.endedAt(), clock.instant()).toMillis() / 1000.0;
        });
        figures.gauge("linkops_git_sync_success", "1 if the last sync was a success, 0 if not.", () -> {
            var last = rounds.lastSync();
            return last == null ? Double.NaN : last.isSuccess() ? 1 : 0;
        });
        return figures;
    }

    private void begin(Bus bus, SyncRounds rounds) {
        bus.answer(Sync.class, ask -> sync(bus, rounds, ask.startedBy()));
        bus.answer(FindStatus.class, _ -> Future.succeededFuture(status(rounds)));
        bus.answer(FindHistory.class, find -> findHistory(rounds, find));
        bus.answer(FindSync.class, find -> findSync(rounds, find.id()));
        bus.answer(ApproveHeld.class, word -> inTurn(bus, () -> rounds.approve(word.commit(), word.approvedBy())));
        bus.answer(RejectHeld.class, word -> inTurn(bus, () -> rounds.reject(word.commit(), word.rejectedBy())));
        bus.answer(Hook.class, hook -> Future.succeededFuture(hooks.enter(hook, () -> hooked(bus, rounds))));
        bus.answer(WriteLink.class, edit -> write(bus, rounds, edit));
        var figures = figures(rounds);
        bus.answer(FindFigures.class, _ -> Future.succeededFuture(figures.page()));
        if (config.repositoryUrl() == null) {
            LOG.warn("No repository is configured (git.repository_url): nothing is synced");
            return;
        }
        sync(bus, rounds, SYSTEM);
        if (config.syncInterval().isPositive()) {
            vertx.setPeriodic(config.syncInterval().toMillis(), _ -> tick(bus, rounds));
        }
    }

    /**
     * Answers with a sync that began after it was asked for: one that is under way may have looked before the caller
     * pushed. All who ask meanwhile share the next one.
     */
    private Future<SyncResult> sync(Bus bus, SyncRounds rounds, String startedBy) {
        if (config.repositoryUrl() == null) {
            return Future.failedFuture(unconfigured());
        }
        if (next != null) {
            return next;
        }
        var isBusy = turns > 0;
        var sync = inTurn(bus, () -> {
            next = null;
            return rounds.sync(startedBy);
        });
        if (isBusy) {
            next = sync;
        }
        return sync;
    }

    /** One after the other; whoever listens hears when all is quiet again. */
    private <T extends Reply> Future<T> inTurn(Bus bus, Supplier<Future<T>> act) {
        turns++;
        Future<?> before = turns == 1 ? Future.succeededFuture() : lastTurn;
        Future<T> turn = before.transform(_ -> begun(bus, act));
        lastTurn = turn;
        return turn.onComplete(_ -> {
            turns--;
            bus.publish(new SyncChanged(turns > 0));
        });
    }

    private static <T> Future<T> begun(Bus bus, Supplier<Future<T>> act) {
        bus.publish(new SyncChanged(true));
        return act.get();
    }

    private void tick(Bus bus, SyncRounds rounds) {
        if (turns == 0) {
            sync(bus, rounds, SYSTEM);
        }
    }

    /** Its end is in the history. */
    private void hooked(Bus bus, SyncRounds rounds) {
        sync(bus, rounds, "webhook");
    }

    /** The push and the sync that brings it are two turns: whoever comes between syncs it as well. */
    private Future<LinkWritten> write(Bus bus, SyncRounds rounds, WriteLink edit) {
        if (config.repositoryUrl() == null) {
            return Future.failedFuture(unconfigured());
        }
        if (config.writable() == GitConfig.Writable.NEVER) {
            return Future.failedFuture(new Failure(
                    ErrorCode.FORBIDDEN,
                    "LinkOps does not write to the repository (git.writable: never); edit links.yaml there"));
        }
        return inTurn(bus, () -> push(bus, rounds, edit))
                .compose(pushed -> sync(bus, rounds, edit.author())
                        .map(sync -> new LinkWritten(pushed.commit(), sync))
                        .recover(cause -> Future.failedFuture(committedButNotSynced(pushed.commit(), cause))));
    }

    private static Future<GitSync.Pushed> push(Bus bus, SyncRounds rounds, WriteLink edit) {
        var held = rounds.held();
        if (held != null) {
            return Future.failedFuture(SyncRounds.failure(held));
        }
        return bus.request(new PushEdit(edit), PUSHING).onSuccess(pushed -> rounds.vouch(edit.linkId(), pushed.link()));
    }

    private static Throwable committedButNotSynced(String commit, Throwable cause) {
        return cause instanceof Failure failure
                ? new Failure(
                        failure.code(),
                        "The edit is pushed as commit " + commit + ", but not in force yet. " + failure.text(),
                        failure.details())
                : cause;
    }

    private Future<History> findHistory(SyncRounds rounds, FindHistory find) {
        if (find.limit() < 1 || find.limit() > 200) {
            return Future.failedFuture(new Failure(
                    ErrorCode.VALIDATION_FAILED,
                    "limit must be between 1 and 200",
                    Map.of("fields", Map.of("limit", "must be between 1 and 200"))));
        }
        return rounds.history().newest(find.limit()).map(History::new);
    }

    private static Future<SyncDetail> findSync(SyncRounds rounds, long id) {
        return rounds.history()
                .find(id)
                .compose(found -> found == null
                        ? Future.failedFuture(new Failure(ErrorCode.NOT_FOUND, "There is no sync " + id))
                        : Future.succeededFuture(found));
    }

    private Status status(SyncRounds rounds) {
        var head = rounds.head();
        return new Status(
                state(rounds),
                RepositoryVerticle.shownUrl(config),
                config.branch(),
                head == null ? null : head.commit(),
                head == null ? null : head.message(),
                head == null ? null : head.time(),
                turns > 0,
                rounds.lastSync(),
                rounds.held(),
                config.repositoryUrl() != null && config.writable() == GitConfig.Writable.AUTO,
                hooks.count());
    }

    private SyncState state(SyncRounds rounds) {
        if (config.repositoryUrl() == null) {
            return SyncState.UNCONFIGURED;
        }
        if (turns > 0) {
            return SyncState.SYNCING;
        }
        if (rounds.held() != null) {
            return SyncState.HELD;
        }
        var last = rounds.lastSync();
        return last == null ? SyncState.NEVER : last.isSuccess() ? SyncState.SYNCED : SyncState.FAILED;
    }

    private static Failure unconfigured() {
        return new Failure(
                ErrorCode.UNAVAILABLE, "No repository is configured: set git.repository_url and restart LinkOps");
    }
}
