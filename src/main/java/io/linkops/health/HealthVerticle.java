package io.linkops.health;

import io.linkops.bus.Blocking;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.HealthConfig;
import io.linkops.figures.FigureBook;
import io.linkops.health.Health.Check;
import io.linkops.health.Health.CheckLink;
import io.linkops.health.Health.CheckLinks;
import io.linkops.health.Health.Checks;
import io.linkops.health.Health.EndWindow;
import io.linkops.health.Health.FindFigures;
import io.linkops.health.Health.FindHistory;
import io.linkops.health.Health.FindWindows;
import io.linkops.health.Health.History;
import io.linkops.health.Health.OpenWindow;
import io.linkops.health.Health.Window;
import io.linkops.health.Health.Windows;
import io.linkops.inventory.Inventory.FindLink;
import io.linkops.inventory.Inventory.FindLinks;
import io.linkops.inventory.Inventory.InventoryChanged;
import io.linkops.inventory.Inventory.LinkReset;
import io.linkops.inventory.Inventory.LinkSeen;
import io.linkops.inventory.Inventory.LinkStatus;
import io.linkops.inventory.Inventory.Resolve;
import io.linkops.ssh.RouteLooks;
import io.linkops.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks links, each once in an interval, and answers what became of it. When a check is due is told by a clock that
 * only goes forward; the other one only dates what was seen, so that setting it neither stops checks nor piles them up.
 */
public final class HealthVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(HealthVerticle.class);
    private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(1);
    private static final Duration UPKEEP = Duration.ofMinutes(1);
    private static final int MAX_STEPS = 500;
    private static final int MAX_POINTS = 1_000;
    private static final FindLinks ALL = new FindLinks(null, null, null, null, null, null, false, false);

    private final HealthConfig config;
    private final LinkProbe probe;
    private final IntSupplier openConnections;
    private final WorkerExecutor pool;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Supplier<UUID> ids;
    private final FigureBook figures = new FigureBook(
            Duration.ofMillis(10),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofMinutes(1));
    private final MaintenanceWindows windows;
    private final HealthStore store;
    private final Retention retention;
    private @Nullable AutoCloseable process;
    private boolean isTidying;
    private boolean isStopping;

    /** @param pool for the blocking work over SSH, as many threads as {@code health.parallelism} */
    public HealthVerticle(
            Database database,
            HealthConfig config,
            RouteLooks looks,
            WorkerExecutor pool,
            InstantSource clock,
            Supplier<UUID> ids) {
        this(
                database,
                config,
                target -> looks.look(
                        target.route(), target.clientIdPath(), ids.get().toString()),
                looks::openConnections,
                pool,
                clock,
                System::nanoTime,
                ids);
    }

    HealthVerticle(
            Database database,
            HealthConfig config,
            LinkProbe probe,
            IntSupplier openConnections,
            WorkerExecutor pool,
            InstantSource clock,
            LongSupplier nanos,
            Supplier<UUID> ids) {
        this.config = config;
        this.probe = probe;
        this.openConnections = openConnections;
        this.pool = pool;
        this.clock = clock;
        this.nanos = nanos;
        this.ids = ids;
        this.windows = new MaintenanceWindows(database);
        this.store = new HealthStore(database);
        this.retention = new Retention(database, config);
    }

    @Override
    public Future<?> start() {
        var bus = Bus.of(vertx);
        var policy = new HealthPolicy(config.offlineAfter(), config.offlineWindow(), config.onlineAfter());
        var states = new HealthStates(bus, store, policy);
        var outages = new HopOutages(outage().toNanos());
        var checks = new LinkChecks(bus, pool, probe, new CheckVerdict(config), states, outages, clock, nanos);
        var queue = new CheckQueue(config.parallelism(), turn -> check(checks, turn));
        var schedule = new CheckSchedule(interval(), nanos.getAsLong());
        describe(states, queue);
        return windows.load(now())
                .compose(_ -> refresh(bus, states, schedule))
                .compose(_ -> states.maintain(windows.links(now())))
                .onSuccess(_ -> {
                    answer(bus, states, queue);
                    listen(bus, states, queue, schedule);
                    begin(states, queue, schedule);
                });
    }

    @Override
    public Future<?> stop() {
        isStopping = true;
        var described = process;
        return described == null
                ? Future.succeededFuture()
                : Blocking.on(vertx, () -> {
                    described.close();
                    return true;
                });
    }

    // ---- checks --------------------------------------------------------------------------------------------------

    private boolean checksByItself() {
        return config.checkInterval().isPositive();
    }

    private Duration interval() {
        return checksByItself() ? config.checkInterval() : Duration.ofDays(1);
    }

    private Duration outage() {
        return interval().compareTo(LONGEST_OUTAGE) < 0 ? interval() : LONGEST_OUTAGE;
    }

    private void begin(HealthStates states, CheckQueue queue, CheckSchedule schedule) {
        if (checksByItself()) {
            long tick = Math.clamp(config.checkInterval().toMillis() / 100, 10, 1_000);
            vertx.setPeriodic(tick, _ -> schedule.due(nanos.getAsLong()).forEach(queue::schedule));
        }
        vertx.setPeriodic(1_000, _ -> maintain(states));
        vertx.setPeriodic(UPKEEP.toMillis(), _ -> tidy());
    }

    private Future<Check> check(LinkChecks checks, CheckQueue.Turn turn) {
        if (isStopping) {
            return Future.failedFuture(new Failure(ErrorCode.UNAVAILABLE, "LinkOps is stopping"));
        }
        return checks.check(turn).onComplete(done -> {
            if (done.succeeded()) {
                var result = done.result().result().name().toLowerCase(Locale.ROOT);
                figures.count("linkops_health_checks", "Checks of links.", "result", result);
                figures.time(
                        "linkops_health_check_duration",
                        "How long checks took.",
                        done.result().took());
            } else if (!isStopping) {
                LOG.warn(
                        "Link {} could not be checked: {}",
                        turn.linkId(),
                        done.cause().getMessage());
            }
        });
    }

    private Future<Void> refresh(Bus bus, HealthStates states, CheckSchedule schedule) {
        return bus.request(ALL).map(links -> {
            states.keep(links.links(), now());
            schedule.keep(
                    links.links().stream().map(state -> state.link().id()).collect(java.util.stream.Collectors.toSet()),
                    nanos.getAsLong());
            return null;
        });
    }

    private void listen(Bus bus, HealthStates states, CheckQueue queue, CheckSchedule schedule) {
        bus.listen(
                InventoryChanged.class,
                _ -> refresh(bus, states, schedule)
                        .onFailure(cause -> LOG.warn("The links could not be read anew", cause)));
        bus.listen(LinkSeen.class, states::saw);
        bus.listen(LinkReset.class, reset -> {
            states.forget(reset.linkId(), now());
            if (checksByItself()) {
                queue.schedule(reset.linkId());
            }
        });
    }

    // ---- answers -------------------------------------------------------------------------------------------------

    private void answer(Bus bus, HealthStates states, CheckQueue queue) {
        bus.answer(CheckLink.class, ask -> queue.ask(ask.linkId()));
        bus.answer(CheckLinks.class, ask -> checkMany(bus, queue, ask));
        bus.answer(FindHistory.class, question -> history(bus, question));
        bus.answer(OpenWindow.class, wish -> open(bus, states, wish));
        bus.answer(
                EndWindow.class,
                wish -> windows.end(wish.id(), wish.endedBy(), now()).onSuccess(_ -> maintain(states)));
        bus.answer(
                FindWindows.class,
                question -> windows.list(question.withPast(), now()).map(Windows::new));
        bus.answer(FindFigures.class, _ -> Future.succeededFuture(figures.page()));
    }

    private static Future<Checks> checkMany(Bus bus, CheckQueue queue, CheckLinks ask) {
        return bus.request(new Resolve(ask.targets())).compose(targets -> {
            var checks = targets.targets().stream()
                    .map(target -> queue.ask(target.linkId()))
                    .toList();
            return Future.all(checks)
                    .map(_ -> new Checks(checks.stream().map(Future::result).toList()));
        });
    }

    private Future<History> history(Bus bus, FindHistory question) {
        var from = question.from().truncatedTo(ChronoUnit.MILLIS);
        var to = question.to().truncatedTo(ChronoUnit.MILLIS);
        if (!from.isBefore(to) || question.points() < 1 || question.points() > MAX_POINTS) {
            return Future.failedFuture(new Failure(
                    ErrorCode.VALIDATION_FAILED,
                    "from must be before to, and points between 1 and " + MAX_POINTS,
                    Map.of("fields", Map.of("from", "must be before to"))));
        }
        var link = question.linkId();
        return bus.request(new FindLink(link))
                .compose(_ -> Future.all(
                        store.fill(new Buckets(from, to, question.points()), link, from, to),
                        store.changes(link, from, to)))
                .map(both ->
                        new History(link, from, to, both.<Buckets>resultAt(0).list(), both.resultAt(1)));
    }

    private Future<Window> open(Bus bus, HealthStates states, OpenWindow wish) {
        return bus.request(new Resolve(wish.targets())).compose(targets -> {
            List<String> links =
                    targets.targets().stream().map(target -> target.linkId()).toList();
            return windows.open(wish, "mw-" + ids.get(), links, now()).onSuccess(_ -> maintain(states));
        });
    }

    // ---- upkeep --------------------------------------------------------------------------------------------------

    private void maintain(HealthStates states) {
        states.maintain(windows.links(now()))
                .onFailure(cause -> LOG.warn("The inventory did not hear of a maintenance window", cause));
    }

    private void tidy() {
        if (!isTidying) {
            isTidying = true;
            tidy(MAX_STEPS)
                    .onFailure(cause -> LOG.warn("Old checks could not be tidied away", cause))
                    .onComplete(_ -> isTidying = false);
        }
    }

    private Future<Void> tidy(int steps) {
        return retention
                .step(now())
                .compose(isMore -> isMore && steps > 0 && !isStopping ? tidy(steps - 1) : Future.succeededFuture());
    }

    private void describe(HealthStates states, CheckQueue queue) {
        process = figures.describeProcess();
        for (var status : LinkStatus.values()) {
            figures.gauge(
                    "linkops_links",
                    "Links of the inventory by state.",
                    () -> states.count(status),
                    "status",
                    status.name().toLowerCase(Locale.ROOT));
        }
        figures.gauge("linkops_links_in_maintenance", "Links in a maintenance window.", states::countInMaintenance);
        figures.gauge("linkops_health_checks_running", "Checks that are under way.", queue::running);
        figures.gauge("linkops_health_checks_waiting", "Checks that wait for their turn.", queue::waiting);
        figures.gauge("linkops_ssh_connections", "SSH connections that are open.", openConnections::getAsInt);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
