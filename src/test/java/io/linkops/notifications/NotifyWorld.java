package io.linkops.notifications;

import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.NotificationsConfig;
import io.linkops.config.Settings;
import io.linkops.gitsync.GitSync;
import io.linkops.inventory.Inventory;
import io.linkops.notifications.Notifications.ChannelKind;
import io.linkops.notifications.Notifications.CreateChannel;
import io.linkops.notifications.Notifications.CreatedChannel;
import io.linkops.notifications.Notifications.Delivery;
import io.linkops.notifications.Notifications.DeliveryStatus;
import io.linkops.notifications.Notifications.FindDeliveries;
import io.linkops.notifications.Notifications.Topic;
import io.linkops.notifications.Notifications.Wish;
import io.linkops.orchestrator.Operations;
import io.linkops.orchestrator.Operations.Kind;
import io.linkops.orchestrator.Operations.Status;
import io.linkops.vault.DataKey;
import io.linkops.worlds.Kernel;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** The real verticle on the real bus over a real SQLite file; operations, links and syncs are the test's. */
final class NotifyWorld implements AutoCloseable {
    static final Instant THEN = Instant.parse("2030-01-01T12:00:00Z");

    private static final DataKey AT_REST = DataKey.make("channels");

    final Kernel kernel;
    final Map<String, Operations.Summary> operations = new ConcurrentSkipListMap<>();
    final Map<String, Inventory.LinkState> links = new ConcurrentSkipListMap<>();
    final List<GitSync.SyncResult> syncs = new CopyOnWriteArrayList<>();
    final Map<String, Object> settings = new TreeMap<>(Map.of(
            "retry_delay", "50ms",
            "longest_retry_delay", "200ms",
            "connect_timeout", "2s",
            "answer_timeout", "1s",
            "public_url", "https://linkops.example/"));
    Resolver resolver = host -> List.of(InetAddress.getAllByName(host));
    InstantSource clock = InstantSource.system();
    private final Bus bus;
    private String deployment;

    NotifyWorld(Path directory) throws Exception {
        kernel = new Kernel(directory, Notifications.class, Operations.class, Inventory.class, GitSync.class);
        bus = Bus.of(kernel.vertx());
        bus.answer(Operations.FindOperations.class, find -> Future.succeededFuture(page(find)));
        bus.answer(Operations.FindSummary.class, find -> {
            var found = operations.get(find.id());
            return found == null
                    ? Future.failedFuture(new Failure(ErrorCode.OPERATION_NOT_FOUND, "none"))
                    : Future.succeededFuture(found);
        });
        bus.answer(
                Inventory.FindLinks.class,
                _ -> Future.succeededFuture(new Inventory.Links(List.copyOf(links.values()))));
        bus.answer(Inventory.Resolve.class, this::resolve);
        bus.answer(
                GitSync.FindHistory.class,
                _ -> Future.succeededFuture(new GitSync.History(syncs.stream()
                        .sorted(Comparator.comparingLong(GitSync.SyncResult::id).reversed())
                        .toList())));
    }

    private Operations.Page page(Operations.FindOperations find) {
        var before = find.before();
        var all = operations.values().stream()
                .filter(each -> find.status() == null || each.status() == find.status())
                .filter(each -> before == null || each.id().compareTo(before) < 0)
                .sorted(Comparator.comparing(Operations.Summary::id).reversed())
                .limit(find.limit())
                .toList();
        return new Operations.Page(all, null);
    }

    private Future<Inventory.Targets> resolve(Inventory.Resolve resolve) {
        var targets = new ArrayList<Inventory.Target>();
        for (var selector : resolve.selectors()) {
            links.values().stream()
                    .filter(link -> link.link().id().equals(selector)
                            || link.link().tags().contains(selector.replaceFirst("^tag:", "")))
                    .forEach(link -> targets.add(new Inventory.Target(
                            link.link().id(),
                            new io.linkops.ssh.Route(List.of(hop(link.link().id()))),
                            "LINKOPS-1",
                            "/etc/linkops/client_id",
                            link.enrollment())));
        }
        return targets.isEmpty()
                ? Future.failedFuture(new Failure(ErrorCode.LINK_NOT_FOUND, "no such link"))
                : Future.succeededFuture(new Inventory.Targets(targets));
    }

    private static io.linkops.ssh.Hop hop(String id) {
        return new io.linkops.ssh.Hop(id, "10.0.0.1", 22, "root", null, List.of());
    }

    NotificationsConfig config() {
        return Settings.of(new JsonObject().put("notifications", new JsonObject(new TreeMap<>(settings))))
                .notifications();
    }

    NotifyWorld start() throws Exception {
        deployment = kernel.deploy(new NotificationsVerticle(
                kernel.database(),
                AT_REST,
                config(),
                clock,
                new SecureRandom(),
                () -> UUID.randomUUID().toString(),
                host -> resolver.resolve(host)));
        return this;
    }

    NotifyWorld stop() throws Exception {
        kernel.undeploy(deployment);
        return this;
    }

    static Wish webhook(String url, String secret, Topic... topics) {
        return new Wish(
                "Chat", ChannelKind.WEBHOOK, url, secret, List.of(), List.of(topics), List.of(), List.of(), true);
    }

    CreatedChannel channel(Wish wish) throws Exception {
        return kernel.ask(new CreateChannel(wish, "alice"));
    }

    List<Delivery> deliveries(DeliveryStatus status) throws Exception {
        return kernel.ask(new FindDeliveries(null, status, 200)).deliveries();
    }

    /** An operation that has come to this, and its bell. */
    void operation(String id, Status status) {
        operations.put(id, summary(id, Kind.SCRIPT, status));
        bus.publish(new Operations.OperationChanged(id));
    }

    static Operations.Summary summary(String id, Kind kind, Status status) {
        return new Operations.Summary(
                id,
                kind,
                status,
                List.of("update"),
                List.of("tag:web"),
                1,
                5,
                "abc123",
                "alice",
                THEN,
                THEN,
                status.isFinal() ? THEN.plusSeconds(60) : null,
                status == Status.FAILED ? Map.of(Operations.ExecutionStatus.FAILED, 1) : Map.of(),
                status == Status.FAILED ? "update failed\r\non vm-1" : null,
                null,
                null,
                null);
    }

    void link(String id, boolean isOnline) {
        links.put(id, state(id, isOnline, false));
        bus.publish(new Inventory.LinkChanged(id));
    }

    static Inventory.LinkState state(String id, boolean isOnline, boolean isRetired) {
        var link = new Inventory.Link(
                id,
                "VM",
                null,
                "10.0.0.1",
                22,
                "root",
                List.of(id.replaceAll("-.*", "")),
                "LINKOPS-1",
                "/etc/linkops/client_id",
                null,
                null,
                null,
                Map.of());
        var enrollment = isOnline
                ? new Inventory.Enrollment(Inventory.EnrollmentStatus.ENROLLED, true, true, null, null, THEN)
                : new Inventory.Enrollment(
                        Inventory.EnrollmentStatus.REFUSED, false, false, "unreachable", "It does not answer", THEN);
        return new Inventory.LinkState(
                link, enrollment, new Inventory.HostKey(List.of(), null), isRetired, null, null, null, false);
    }

    void sync(long id, boolean isSuccess) {
        syncs.add(new GitSync.SyncResult(
                id,
                "system",
                THEN,
                THEN,
                isSuccess,
                false,
                false,
                "abc123",
                null,
                null,
                null,
                List.of(),
                isSuccess ? null : "The server does not answer",
                isSuccess ? null : "GIT_FAILED"));
        bus.publish(new GitSync.SyncChanged(false));
    }

    /** Waits until it is so; fails after 30 s. */
    static void until(String what, BooleanSupplier isSo) throws InterruptedException {
        var deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never happened: " + what);
            }
            Thread.sleep(5);
        }
    }

    @Override
    public void close() {
        try {
            kernel.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
