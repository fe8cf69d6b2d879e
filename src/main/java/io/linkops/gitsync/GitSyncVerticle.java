package io.linkops.gitsync;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.GitConfig;
import io.linkops.figures.FigureBook;
import io.linkops.gitsync.GitSync.Fetch;
import io.linkops.gitsync.GitSync.Fetched;
import io.linkops.gitsync.GitSync.FindFigures;
import io.linkops.gitsync.GitSync.FindHistory;
import io.linkops.gitsync.GitSync.FindStatus;
import io.linkops.gitsync.GitSync.History;
import io.linkops.gitsync.GitSync.Status;
import io.linkops.gitsync.GitSync.Sync;
import io.linkops.gitsync.GitSync.SyncChanged;
import io.linkops.gitsync.GitSync.SyncResult;
import io.linkops.gitsync.SyncHistory.Head;
import io.linkops.inventory.Inventory.Replace;
import io.linkops.inventory.Inventory.Replaced;
import io.linkops.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when to sync, keeps the history, and knows the commit in force. One sync at a time; a failed one leaves the
 * last good inventory in force.
 */
public final class GitSyncVerticle extends VerticleBase {
    /** How long whoever asks for a sync should wait. */
    public static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final String SYSTEM = "system";
    private static final Duration REPLACING = Duration.ofMinutes(5);
    private static final Logger LOG = LoggerFactory.getLogger(GitSyncVerticle.class);

    private final GitConfig config;
    private final SyncHistory history;
    private final InstantSource clock;
    private final FigureBook figures = new FigureBook();
    private @Nullable Head head;
    private @Nullable SyncResult lastSync;
    private @Nullable Future<SyncResult> running;
    private @Nullable Future<SyncResult> next;
    private boolean isHeadRead;

    public GitSyncVerticle(GitConfig config, Database database, InstantSource clock) {
        this.config = config;
        this.history = new SyncHistory(database);
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        return history.newest(1)
                .compose(newest -> {
                    lastSync = newest.isEmpty() ? null : newest.getFirst();
                    return history.head();
                })
                .onSuccess(found -> {
                    head = found;
                    begin(Bus.of(vertx));
                });
    }

    private void begin(Bus bus) {
        bus.answer(Sync.class, ask -> sync(bus, ask.startedBy()));
        bus.answer(FindStatus.class, _ -> Future.succeededFuture(status()));
        bus.answer(FindHistory.class, this::findHistory);
        bus.answer(FindFigures.class, _ -> Future.succeededFuture(figures.page()));
        describe();
        if (config.repositoryUrl() == null) {
            LOG.warn("No repository is configured (git.repository_url): nothing is synced");
            return;
        }
        sync(bus, SYSTEM);
        if (config.syncInterval().isPositive()) {
            vertx.setPeriodic(config.syncInterval().toMillis(), _ -> tick(bus));
        }
    }

    private void describe() {
        figures.gauge(
                "linkops_git_sync_age_seconds",
                "Time since the last sync ended.",
                () -> lastSync == null
                        ? Double.NaN
                        : Duration.between(lastSync.endedAt(), clock.instant()).toMillis() / 1000.0);
        figures.gauge(
                "linkops_git_sync_success",
                "1 if the last sync was a success, 0 if not.",
                () -> lastSync == null ? Double.NaN : lastSync.isSuccess() ? 1 : 0);
    }

    /**
     * Answers with a sync that began after it was asked for: one that is under way may have looked before the caller
     * pushed. All who ask meanwhile share the next one.
     */
    private Future<SyncResult> sync(Bus bus, String startedBy) {
        if (running != null) {
            if (next == null) {
                next = running.transform(_ -> {
                    next = null;
                    return sync(bus, startedBy);
                });
            }
            return next;
        }
        if (config.repositoryUrl() == null) {
            return Future.failedFuture(new Failure(
                    ErrorCode.UNAVAILABLE, "No repository is configured: set git.repository_url and restart LinkOps"));
        }
        var startedAt = now();
        bus.publish(new SyncChanged(true));
        var sync = bus.request(new Fetch(isHeadRead && head != null ? head.commit() : null), fetching())
                .compose(fetched -> apply(bus, fetched, startedBy, startedAt))
                .recover(cause -> fail(cause, startedBy, startedAt));
        running = sync;
        sync.onComplete(_ -> {
            running = null;
            bus.publish(new SyncChanged(false));
        });
        return sync;
    }

    private void tick(Bus bus) {
        if (running == null) {
            sync(bus, SYSTEM);
        }
    }

    private Future<SyncResult> apply(Bus bus, Fetched fetched, String startedBy, Instant startedAt) {
        if (!fetched.isNew()) {
            return keep(success(startedBy, startedAt, false, fetched.commit(), null, List.of()));
        }
        var isOther = head == null || !head.commit().equals(fetched.commit());
        return bus.request(new Replace(fetched.commit(), fetched.links(), fetched.scripts()), REPLACING)
                .compose(diff -> {
                    head = new Head(fetched.commit(), fetched.message(), fetched.time());
                    isHeadRead = true;
                    var isChanged = isOther || !isEmpty(diff);
                    LOG.info(
                            "Synced {} at commit {}: {} added, {} changed, {} retired",
                            RepositoryVerticle.shownUrl(config),
                            fetched.commit(),
                            diff.added().size(),
                            diff.changed().size(),
                            diff.retired().size());
                    return keep(success(
                            startedBy,
                            startedAt,
                            isChanged,
                            fetched.commit(),
                            isChanged ? diff : null,
                            fetched.warnings()));
                });
    }

    private static boolean isEmpty(Replaced diff) {
        return diff.added().isEmpty()
                && diff.changed().isEmpty()
                && diff.retired().isEmpty();
    }

    private SyncResult success(
            String startedBy,
            Instant startedAt,
            boolean isChanged,
            String commit,
            @Nullable Replaced diff,
            List<String> warnings) {
        return new SyncResult(
                nextId(), startedBy, startedAt, now(), true, isChanged, commit, diff, warnings, null, null);
    }

    /** It is kept and then told: whoever asked gets the failure itself. */
    private Future<SyncResult> fail(Throwable cause, String startedBy, Instant startedAt) {
        var failure = cause instanceof Failure known
                ? known
                : new Failure(ErrorCode.INTERNAL, "An internal error; the log has the details");
        if (failure != cause) {
            LOG.error("The sync of {} failed unexpectedly", RepositoryVerticle.shownUrl(config), cause);
        }
        var commit = head == null ? null : head.commit();
        var result = new SyncResult(
                nextId(),
                startedBy,
                startedAt,
                now(),
                false,
                false,
                commit,
                null,
                List.of(),
                failure.text(),
                failure.code().name());
        return keep(result).transform(_ -> Future.failedFuture(failure));
    }

    private Future<SyncResult> keep(SyncResult result) {
        lastSync = result;
        return history.add(result, head).map(_ -> result);
    }

    private Future<History> findHistory(FindHistory find) {
        if (find.limit() < 1 || find.limit() > 200) {
            return Future.failedFuture(new Failure(
                    ErrorCode.VALIDATION_FAILED,
                    "limit must be between 1 and 200",
                    Map.of("fields", Map.of("limit", "must be between 1 and 200"))));
        }
        return history.newest(find.limit()).map(History::new);
    }

    private Status status() {
        return new Status(
                RepositoryVerticle.shownUrl(config),
                config.branch(),
                head == null ? null : head.commit(),
                head == null ? null : head.message(),
                head == null ? null : head.time(),
                running != null,
                lastSync);
    }

    private long nextId() {
        return lastSync == null ? 1 : lastSync.id() + 1;
    }

    /** All tries with their pauses. */
    private Duration fetching() {
        return FetchLimit.LONGEST
                .plus(config.retryDelay())
                .multipliedBy(config.retries() + 1L)
                .plusMinutes(1);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
