package io.linkops.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.SettableClock;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.bus.MessageTypes;
import io.linkops.bus.Reply;
import io.linkops.bus.Request;
import io.linkops.config.DatabaseConfig;
import io.linkops.config.SchedulesConfig;
import io.linkops.gitsync.GitSync;
import io.linkops.gitsync.GitSync.DeclaredSchedule;
import io.linkops.gitsync.GitSync.ScheduledWork;
import io.linkops.inventory.Inventory;
import io.linkops.orchestrator.Operations;
import io.linkops.schedules.Schedules.Firing;
import io.linkops.schedules.Schedules.Outcome;
import io.linkops.schedules.Schedules.Schedule;
import io.linkops.schedules.Schedules.Source;
import io.linkops.store.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The room on a real database and a clock that goes where it is told; operations are only asked for. */
class SchedulesTest {
    private static final Instant NOON = Instant.parse("2030-03-30T12:00:00Z");
    private static final ScheduledWork HOURLY = work("0 * * * *", "UTC");

    @TempDir
    Path directory;

    private final SettableClock clock = new SettableClock(NOON.plusSeconds(1));
    private final List<Operations.Run> runs = new CopyOnWriteArrayList<>();
    private volatile List<DeclaredSchedule> declared = List.of();
    private volatile Operations.Status status = Operations.Status.SUCCESS;
    private volatile Future<Operations.Queued> answer = Future.succeededFuture(new Operations.Queued("op-1"));
    private Vertx vertx;
    private Database database;
    private Bus bus;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        database = await(Database.open(
                vertx, new DatabaseConfig(directory.resolve("linkops.db"), 2, Duration.ofSeconds(5), 1000)));
        Bus.install(vertx, MessageTypes.declaredIn(Schedules.class, GitSync.class, Inventory.class, Operations.class));
        bus = Bus.of(vertx);
        others();
        await(vertx.deployVerticle(room()));
    }

    private SchedulesVerticle room() {
        return new SchedulesVerticle(
                database, new SchedulesConfig(Duration.ofSeconds(60), Duration.ofMillis(10)), clock);
    }

    private void others() {
        bus.answer(
                Inventory.FindScripts.class,
                _ -> Future.succeededFuture(new Inventory.Scripts("0".repeat(40), List.of())));
        bus.answer(GitSync.ReadSchedules.class, _ -> Future.succeededFuture(new GitSync.Declared(declared)));
        bus.answer(Operations.Run.class, run -> {
            runs.add(run);
            return answer;
        });
        bus.answer(Operations.FindSummary.class, find -> Future.succeededFuture(operation(find.id())));
    }

    private Operations.Summary operation(String id) {
        return new Operations.Summary(
                id,
                Operations.Kind.SCRIPT,
                status,
                List.of("update"),
                List.of("vm-1"),
                1,
                1,
                null,
                "schedule:hourly",
                NOON,
                null,
                null,
                Map.of(),
                null,
                null,
                null,
                null);
    }

    @AfterEach
    void stop() {
        await(database.close());
        await(vertx.close());
    }

    private static ScheduledWork work(String cron, String zone) {
        return new ScheduledWork(
                cron, zone, null, List.of("update"), Map.of("update", List.of("-x")), List.of("vm-1"), 3, true, false);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private <R extends Reply> R ask(Request<R> request) {
        return await(bus.request(request));
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private Firing last(String id) {
        return ask(new Schedules.FindSchedule(id)).last();
    }

    /** Moves the clock and waits until the schedule was dealt with: its last firing has been decided. */
    private Firing at(String time, Instant dueAt) {
        clock.set(Instant.parse(time));
        until(() -> {
            var last = last("hourly");
            return last != null && last.dueAt().equals(dueAt) && last.outcome() != Outcome.STARTING;
        });
        return last("hourly");
    }

    private Schedule hourly() {
        var saved = ask(new Schedules.Save("hourly", HOURLY, "ada"));
        looked();
        return saved;
    }

    /** The room has looked at the clock since: an extra schedule that is new then has its mark. */
    private void looked() {
        var name = "probe-" + System.nanoTime();
        ask(new Schedules.Save(name, work("0 0 1 1 *", "UTC"), "probe"));
        until(() -> await(database.read("SELECT id FROM schedule_marks WHERE id = ?", name))
                        .size()
                == 1);
        ask(new Schedules.Remove(name));
    }

    @Test
    void aTimeThatIsDueStartsItsOperationOnce() {
        var saved = hourly();
        assertThat(saved.source()).isEqualTo(Source.API);
        assertThat(saved.nextAt()).isEqualTo("2030-03-30T13:00:00Z");
        var firing = at("2030-03-30T13:00:02Z", Instant.parse("2030-03-30T13:00:00Z"));
        assertThat(firing.outcome()).isEqualTo(Outcome.STARTED);
        assertThat(firing.operationId()).isEqualTo("op-1");
        clock.set(Instant.parse("2030-03-30T13:00:40Z"));
        looked();
        assertThat(runs)
                .containsExactly(new Operations.Run(
                        List.of("update"),
                        Map.of("update", List.of("-x")),
                        List.of("vm-1"),
                        3,
                        true,
                        Operations.OnFailure.CONTINUE,
                        null,
                        Map.of(),
                        Map.of(),
                        "schedule:hourly"));
    }

    @Test
    void aClockThatJumpsAheadTellsWhatWasMissedAndStartsOnlyWhatIsDue() {
        hourly();
        var firing = at("2030-03-30T16:00:10Z", Instant.parse("2030-03-30T16:00:00Z"));
        assertThat(firing.outcome()).isEqualTo(Outcome.STARTED);
        assertThat(runs).hasSize(1);
        var firings = ask(new Schedules.FindFirings("hourly", 10)).firings();
        assertThat(firings).hasSize(2);
        assertThat(firings.getLast().outcome()).isEqualTo(Outcome.MISSED);
        assertThat(firings.getLast().times()).isEqualTo(3);
        assertThat(firings.getLast().reason()).startsWith("3 times until 2030-03-30T15:00:00Z");
    }

    @Test
    void aClockThatJumpsBackAnHourStartsNothingTwice() {
        hourly();
        at("2030-03-30T13:00:02Z", Instant.parse("2030-03-30T13:00:00Z"));
        clock.set(Instant.parse("2030-03-30T12:00:03Z"));
        looked();
        clock.set(Instant.parse("2030-03-30T13:00:04Z"));
        looked();
        at("2030-03-30T14:00:00Z", Instant.parse("2030-03-30T14:00:00Z"));
        assertThat(runs).hasSize(2);
        assertThat(ask(new Schedules.FindFirings("hourly", 10)).firings())
                .extracting(Firing::outcome)
                .containsExactly(Outcome.STARTED, Outcome.STARTED);
    }

    @Test
    void aDayWithADaylightSavingChangeStartsEachTimeOnce() {
        ask(new Schedules.Save("hourly", work("30 2 * * *", "Europe/Berlin"), "ada"));
        looked();
        assertThat(ask(new Schedules.FindSchedule("hourly")).nextAt()).isEqualTo("2030-03-31T01:00:00Z");
        at("2030-03-31T01:00:01Z", Instant.parse("2030-03-31T01:00:00Z"));
        clock.set(Instant.parse("2030-03-31T01:30:01Z"));
        looked();
        at("2030-04-01T00:30:01Z", Instant.parse("2030-04-01T00:30:00Z"));
        assertThat(runs).hasSize(2);
    }

    @Test
    void whatWasDueWhileLinkOpsWasAwayIsToldAsMissed() {
        hourly();
        restart(() -> clock.set(Instant.parse("2030-03-30T15:30:00Z")));
        until(() -> last("hourly") != null);
        assertThat(last("hourly").outcome()).isEqualTo(Outcome.MISSED);
        assertThat(last("hourly").times()).isEqualTo(3);
        assertThat(runs).isEmpty();
    }

    @Test
    void aTimeThatWasBeingStartedWhenLinkOpsEndedIsToldAndNotTriedAgain() {
        answer = Future.future(_ -> {}); // never answered
        hourly();
        clock.set(Instant.parse("2030-03-30T13:00:02Z"));
        until(() -> !runs.isEmpty());
        restart(() -> answer = Future.succeededFuture(new Operations.Queued("op-2")));
        until(() -> last("hourly") != null && last("hourly").outcome() == Outcome.MISSED);
        looked();
        assertThat(last("hourly").reason()).contains("while this was being started");
        assertThat(runs).hasSize(1);
    }

    private void restart(Runnable meanwhile) {
        await(database.close());
        await(vertx.close());
        meanwhile.run();
        vertx = Vertx.vertx();
        database = await(Database.open(
                vertx, new DatabaseConfig(directory.resolve("linkops.db"), 2, Duration.ofSeconds(5), 1000)));
        Bus.install(vertx, MessageTypes.declaredIn(Schedules.class, GitSync.class, Inventory.class, Operations.class));
        bus = Bus.of(vertx);
        others();
        await(vertx.deployVerticle(room()));
    }

    @Test
    void oneThatStillRunsIsNotStartedAgain() {
        hourly();
        at("2030-03-30T13:00:02Z", Instant.parse("2030-03-30T13:00:00Z"));
        status = Operations.Status.RUNNING;
        var firing = at("2030-03-30T14:00:02Z", Instant.parse("2030-03-30T14:00:00Z"));
        assertThat(firing.outcome()).isEqualTo(Outcome.MISSED);
        assertThat(firing.reason()).contains("not over");
        status = Operations.Status.FAILED;
        assertThat(at("2030-03-30T15:00:02Z", Instant.parse("2030-03-30T15:00:00Z"))
                        .outcome())
                .isEqualTo(Outcome.STARTED);
    }

    @Test
    void whatCannotBeStartedSaysWhy() {
        answer = Future.failedFuture(new Failure(ErrorCode.NOT_ENROLLED, "1 of 1 targets are not enrolled (vm-1)"));
        hourly();
        var firing = at("2030-03-30T13:00:02Z", Instant.parse("2030-03-30T13:00:00Z"));
        assertThat(firing.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(firing.reason()).contains("not enrolled (vm-1)");
    }

    @Test
    void oneThatIsSwitchedOffMissesNothing() {
        hourly();
        assertThat(ask(new Schedules.Switch("hourly", false, "bob")).nextAt()).isNull();
        clock.set(Instant.parse("2030-03-30T15:30:00Z"));
        looked();
        assertThat(ask(new Schedules.Switch("hourly", true, "bob")).isSwitchedBy())
                .isEqualTo("bob");
        looked();
        assertThat(last("hourly")).isNull();
        at("2030-03-30T16:00:01Z", Instant.parse("2030-03-30T16:00:00Z"));
        assertThat(runs).hasSize(1);
    }

    @Test
    void thoseOfTheRepositoryAreInForceAndChangedThere() {
        hourly();
        declared = List.of(
                new DeclaredSchedule("hourly", work("15 * * * *", "UTC")),
                new DeclaredSchedule("nightly", work("@daily", "UTC")));
        bus.publish(new Inventory.InventoryChanged("1".repeat(40)));
        until(() -> ask(new Schedules.FindSchedules()).schedules().size() == 2);
        assertThat(ask(new Schedules.FindSchedule("hourly")).source()).isEqualTo(Source.GIT);
        assertThat(ask(new Schedules.FindSchedule("hourly")).nextAt()).isEqualTo("2030-03-30T12:15:00Z");
        refused(ErrorCode.CONFLICT, new Schedules.Save("nightly", HOURLY, "ada"));
        refused(ErrorCode.CONFLICT, new Schedules.Remove("nightly"));
        declared = List.of();
        bus.publish(new Inventory.InventoryChanged("2".repeat(40)));
        until(() -> ask(new Schedules.FindSchedules()).schedules().size() == 1);
        assertThat(ask(new Schedules.FindSchedule("hourly")).source()).isEqualTo(Source.API);
    }

    @Test
    void oneIsStartedByHandBesidesItsTimes() {
        hourly();
        assertThat(ask(new Schedules.RunNow("hourly", "ada")).operationId()).isEqualTo("op-1");
        assertThat(runs.getFirst().startedBy()).isEqualTo("ada");
        assertThat(last("hourly")).isNull();
    }

    @Test
    void whatIsWrongIsRefusedByName() {
        refused(ErrorCode.VALIDATION_FAILED, new Schedules.Save("a b", HOURLY, "ada"));
        refused(ErrorCode.VALIDATION_FAILED, new Schedules.Save("a", work("x", "UTC"), "ada"));
        refused(ErrorCode.VALIDATION_FAILED, new Schedules.Save("a", work("@daily", "Mars"), "ada"));
        refused(ErrorCode.VALIDATION_FAILED, new Schedules.Preview("* * *", "UTC", 5));
        refused(ErrorCode.NOT_FOUND, new Schedules.FindSchedule("none"));
        refused(ErrorCode.NOT_FOUND, new Schedules.Remove("none"));
        refused(ErrorCode.NOT_FOUND, new Schedules.RunNow("none", "ada"));
        assertThat(ask(new Schedules.Preview("0 9 * * *", "Europe/Berlin", 2)).times())
                .containsExactly(Instant.parse("2030-03-31T07:00:00Z"), Instant.parse("2030-04-01T07:00:00Z"));
    }

    private void refused(ErrorCode code, Request<? extends Reply> request) {
        assertThatThrownBy(() -> ask(request))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(code));
    }
}
