package io.linkops.ssh;

import io.linkops.ssh.SshException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import net.schmizz.sshj.SSHClient;
import org.jspecify.annotations.Nullable;

/**
 * All connections to links: kept, shared by executions, proven before use, bounded in number.
 *
 * <p>Safe for any number of threads; every call blocks its caller. Whoever comes while a first connection to a route is
 * being made waits for that one.
 */
public final class SshConnections implements AutoCloseable {
    private static final Set<Reason> PASSING =
            EnumSet.of(Reason.UNREACHABLE, Reason.HANDSHAKE_FAILED, Reason.TIMEOUT, Reason.CONNECTION_LOST);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final SshSettings settings;
    private final ScheduledThreadPoolExecutor timer;
    private final Future<?> sweeping;
    private final Future<?> beating;
    private final Semaphore permits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Route, List<PooledConnection>> kept = new HashMap<>();
    private final Dialing forOperations;
    private boolean isClosed;

    /**
     * How connections are made, and by whom at this moment. A look has flights of its own: an operation must not be
     * given a failure that was never tried again.
     *
     * @param spare connections that are left to others
     */
    record Dialing(HopDialer dialer, int retries, int spare, Map<Route, CompletableFuture<PooledConnection>> flights) {}

    public SshConnections(SshSettings settings) {
        this.settings = settings;
        this.permits = new Semaphore(settings.maxConnections(), true);
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("ssh-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        this.forOperations = dialing(settings.connectionTimeout(), settings.maxRetries(), 0);
        long sweep = Math.clamp(settings.idleTimeout().toMillis() / 4, 50, 10_000);
        long beat = settings.keepaliveInterval().toMillis();
        this.beating = beat > 0
                ? timer.scheduleWithFixedDelay(this::beat, beat, beat, TimeUnit.MILLISECONDS)
                : CompletableFuture.completedFuture(null);
        this.sweeping = timer.scheduleWithFixedDelay(this::sweep, sweep, sweep, TimeUnit.MILLISECONDS);
    }

    /**
     * A connection to the route's destination, kept or new; closing it gives it back.
     *
     * <p>Only connecting is retried, and only after faults that can pass: never after a refused host key, key file or
     * log-in.
     *
     * @throws SshException naming the hop and the stage that failed
     */
    public SshConnection borrow(Route route) throws SshException {
        var acquired = acquire(route, false);
        return new SshConnection(this, acquired.connection(), acquired.isReused(), true);
    }

    /**
     * Looks at links beside the operations, which always find room: connections are made once, without retries, and a
     * tenth of them is left alone.
     *
     * @param timeout for each stage, instead of the connection timeout
     */
    public RouteLooks looks(Duration timeout) {
        int spare = Math.min(Math.max(1, settings.maxConnections() / 10), settings.maxConnections() - 1);
        return new RouteLooks(this, dialing(timeout, 0, spare), timeout);
    }

    private Dialing dialing(Duration timeout, int retries, int spare) {
        return new Dialing(new HopDialer(settings.within(timeout), timer), retries, spare, new HashMap<>());
    }

    /** Connects anew, without retries, and tells each stage with its time: for {@code doctor}. */
    public RouteCheck check(Route route) {
        var clock = new StageClock();
        List<SSHClient> clients = new ArrayList<>();
        try {
            for (Hop hop : route.hops()) {
                clients.add(dial(hop, clients.isEmpty() ? null : clients.getLast(), clock, forOperations));
            }
        } catch (SshException e) {
            clock.endWith(e);
        } finally {
            for (SSHClient client : clients.reversed()) {
                HopDialer.closeQuietly(client);
                permits.release();
            }
        }
        return clock.check();
    }

    /** How many connections are open now, jump hosts' included. */
    public int openConnections() {
        return settings.maxConnections() - permits.availablePermits();
    }

    /** Closes every connection, also those in use. */
    @Override
    public void close() {
        List<PooledConnection> all = new ArrayList<>();
        lock.lock();
        try {
            isClosed = true;
            kept.values().forEach(all::addAll);
            kept.clear();
            all.forEach(PooledConnection::retire);
        } finally {
            lock.unlock();
        }
        sweeping.cancel(false);
        beating.cancel(false);
        timer.shutdownNow();
        // the tunnelled ones first: they say goodbye through their jump hosts
        all.sort(
                Comparator.comparingInt(connection -> -connection.route().hops().size()));
        all.forEach(connection -> HopDialer.closeQuietly(connection.client()));
        all.forEach(this::disposeIfUnused);
    }

    /** A connection that was counted as used once more. */
    record Acquired(PooledConnection connection, boolean isReused) {}

    Acquired acquire(Route route, boolean forTunnel) throws SshException {
        return acquire(route, forTunnel, forOperations, new StageClock());
    }

    private Acquired acquire(Route route, boolean forTunnel, Dialing dialing, StageClock clock) throws SshException {
        while (true) {
            CompletableFuture<PooledConnection> flight;
            boolean isOurs = false;
            lock.lock();
            try {
                requireOpen(route);
                var free = takeFree(route, forTunnel);
                if (free != null) {
                    return new Acquired(free, true);
                }
                var current = dialing.flights().get(route);
                if (current == null) {
                    current = new CompletableFuture<>();
                    dialing.flights().put(route, current);
                    isOurs = true;
                }
                flight = current;
            } finally {
                lock.unlock();
            }
            if (isOurs) {
                return new Acquired(fly(route, forTunnel, flight, dialing, clock), false);
            }
            await(flight, route);
        }
    }

    private @Nullable PooledConnection takeFree(Route route, boolean forTunnel) {
        for (PooledConnection connection : List.copyOf(kept.getOrDefault(route, List.of()))) {
            if (!connection.isAlive()) {
                retire(connection);
            } else if (connection.hasRoom(forTunnel)) {
                connection.take(forTunnel);
                return connection;
            }
        }
        return null;
    }

    /**
     * A kept connection that lives, counted as used once more; null if there is none.
     *
     * @return reused (a session may be opened, and another one is left), or not (only a question may be asked on it)
     */
    @Nullable
    Acquired acquireKept(Route route) throws SshException {
        lock.lock();
        try {
            requireOpen(route);
            PooledConnection busy = null;
            for (PooledConnection connection : List.copyOf(kept.getOrDefault(route, List.of()))) {
                if (!connection.isAlive()) {
                    retire(connection);
                } else if (connection.hasRoomToSpare()) {
                    connection.take(false);
                    return new Acquired(connection, true);
                } else if (connection.hasRoom(true)) {
                    busy = connection;
                }
            }
            if (busy == null) {
                return null;
            }
            busy.take(true);
            return new Acquired(busy, false);
        } finally {
            lock.unlock();
        }
    }

    /** A new connection for one look: it is closed when it is given back. */
    PooledConnection connectForLook(Route route, Dialing dialing, StageClock clock) throws SshException {
        var connection = connectWithRetries(route, dialing, clock);
        lock.lock();
        try {
            connection.take(false);
            connection.retire();
        } finally {
            lock.unlock();
        }
        return connection;
    }

    private PooledConnection fly(
            Route route,
            boolean forTunnel,
            CompletableFuture<PooledConnection> flight,
            Dialing dialing,
            StageClock clock)
            throws SshException {
        try {
            var connection = connectWithRetries(route, dialing, clock);
            lock.lock();
            try {
                dialing.flights().remove(route);
                connection.take(forTunnel);
                if (isClosed) {
                    retire(connection);
                    giveBack(connection, forTunnel);
                    requireOpen(route);
                }
                kept.computeIfAbsent(route, key -> new ArrayList<>()).add(connection);
            } finally {
                lock.unlock();
            }
            flight.complete(connection);
            return connection;
        } catch (SshException | RuntimeException | Error e) {
            lock.lock();
            try {
                dialing.flights().remove(route, flight);
            } finally {
                lock.unlock();
            }
            flight.completeExceptionally(e);
            throw e;
        }
    }

    private void await(CompletableFuture<PooledConnection> flight, Route route) throws SshException {
        try {
            flight.get();
        } catch (InterruptedException e) {
            throw Failures.interrupted(route.destination(), e);
        } catch (ExecutionException e) {
            // an interruption was meant for the other thread only: this one tries by itself
            if (e.getCause() instanceof SshException failure
                    && !Failures.hasCause(failure, InterruptedException.class)) {
                throw new SshException(
                        failure.reason(), failure.hop(), failure.text(), failure.offeredHostKey(), failure);
            }
        }
    }

    private PooledConnection connectWithRetries(Route route, Dialing dialing, StageClock clock) throws SshException {
        for (int attempt = 0; ; attempt++) {
            // retried by itself where that helps: a failure of it is final here
            var jump = route.hops().size() == 1
                    ? null
                    : acquire(new Route(route.hops().subList(0, route.hops().size() - 1)), true, dialing, clock)
                            .connection();
            try {
                return connect(route, jump, dialing, clock);
            } catch (SshException | RuntimeException | Error e) {
                if (jump != null) {
                    giveBack(jump, true);
                }
                if (!(e instanceof SshException failure)
                        || !PASSING.contains(failure.reason())
                        || Thread.currentThread().isInterrupted()
                        || attempt >= dialing.retries()) {
                    throw e;
                }
            }
            pause(route.destination(), attempt);
        }
    }

    private PooledConnection connect(Route route, @Nullable PooledConnection jump, Dialing dialing, StageClock clock)
            throws SshException {
        try {
            var client = dial(route.destination(), jump == null ? null : jump.client(), clock, dialing);
            return new PooledConnection(route, client, jump, settings.channelsPerConnection());
        } catch (SshException e) {
            if (jump != null
                    && (e.reason() == Reason.CONNECTION_LOST || Failures.hasCause(e, TimeoutException.class))) {
                discard(jump);
            }
            throw e;
        }
    }

    private SSHClient dial(Hop hop, @Nullable SSHClient jump, StageClock clock, Dialing dialing) throws SshException {
        if (dialing.spare() > 0) {
            requireSpare(hop, dialing.spare());
        }
        acquirePermit(hop);
        boolean isConnected = false;
        try {
            var client = dialing.dialer().dial(hop, jump, clock);
            isConnected = true;
            return client;
        } finally {
            if (!isConnected) {
                permits.release();
            }
        }
    }

    private void pause(Hop hop, int attempt) throws SshException {
        long longest = Math.min(LONGEST_PAUSE.toMillis(), settings.retryDelay().toMillis() << Math.min(attempt, 20));
        try {
            Thread.sleep(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
        } catch (InterruptedException e) {
            throw Failures.interrupted(hop, e);
        }
    }

    private void requireSpare(Hop hop, int spare) throws SshException {
        long idle;
        lock.lock();
        try {
            idle = kept.values().stream()
                    .flatMap(List::stream)
                    .filter(PooledConnection::isIdle)
                    .count();
        } finally {
            lock.unlock();
        }
        if (permits.availablePermits() + idle <= spare) {
            throw new SshException(
                    Reason.EXHAUSTED,
                    hop.name(),
                    hop + " was not looked at: the last " + spare + " of " + settings.maxConnections()
                            + " connections are left to operations. Raise ssh.max_connections if this stays so.",
                    null);
        }
    }

    private void acquirePermit(Hop hop) throws SshException {
        if (permits.tryAcquire()) {
            return;
        }
        closeLongestIdle();
        try {
            if (permits.tryAcquire(settings.connectionTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            throw Failures.interrupted(hop, e);
        }
        throw new SshException(
                Reason.EXHAUSTED,
                hop.name(),
                hop + ": all " + settings.maxConnections() + " connections are in use, and none came free within "
                        + settings.connectionTimeout().toSeconds() + " s. Run on fewer links at once, or raise"
                        + " ssh.max_connections.",
                null);
    }

    private void closeLongestIdle() {
        lock.lock();
        try {
            kept.values().stream()
                    .flatMap(List::stream)
                    .filter(PooledConnection::isIdle)
                    .min(Comparator.comparingLong(connection -> connection.idleSince() - System.nanoTime()))
                    .ifPresent(this::retire);
        } finally {
            lock.unlock();
        }
    }

    void giveBack(PooledConnection connection, boolean fromTunnel) {
        lock.lock();
        try {
            connection.giveBack(fromTunnel);
            if (connection.isRetired()) {
                disposeIfUnused(connection);
            } else if (connection.isIdle() && (permits.hasQueuedThreads() || !connection.isAlive())) {
                retire(connection);
            }
        } finally {
            lock.unlock();
        }
    }

    Deadline deadline(ExecChannel channel, Duration timeout) {
        return new Deadline(timer, channel, timeout);
    }

    /** The server refused one more session than it has. */
    void learnCapacity(PooledConnection connection) {
        lock.lock();
        try {
            if (!connection.learnCapacity()) {
                retire(connection);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Hands it out no more; closed when its last user has given it back. */
    void discard(PooledConnection connection) {
        lock.lock();
        try {
            retire(connection);
        } finally {
            lock.unlock();
        }
    }

    private void retire(PooledConnection connection) {
        connection.retire();
        var others = kept.get(connection.route());
        if (others != null && others.remove(connection) && others.isEmpty()) {
            kept.remove(connection.route());
        }
        disposeIfUnused(connection);
    }

    private void disposeIfUnused(PooledConnection connection) {
        lock.lock();
        try {
            if (!connection.isIdle() || !connection.markDisposed()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        // a goodbye to a dead peer can block
        Thread.ofVirtual().name("ssh-dispose").start(() -> {
            try {
                HopDialer.closeQuietly(connection.client());
            } finally {
                permits.release();
                var jump = connection.jump();
                if (jump != null) {
                    giveBack(jump, true);
                }
            }
        });
    }

    /** Every kept connection is asked for a sign of life; a peer that stays silent is given up, whatever runs there. */
    private void beat() {
        List<PooledConnection> all = new ArrayList<>();
        lock.lock();
        try {
            kept.values().forEach(all::addAll);
        } finally {
            lock.unlock();
        }
        // a question to a dead peer can block
        all.forEach(connection -> Thread.ofVirtual().name("ssh-beat").start(() -> {
            if (!connection.beat()) {
                discard(connection);
                HopDialer.closeQuietly(connection.client());
            }
        }));
    }

    private void sweep() {
        long now = System.nanoTime();
        lock.lock();
        try {
            kept.values().stream()
                    .flatMap(List::stream)
                    .filter(connection -> !connection.isAlive()
                            || (connection.isIdle()
                                    && now - connection.idleSince()
                                            >= settings.idleTimeout().toNanos()))
                    .toList()
                    .forEach(this::retire);
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen(Route route) throws SshException {
        if (isClosed) {
            throw new SshException(
                    Reason.CONNECTION_LOST,
                    route.destination().name(),
                    route.destination() + ": LinkOps is stopping and opens no more connections.",
                    null);
        }
    }
}
