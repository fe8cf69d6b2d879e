package io.linkops.gitsync;

import io.linkops.bus.Blocking;
import io.linkops.bus.Bus;
import io.linkops.config.GitConfig;
import io.linkops.gitsync.GitSync.Content;
import io.linkops.gitsync.GitSync.Declared;
import io.linkops.gitsync.GitSync.Fetch;
import io.linkops.gitsync.GitSync.Fetched;
import io.linkops.gitsync.GitSync.PushEdit;
import io.linkops.gitsync.GitSync.Pushed;
import io.linkops.gitsync.GitSync.ReadCommit;
import io.linkops.gitsync.GitSync.ReadFile;
import io.linkops.gitsync.GitSync.ReadSchedules;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches and reads the repository on a pool of its own; tries again after network faults, logs each failure once. */
public final class RepositoryVerticle extends VerticleBase {
    private static final Duration STOPPING = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(RepositoryVerticle.class);

    private final GitConfig config;
    private final WorkerExecutor pool;
    private final Mirror mirror;
    private final InstantSource clock;
    private Future<?> lastFetch = Future.succeededFuture();

    /**
     * @param knownHosts that of the ssh section, for ssh URLs where the git section names none
     * @param pool two threads: one fetches, the other reads meanwhile
     * @param clock for the time of commits
     */
    public RepositoryVerticle(GitConfig config, @Nullable Path knownHosts, WorkerExecutor pool, InstantSource clock) {
        this.config = config;
        this.pool = pool;
        this.clock = clock;
        this.mirror = new Mirror(config, knownHosts);
    }

    /**
     * Keeps the Git configuration of the machine and its users away from all of this process. Whoever uses JGit before
     * a first verticle is there calls it.
     */
    public static void ignoreForeignGitConfig() {
        OwnGitConfig.install();
    }

    @Override
    public Future<?> start() {
        var bus = Bus.of(vertx);
        bus.answer(Fetch.class, this::fetchInTurn);
        bus.answer(PushEdit.class, this::push);
        bus.answer(ReadCommit.class, this::read);
        bus.answer(ReadFile.class, this::read);
        bus.answer(ReadSchedules.class, this::schedules);
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        // What writes to the copy ends first, unless it hangs.
        return Future.any(lastFetch.otherwiseEmpty(), vertx.timer(STOPPING.toMillis()))
                .transform(_ -> Blocking.on(vertx, () -> {
                    mirror.close();
                    return "closed";
                }));
    }

    private Future<Fetched> fetchInTurn(Fetch fetch) {
        return inTurn(() -> fetch(fetch, 0));
    }

    /** One thread fetches or pushes at a time. */
    private <T> Future<T> inTurn(Supplier<Future<T>> act) {
        var result = lastFetch.transform(_ -> act.get());
        lastFetch = result;
        return result.recover(RepositoryVerticle::asFailure);
    }

    private Future<Pushed> push(PushEdit push) {
        return inTurn(() -> Blocking.on(pool, () -> mirror.push(push.edit(), clock))
                .onFailure(cause -> LOG.warn(
                        "The edit of link {} could not be pushed to {}",
                        push.edit().linkId(),
                        shownUrl(config),
                        cause)));
    }

    private Future<Fetched> fetch(Fetch fetch, int attempt) {
        return Blocking.on(pool, () -> mirror.fetch(fetch)).recover(cause -> {
            if (cause instanceof SyncException fault && fault.isNetworkFault() && attempt < config.retries()) {
                LOG.warn("{} It is tried again in {}", fault.getMessage(), config.retryDelay());
                return pause().compose(_ -> fetch(fetch, attempt + 1));
            }
            LOG.error("The sync of {} failed", shownUrl(config), cause);
            return Future.failedFuture(cause);
        });
    }

    private Future<?> pause() {
        return vertx.timer(Math.max(1, config.retryDelay().toMillis()), java.util.concurrent.TimeUnit.MILLISECONDS);
    }

    private Future<Fetched> read(ReadCommit read) {
        return Blocking.on(pool, () -> mirror.read(read)).recover(RepositoryVerticle::asFailure);
    }

    private Future<Content> read(ReadFile read) {
        return Blocking.on(pool, () -> mirror.file(read.commit(), read.path())).recover(RepositoryVerticle::asFailure);
    }

    private Future<Declared> schedules(ReadSchedules read) {
        return Blocking.on(pool, () -> mirror.schedules(read.commit())).recover(RepositoryVerticle::asFailure);
    }

    private static <T> Future<T> asFailure(Throwable cause) {
        return Future.failedFuture(cause instanceof SyncException known ? known.toFailure() : cause);
    }

    /** The repository's address without credentials, or what is wrong with it. */
    static @Nullable String shownUrl(GitConfig config) {
        if (config.repositoryUrl() == null) {
            return null;
        }
        try {
            return RemoteUrl.parse(config.repositoryUrl()).shown();
        } catch (SyncException e) {
            return "(not an allowed address)";
        }
    }
}
