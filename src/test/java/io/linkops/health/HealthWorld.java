package io.linkops.health;

import io.linkops.SettableClock;
import io.linkops.bus.Bus;
import io.linkops.config.HealthConfig;
import io.linkops.config.Settings;
import io.linkops.figures.Figures;
import io.linkops.health.Health.HealthChanged;
import io.linkops.inventory.Inventory;
import io.linkops.inventory.InventoryVerticle;
import io.linkops.ssh.ClientIdReading;
import io.linkops.ssh.RouteCheck;
import io.linkops.ssh.RouteLook;
import io.linkops.ssh.SshException;
import io.linkops.world.Patience;
import io.linkops.worlds.Kernel;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** The rooms health and inventory on a real database, with clocks and a network that a test moves. */
@SuppressWarnings("try") // closing waits, and may be interrupted
final class HealthWorld implements AutoCloseable {
    static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
    static final Duration INTERVAL = Duration.ofSeconds(20);

    final SettableClock clock = new SettableClock(NOON);
    final AtomicLong nanos = new AtomicLong();
    final Kernel kernel;
    final List<HealthChanged> told = new CopyOnWriteArrayList<>();

    HealthWorld(Path directory, int links, LinkProbe probe, Map<String, Object> overrides) throws Exception {
        var section = new JsonObject().put("check_interval_minutes", INTERVAL.toSeconds() + "s");
        overrides.forEach(section::put);
        var config = Settings.of(new JsonObject().put("health", section)).health();
        kernel = new Kernel(directory, Figures.class, Inventory.class, Health.class);
        kernel.deploy(new InventoryVerticle(kernel.database(), clock));
        replace(IntStream.rangeClosed(1, links).mapToObj(i -> link(id(i), null)).toList());
        Bus.of(kernel.vertx()).listen(HealthChanged.class, told::add);
        deploy(config, probe);
    }

    private void deploy(HealthConfig config, LinkProbe probe) throws Exception {
        var pool = kernel.vertx().createSharedWorkerExecutor("health", config.parallelism());
        kernel.deploy(new HealthVerticle(
                kernel.database(), config, probe, () -> 0, pool, clock, nanos::get, UUID::randomUUID));
    }

    static String id(int number) {
        return "link-%04d".formatted(number);
    }

    void replace(List<Inventory.Link> links) throws Exception {
        kernel.ask(new Inventory.Replace(UUID.randomUUID().toString(), links, List.of()));
    }

    static Inventory.Link link(String id, String jump) {
        return new Inventory.Link(
                id, "VM", null, "192.0.2.1", 22, "root", List.of(), "id-" + id, "/id", null, jump, null, Map.of());
    }

    static RouteLook up(Inventory.Target target) {
        var stage = new RouteCheck.Stage(target.linkId(), RouteCheck.Act.CLIENT_ID, Duration.ofMillis(3), null);
        return new RouteLook(
                new RouteCheck(List.of(stage)),
                false,
                Duration.ofMillis(3),
                new ClientIdReading(ClientIdReading.Status.OK, target.clientId(), ""));
    }

    static RouteLook down(Inventory.Target target) {
        return down(target.linkId());
    }

    static RouteLook down(String hop) {
        var failure = new SshException(SshException.Reason.UNREACHABLE, hop, hop + " is down", null);
        return new RouteLook(
                new RouteCheck(List.of(new RouteCheck.Stage(hop, RouteCheck.Act.TCP, Duration.ZERO, failure))),
                false,
                null,
                null);
    }

    /** Lets monotonic time go on, and waits until so many samples are stored. */
    void pass(Duration time, long samples) throws Exception {
        nanos.addAndGet(time.toNanos());
        Patience.until(samples + " samples", () -> samples() >= samples);
    }

    long samples() throws Exception {
        return kernel.rows("SELECT COUNT(*) AS rows FROM link_health_samples")
                .getFirst()
                .getLong("rows");
    }

    List<String> changes(String link) throws Exception {
        var changes = new ArrayList<String>();
        kernel.rows("SELECT * FROM link_health_changes WHERE link_id = '" + link + "' ORDER BY at")
                .forEach(row -> changes.add(row.getString("from_status") + ">" + row.getString("to_status")));
        return changes;
    }

    Inventory.LinkState state(String link) throws Exception {
        return kernel.ask(new Inventory.FindLink(link));
    }

    @Override
    public void close() throws Exception {
        kernel.close();
    }
}
