package io.linkops.api;

import io.linkops.accounts.Accounts;
import io.linkops.audit.Audit;
import io.linkops.bus.Bus;
import io.linkops.bus.MessageTypes;
import io.linkops.config.ApiConfig;
import io.linkops.config.MetricsAccess;
import io.linkops.figures.FigureBook;
import io.linkops.figures.Figures;
import io.linkops.gitsync.GitSync;
import io.linkops.health.Health;
import io.linkops.inventory.Inventory;
import io.linkops.journal.Journals;
import io.linkops.notifications.Notifications;
import io.linkops.oidc.SingleSignOn;
import io.linkops.orchestrator.Operations;
import io.linkops.retention.Retention;
import io.linkops.schedules.Schedules;
import io.linkops.secrets.Secrets;
import io.linkops.tables.Tables;
import io.linkops.terminal.Terminals;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** The real verticle on a free port in front of fake rooms. */
final class TestApi implements AutoCloseable {
    static final StreamPace QUICK = new StreamPace(
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(100),
            Duration.ofMinutes(5),
            Duration.ofMillis(20),
            500);

    static final TerminalSockets.Pace SOCKETS = new TerminalSockets.Pace(Duration.ofSeconds(20), Duration.ofHours(1));

    final Vertx vertx = Vertx.vertx();
    final Bus bus;
    final FakeRooms rooms;
    final FakeJournal journal;
    final StreamSlots slots;
    final ApiVerticle verticle;
    final int port;
    final Http http;

    TestApi() {
        this(config(), QUICK, "web-test");
    }

    TestApi(ApiConfig config, StreamPace pace, String webFolder) {
        this(config, pace, webFolder, true);
    }

    /** Without anybody who answers for accounts; the test deploys the real ones. */
    static TestApi withoutAccounts() {
        return new TestApi(config(), QUICK, "web-test", false);
    }

    static TestApi withoutAccounts(StreamPace pace) {
        return new TestApi(config(), pace, "web-test", false);
    }

    private TestApi(ApiConfig config, StreamPace pace, String webFolder, boolean withAccounts) {
        Bus.install(
                vertx,
                MessageTypes.declaredIn(
                        Accounts.class,
                        Audit.class,
                        GitSync.class,
                        Inventory.class,
                        Journals.class,
                        Retention.class,
                        Schedules.class,
                        Tables.class,
                        Terminals.class,
                        Figures.class,
                        Health.class,
                        Notifications.class,
                        Secrets.class,
                        SingleSignOn.class,
                        Operations.class));
        bus = Bus.of(vertx);
        rooms = new FakeRooms(bus, withAccounts);
        journal = new FakeJournal(vertx, bus);
        slots = new StreamSlots(config.maxStreams());
        var ids = new AtomicLong();
        var clock = InstantSource.fixed(FakeRooms.THEN);
        var setup = new ApiSetup(
                clock,
                () -> "request-" + ids.incrementAndGet(),
                slots,
                pace,
                SOCKETS,
                webFolder,
                new FigureBook(),
                io.linkops.config.Settings.of(new io.vertx.core.json.JsonObject())
                        .shown());
        var listening = new CompletableFuture<Integer>();
        verticle = new ApiVerticle(config, setup, listening::complete);
        join(vertx.deployVerticle(verticle, new DeploymentOptions()));
        port = listening.join();
        http = new Http(port);
    }

    static ApiConfig config() {
        return new ApiConfig(
                "127.0.0.1",
                0,
                null,
                Duration.ofHours(24),
                List.of("https://friend.example"),
                64 * 1024,
                200,
                MetricsAccess.TOKEN,
                List.of("127.0.0.1"),
                null,
                null);
    }

    static String as(String role) {
        return "Authorization: Bearer " + role;
    }

    SseReader sse(String target, String... headers) throws java.io.IOException {
        return new SseReader(http, target, headers);
    }

    /** Waits until it is so; fails after 20 s. */
    static void await(String what, BooleanSupplier isSo) throws InterruptedException {
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never happened: " + what);
            }
            Thread.sleep(2);
        }
    }

    static <T> T join(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        join(vertx.close());
    }
}
