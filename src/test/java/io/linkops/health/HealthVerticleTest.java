package io.linkops.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.ErrorCode;
import io.linkops.health.Health.CheckLink;
import io.linkops.health.Health.CheckLinks;
import io.linkops.health.Health.EndWindow;
import io.linkops.health.Health.FindFigures;
import io.linkops.health.Health.FindWindows;
import io.linkops.health.Health.OpenWindow;
import io.linkops.health.Health.Result;
import io.linkops.inventory.Inventory;
import io.linkops.inventory.Inventory.LinkStatus;
import io.linkops.world.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verticle with clocks and a network that the test moves. */
class HealthVerticleTest {
    private static final String LINK = HealthWorld.id(1);

    @TempDir
    Path directory;

    private final AtomicBoolean isUp = new AtomicBoolean(true);
    private HealthWorld world;

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    private void start(int links, LinkProbe probe) throws Exception {
        world = new HealthWorld(directory, links, probe, Map.of("parallelism", 4));
    }

    private void startUpOrDown() throws Exception {
        start(1, target -> isUp.get() ? HealthWorld.up(target) : HealthWorld.down(target));
    }

    /** One round of the schedule, and what it comes to. */
    private void round(boolean isGood) throws Exception {
        isUp.set(isGood);
        world.clock.advance(HealthWorld.INTERVAL);
        world.pass(HealthWorld.INTERVAL, world.samples() + 1);
        var at = world.clock.instant();
        Patience.until("the inventory knows", () -> {
            var health = world.state(LINK).health();
            return health != null && health.checkedAt().equals(at);
        });
    }

    @Test
    void theFirstCheckDecidesAndOneFailureDoesNot() throws Exception {
        startUpOrDown();
        assertThat(world.state(LINK).status()).isEqualTo(LinkStatus.UNKNOWN);
        round(true);
        assertThat(world.state(LINK).status()).isEqualTo(LinkStatus.ONLINE);
        assertThat(world.state(LINK).enrollment().isEnrolled()).isTrue();
        round(false);
        assertThat(world.state(LINK).status()).isEqualTo(LinkStatus.ONLINE);
        assertThat(world.state(LINK).health().reason()).isEqualTo("unreachable");
        round(false);
        assertThat(world.state(LINK).status()).isEqualTo(LinkStatus.OFFLINE);
        assertThat(world.state(LINK).enrollment().isEnrolled())
                .as("being out of reach takes nothing back")
                .isTrue();
        round(true);
        assertThat(world.state(LINK).status()).isEqualTo(LinkStatus.OFFLINE);
        round(true);
        assertThat(world.state(LINK).status()).isEqualTo(LinkStatus.ONLINE);
        assertThat(world.changes(LINK)).containsExactly("UNKNOWN>ONLINE", "ONLINE>OFFLINE", "OFFLINE>ONLINE");
        Patience.until("three events", () -> world.told.size() == 3);
    }

    @Test
    void aLinkThatAlternatesDoesNotFlap() throws Exception {
        startUpOrDown();
        for (int i = 0; i < 20; i++) {
            round(i % 2 == 0);
        }
        assertThat(world.changes(LINK)).containsExactly("UNKNOWN>ONLINE", "ONLINE>OFFLINE");
        assertThat(world.told).hasSize(2);
    }

    @Test
    void aClockThatJumpsNeitherStopsChecksNorPilesThemUp() throws Exception {
        start(20, HealthWorld::up);
        world.pass(HealthWorld.INTERVAL.multipliedBy(2), 20);
        long samples = world.samples();
        for (var jump :
                List.of(Duration.ofHours(1), Duration.ofHours(-2), Duration.ofDays(400), Duration.ofDays(-800))) {
            world.clock.advance(jump);
            for (int tick = 0; tick < 100; tick++) {
                world.nanos.addAndGet(HealthWorld.INTERVAL.toNanos() / 10_000);
            }
            world.kernel.ask(new FindFigures());
            assertThat(world.samples() - samples)
                    .as("a hundredth of an interval after " + jump)
                    .isLessThanOrEqualTo(6);
            world.pass(HealthWorld.INTERVAL, samples + 20);
            samples = world.samples();
        }
        assertThat(samples).isLessThanOrEqualTo(20 + 4 * 26);
    }

    @Test
    void aThousandLinksAreCheckedNoMoreThanSoManyAtOnce() throws Exception {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        Set<String> threads = ConcurrentHashMap.newKeySet();
        start(1_000, target -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            threads.add(Thread.currentThread().getName());
            try {
                return HealthWorld.up(target);
            } finally {
                running.decrementAndGet();
            }
        });
        world.pass(HealthWorld.INTERVAL.multipliedBy(2), 1_000);
        assertThat(most.get()).isBetween(1, 4);
        assertThat(threads).hasSizeLessThanOrEqualTo(4).allMatch(name -> name.startsWith("health"));
        Patience.until(
                "all online",
                () -> world.kernel
                                .ask(new Inventory.FindLinks(null, "online", null, null, null, null, false, false))
                                .links()
                                .size()
                        == 1_000);
        assertThat(world.kernel.ask(new FindFigures()).text()).contains("linkops_links{status=\"online\"} 1000.0");
    }

    @Test
    void whoAsksGoesFirstAndSharesACheckThatRuns() throws Exception {
        var order = ConcurrentHashMap.<String>newKeySet();
        var gate = new CountDownLatch(1);
        var first = new AtomicBoolean();
        start(50, target -> {
            if (!target.linkId().equals(HealthWorld.id(50))) {
                pass(gate);
            } else {
                first.set(order.size() < 40);
            }
            order.add(target.linkId());
            return HealthWorld.up(target);
        });
        world.nanos.addAndGet(HealthWorld.INTERVAL.multipliedBy(2).toNanos());
        Patience.until("all wait", () -> figure("linkops_health_checks_waiting") >= 45);
        var asked = new Thread(() -> {
            try {
                world.kernel.ask(new CheckLink(HealthWorld.id(50)));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        asked.start();
        gate.countDown();
        asked.join();
        assertThat(first).isTrue();
    }

    private static void pass(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private double figure(String name) throws Exception {
        return world.kernel
                .ask(new FindFigures())
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(-1);
    }

    @Test
    void linksBehindAJumpHostThatIsDownAreToldSoAndNotWaitedFor() throws Exception {
        var looks = new AtomicInteger();
        start(1, target -> {
            looks.incrementAndGet();
            return HealthWorld.down("jump");
        });
        world.replace(List.of(
                HealthWorld.link("jump", null),
                HealthWorld.link("a", "jump"),
                HealthWorld.link("b", "jump"),
                HealthWorld.link("c", "jump")));
        var asked = world.kernel.ask(new CheckLink("a"));
        assertThat(asked.reason()).isEqualTo("jump_host");
        assertThat(asked.hop()).isEqualTo("jump");
        assertThat(asked.error()).isEqualTo("Unreachable because of hop jump: jump is down");
        world.pass(HealthWorld.INTERVAL.dividedBy(10), 3);
        assertThat(looks).as("a by hand, jump by the schedule").hasValueLessThanOrEqualTo(3);
        Patience.until("c is known", () -> world.state("c").health() != null);
        assertThat(world.state("c").health().reason()).isEqualTo("jump_host");
        assertThat(world.state("c").status()).isEqualTo(LinkStatus.OFFLINE);
    }

    @Test
    void aMaintenanceWindowKeepsQuietUntilItsEnd() throws Exception {
        startUpOrDown();
        round(true);
        Patience.until("told", () -> world.told.size() == 1);
        var window = world.kernel.ask(new OpenWindow(
                List.of("link-*"), null, world.clock.instant().plus(Duration.ofHours(1)), "New kernel", "ann"));
        assertThat(window.links()).containsExactly(LINK);
        Patience.until("it shows", () -> world.state(LINK).isInMaintenance());
        isUp.set(false);
        assertThat(world.kernel.ask(new CheckLink(LINK)).status()).isEqualTo(LinkStatus.OFFLINE);
        assertThat(world.state(LINK).status()).isEqualTo(LinkStatus.OFFLINE);
        assertThat(world.told).hasSize(1);
        world.clock.advance(Duration.ofHours(2));
        Patience.until("it is over", () -> !world.state(LINK).isInMaintenance());
        Patience.until("what stayed is told", () -> world.told.size() == 2);
        assertThat(world.told.getLast().to()).isEqualTo(LinkStatus.OFFLINE);
        assertThat(world.kernel.ask(new FindWindows(false)).windows()).isEmpty();
        assertThat(world.kernel.ask(new FindWindows(true)).windows()).hasSize(1);
        assertThat(world.kernel.refusal(new EndWindow(window.id(), "ann")).code())
                .isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void aWindowCanBeEndedEarlyAndMustMakeSense() throws Exception {
        startUpOrDown();
        var now = world.clock.instant();
        var refused = world.kernel.refusal(new OpenWindow(List.of(LINK), null, now, "late", "ann"));
        assertThat(refused.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
        var window = world.kernel.ask(new OpenWindow(List.of(LINK), null, now.plusSeconds(60), "soon", "ann"));
        Patience.until("it shows", () -> world.state(LINK).isInMaintenance());
        var ended = world.kernel.ask(new EndWindow(window.id(), "bob"));
        assertThat(ended.endedBy()).isEqualTo("bob");
        Patience.until("it is over", () -> !world.state(LINK).isInMaintenance());
        assertThat(world.kernel.refusal(new EndWindow("mw-none", "bob")).code()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void aLookOfAnOperationCountsAndAResetMakesTheNextCheckTheFirst() throws Exception {
        startUpOrDown();
        round(true);
        world.kernel.ask(new Inventory.RecordEnrollment(
                LINK,
                new Inventory.Enrollment(
                        Inventory.EnrollmentStatus.REFUSED, false, false, "unreachable", "down", world.clock.instant()),
                null,
                null));
        assertThat(world.state(LINK).status()).isEqualTo(LinkStatus.OFFLINE);
        Patience.until("the change is stored", () -> world.changes(LINK).size() == 2);
        var check = world.kernel.ask(new CheckLinks(List.of("*")));
        assertThat(check.checks()).singleElement().satisfies(each -> {
            assertThat(each.result()).isEqualTo(Result.ONLINE);
            assertThat(each.status()).isEqualTo(LinkStatus.ONLINE);
        });
    }
}
