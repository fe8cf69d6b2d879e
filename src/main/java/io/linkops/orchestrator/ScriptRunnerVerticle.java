package io.linkops.orchestrator;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.config.OperationsConfig;
import io.linkops.inventory.Inventory;
import io.linkops.inventory.Inventory.RecordEnrollment;
import io.linkops.inventory.Inventory.Target;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Runners.Accepted;
import io.linkops.orchestrator.Runners.Attach;
import io.linkops.orchestrator.Runners.Attached;
import io.linkops.orchestrator.Runners.Detached;
import io.linkops.orchestrator.Runners.End;
import io.linkops.orchestrator.Runners.Execute;
import io.linkops.orchestrator.Runners.Output;
import io.linkops.orchestrator.Runners.Piece;
import io.linkops.orchestrator.Runners.Script;
import io.linkops.ssh.DurableLimits;
import io.linkops.ssh.SshConnections;
import io.linkops.vault.SecretFiles;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs executions over SSH, near the links: it holds no database. Deployed as a worker verticle; the executions
 * themselves run on a pool of their own, one thread each, so that an order to end one never waits behind them.
 */
public final class ScriptRunnerVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ScriptRunnerVerticle.class);
    /** Between tries to hand on a report that could not be kept, for example because the disk is full. */
    private static final Duration RETRY = Duration.ofMillis(500);

    /** A report that is given up is lost, and one told again may be kept twice: better to wait for a slow disk. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Duration RETRY_LIMIT = Duration.ofSeconds(10);

    private static final Duration IDLE = Duration.ofSeconds(10);

    private final SshConnections connections;
    private final SecretFiles secrets;
    private final InstantSource clock;
    private final OperationsConfig config;
    private final Map<String, RunningJob> jobs = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("linkops-timers").factory());
    private final ExecutorService pool;
    private volatile boolean isStopping;

    public ScriptRunnerVerticle(
            SshConnections connections, OperationsConfig config, SecretFiles secrets, InstantSource clock) {
        this.connections = connections;
        this.secrets = secrets;
        this.config = config;
        this.clock = clock;
        this.pool = pool(config.maxConcurrency());
    }

    /**
     * A thread for each execution that runs, made when it is needed and gone soon after. The engine starts no more than
     * its limit at once; twice as many leave room for those whose end is being told.
     */
    private static ExecutorService pool(int executions) {
        return new ThreadPoolExecutor(
                0,
                2 * executions,
                IDLE.toSeconds(),
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("linkops-ssh-", 0).factory());
    }

    @Override
    public Future<?> start() {
        var bus = Bus.of(vertx);
        bus.answer(Execute.class, order -> Future.succeededFuture(accept(bus, order)));
        bus.answer(Attach.class, order -> Future.succeededFuture(accept(bus, order)));
        bus.answer(End.class, order -> Future.succeededFuture(end(order)));
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        isStopping = true;
        long durable =
                jobs.values().stream().filter(DurableJob.class::isInstance).count();
        if (durable > 0) {
            LOG.info("{} durable executions go on without LinkOps; the next start looks for them", durable);
        }
        timers.shutdownNow();
        pool.shutdownNow();
        return Future.succeededFuture();
    }

    /** An order that arrives twice is done once. */
    private Accepted accept(Bus bus, Execute order) {
        return begin(bus, order, job(bus, new BusReports(bus, order, 0), order));
    }

    private RunningJob job(Bus bus, BusReports reports, Execute order) {
        var vault = new VaultAsking(context, bus, order);
        return order.isDurable() && order.script() != null
                ? durable(reports, order, null, order.script())
                : new ExecutionJob(order, connections, name -> secrets.read(name, vault), reports, clock, timers);
    }

    private Accepted accept(Bus bus, Attach attach) {
        var reports = new BusReports(bus, attach.order(), attach.stdout() + attach.stderr());
        return begin(bus, attach.order(), durable(reports, attach.order(), attach, null));
    }

    private DurableJob durable(BusReports reports, Execute order, @Nullable Attach attach, @Nullable Script script) {
        return new DurableJob(
                order,
                attach,
                script == null ? null : ScriptEnvironment.withoutSecrets(order, script),
                new DurableLimits(order.timeout(), order.killGrace(), order.outputLimit(), config.durableKeep()),
                config.durablePatience(),
                connections,
                reports,
                clock,
                timers);
    }

    private Accepted begin(Bus bus, Execute order, RunningJob job) {
        if (jobs.putIfAbsent(order.executionId(), job) == null) {
            pool.execute(() -> run(bus, job, order));
        }
        return new Accepted();
    }

    private void run(Bus bus, RunningJob job, Execute order) {
        try {
            if (deliver(bus, job.run())) {
                job.afterwards();
            }
        } catch (InterruptedException e) {
            LOG.warn("Execution {} was cut off as LinkOps stopped", order.executionId());
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("Execution {} has no end", order.executionId(), e);
        } finally {
            jobs.remove(order.executionId());
        }
    }

    private Accepted end(End order) {
        var job = jobs.get(order.executionId());
        if (job != null) {
            job.end(order.isShutdown() ? ExecutionStatus.INTERRUPTED : ExecutionStatus.STOPPED);
        }
        return new Accepted();
    }

    /**
     * Hands a report on and waits until it is kept; tries again as long as that fails for want of room.
     *
     * @return false if it was given up
     */
    private boolean deliver(Bus bus, Request<? extends Reply> report) throws InterruptedException {
        var pause = RETRY;
        while (!isStopping) {
            var kept = new CompletableFuture<@Nullable Void>();
            context.runOnContext(_ -> bus.request(report, PATIENCE).onComplete(done -> {
                if (done.succeeded()) {
                    kept.complete(null);
                } else {
                    kept.completeExceptionally(done.cause());
                }
            }));
            try {
                kept.get();
                return true;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof Failure failure) || !isPassing(failure)) {
                    LOG.error("A report was refused; it is given up", e);
                    return false;
                }
                LOG.warn("A report could not be kept, trying again: {}", failure.text());
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(RETRY_LIMIT) > 0 ? RETRY_LIMIT : pause.multipliedBy(2);
            }
        }
        return false;
    }

    private static boolean isPassing(Failure failure) {
        return switch (failure.code()) {
            case STORAGE_FULL, STORAGE_UNAVAILABLE, UNAVAILABLE -> true;
            default -> false;
        };
    }

    private final class BusReports implements DurableJob.Reports {
        private final Bus bus;
        private final Execute order;
        private long told;

        BusReports(Bus bus, Execute order, long told) {
            this.bus = bus;
            this.order = order;
            this.told = told;
        }

        @Override
        public void deliver(List<Piece> pieces) throws InterruptedException {
            ScriptRunnerVerticle.this.deliver(bus, new Output(order.operationId(), order.executionId(), told, pieces));
            told += pieces.stream().mapToLong(piece -> piece.data().size()).sum();
        }

        @Override
        public void attached(Attached report) throws InterruptedException {
            ScriptRunnerVerticle.this.deliver(bus, report);
        }

        @Override
        public void detached(Detached report) throws InterruptedException {
            ScriptRunnerVerticle.this.deliver(bus, report);
        }

        @Override
        public Target whereIs(Target before) throws InterruptedException, LinkGoneException {
            var found = new CompletableFuture<Target>();
            context.runOnContext(_ -> bus.request(new Inventory.Resolve(List.of(before.linkId())))
                    .onSuccess(targets -> found.complete(targets.targets().getFirst()))
                    .onFailure(found::completeExceptionally));
            try {
                return found.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                if (e.getCause() instanceof Failure failure && failure.code() == ErrorCode.LINK_NOT_FOUND) {
                    throw new LinkGoneException(failure.text());
                }
                LOG.warn("The way to {} could not be asked for; the last one is tried", before.linkId(), e);
                return before;
            }
        }

        @Override
        public void saw(RecordEnrollment seen) {
            context.runOnContext(_ -> bus.request(seen)
                    .onFailure(cause -> LOG.warn("What was seen of {} could not be kept", seen.linkId(), cause)));
        }
    }
}
