package io.linkops.notifications;

import io.linkops.bus.Blocking;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.config.NotificationsConfig;
import io.linkops.gitsync.GitSync.SyncChanged;
import io.linkops.inventory.Inventory.InventoryChanged;
import io.linkops.inventory.Inventory.LinkChanged;
import io.linkops.notifications.Notifications.ChannelKind;
import io.linkops.notifications.Notifications.CreateChannel;
import io.linkops.notifications.Notifications.DeleteChannel;
import io.linkops.notifications.Notifications.Deleted;
import io.linkops.notifications.Notifications.Deliveries;
import io.linkops.notifications.Notifications.Delivery;
import io.linkops.notifications.Notifications.DeliveryStatus;
import io.linkops.notifications.Notifications.FindChannels;
import io.linkops.notifications.Notifications.FindDeliveries;
import io.linkops.notifications.Notifications.RetryDelivery;
import io.linkops.notifications.Notifications.TestChannel;
import io.linkops.notifications.Notifications.Tested;
import io.linkops.notifications.Notifications.UpdateChannel;
import io.linkops.orchestrator.Operations.OperationChanged;
import io.linkops.store.Database;
import io.linkops.vault.DataKey;
import io.linkops.vault.Secret;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.TrustOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears what happens, keeps it in an outbox, and delivers it to the channels that want to hear of it. */
public final class NotificationsVerticle extends VerticleBase {
    /** How long whoever has a channel tested should wait: connecting, answering, the server's words, and some more. */
    public static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final Logger LOG = LoggerFactory.getLogger(NotificationsVerticle.class);
    private static final int NAME_THREADS = 4;
    private static final int SECRET_BYTES = 32;
    private static final Duration REST = Duration.ofMillis(500);
    private static final Duration HEALING = Duration.ofMinutes(1);
    private static final Duration CLOSING = Duration.ofSeconds(1);
    private static final Duration SWEEPING = Duration.ofHours(1);

    private final Database database;
    private final DataKey atRest;
    private final NotificationsConfig config;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Supplier<String> ids;
    private final Resolver resolver;
    private final Set<String> testing = new HashSet<>();
    private @Nullable Courier courier;
    private @Nullable WebhookSender webhooks;
    private @Nullable MailSender mails;

    /**
     * @param atRest seals the secrets of channels in the database
     * @param ids gives each channel and delivery its id
     */
    public NotificationsVerticle(
            Database database,
            DataKey atRest,
            NotificationsConfig config,
            InstantSource clock,
            SecureRandom random,
            Supplier<String> ids) {
        this(database, atRest, config, clock, random, ids, Resolver::system);
    }

    NotificationsVerticle(
            Database database,
            DataKey atRest,
            NotificationsConfig config,
            InstantSource clock,
            SecureRandom random,
            Supplier<String> ids,
            Resolver resolver) {
        this.database = database;
        this.atRest = atRest;
        this.config = config;
        this.clock = clock;
        this.random = random;
        this.ids = ids;
        this.resolver = resolver;
    }

    @Override
    public Future<?> start() {
        return Blocking.on(vertx, () -> TrustedAuthorities.with(config.caFile()))
                .compose(trust -> begin(Bus.of(vertx), trust));
    }

    private Future<Void> begin(Bus bus, TrustOptions trust) {
        var channels = new ChannelBook(
                new ChannelStore(database, atRest), clock, ids, this::newSecret, config.smtpHost() != null);
        var deliveries = new DeliveryStore(database);
        var progress = new ProgressStore(database);
        var sender = sender(trust);
        var plan = new RetryPlan(config.retryDelay(), config.longestRetryDelay(), config.retryFor());
        var couriers = new Courier(vertx, channels, deliveries, sender, plan, clock, random::nextDouble);
        courier = couriers;
        var outbox = new Outbox(
                bus, channels, deliveries, new StormPlan(config.stormLimit()), clock, ids, publicUrl(), couriers::wake);
        var operations = new OperationWatch(bus, progress, outbox, clock);
        var links = new LinkWatch(bus, progress, outbox, clock);
        var git = new GitWatch(bus, progress, outbox);
        return channels.load()
                .compose(_ -> outbox.load())
                .compose(_ -> operations.start())
                .compose(_ -> links.start())
                .compose(_ -> git.start())
                .onSuccess(_ -> {
                    listen(bus, operations, links, git);
                    answer(bus, channels, deliveries, outbox, sender);
                    vertx.setPeriodic(CLOSING.toMillis(), _ -> outbox.closeSummaries());
                    sweep(deliveries);
                    vertx.setPeriodic(SWEEPING.toMillis(), _ -> sweep(deliveries));
                    channels.all().forEach(channel -> couriers.wake(channel.id()));
                });
    }

    private Sender sender(TrustOptions trust) {
        var pool = vertx.createSharedWorkerExecutor("linkops-names", NAME_THREADS, 1, TimeUnit.MINUTES);
        var webhook = new WebhookSender(vertx, config, trust, resolver, pool, clock);
        var mail = config.smtpHost() == null ? null : new MailSender(vertx, config, trust);
        webhooks = webhook;
        mails = mail;
        return (channel, id, body) -> {
            if (channel.channel().kind() == ChannelKind.WEBHOOK) {
                return webhook.send(channel, id, body);
            }
            return mail == null
                    ? Future.succeededFuture(
                            Attempt.later("No mail server is configured (any more); set notifications.smtp_host"))
                    : mail.send(channel, id, body);
        };
    }

    private @Nullable String publicUrl() {
        var url = config.publicUrl();
        return url == null ? null : url.replaceAll("/+$", "");
    }

    /** Bells that ring before this are made up for by ringing all of them at its end. */
    private void listen(Bus bus, OperationWatch operations, LinkWatch links, GitWatch git) {
        var ends = new Watch(vertx, OperationWatch.SOURCE, REST, operations::look);
        var states = new Watch(vertx, LinkWatch.SOURCE, REST, links::look);
        var syncs = new Watch(vertx, GitWatch.SOURCE, REST, git::look);
        bus.listen(OperationChanged.class, event -> {
            operations.changed(event.operationId());
            ends.ring();
        });
        bus.listen(LinkChanged.class, _ -> states.ring());
        bus.listen(InventoryChanged.class, _ -> states.ring());
        bus.listen(SyncChanged.class, event -> {
            if (!event.isSyncing()) {
                syncs.ring();
            }
        });
        Runnable all = () -> {
            ends.ring();
            states.ring();
            syncs.ring();
        };
        all.run();
        vertx.setPeriodic(HEALING.toMillis(), _ -> all.run());
    }

    private void answer(Bus bus, ChannelBook channels, DeliveryStore deliveries, Outbox outbox, Sender sender) {
        bus.answer(FindChannels.class, _ -> channels.shown());
        bus.answer(CreateChannel.class, channels::create);
        bus.answer(UpdateChannel.class, update -> channels.update(update).onSuccess(_ -> wake(update.id())));
        bus.answer(DeleteChannel.class, delete -> channels.delete(delete.id()).map(_ -> new Deleted()));
        bus.answer(TestChannel.class, test -> test(channels.find(test.id()), outbox, sender));
        bus.answer(FindDeliveries.class, find -> find(deliveries, find));
        bus.answer(RetryDelivery.class, retry -> again(deliveries, retry));
    }

    private void wake(String channel) {
        if (courier != null) {
            courier.wake(channel);
        }
    }

    private Future<Tested> test(StoredChannel channel, Outbox outbox, Sender sender) {
        if (!testing.add(channel.id())) {
            throw new Failure(ErrorCode.CONFLICT, "This channel is being tested already; wait for what comes of it");
        }
        var id = ids.get();
        var begun = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var body =
                outbox.body(id, Wording.test(channel.channel().name(), begun)).encode();
        return sender.send(channel, id, body)
                .map(attempt -> new Tested(
                        id,
                        attempt.isDelivered(),
                        attempt.status(),
                        attempt.error(),
                        Duration.between(begun, clock.instant()).toMillis()))
                .onComplete(_ -> testing.remove(channel.id()));
    }

    private static Future<Deliveries> find(DeliveryStore deliveries, FindDeliveries find) {
        if (find.limit() < 1 || find.limit() > 200) {
            throw new Failure(
                    ErrorCode.VALIDATION_FAILED,
                    "limit must be between 1 and 200",
                    Map.of("fields", Map.of("limit", "must be between 1 and 200")));
        }
        return deliveries.page(find.channelId(), find.status(), find.limit()).map(Deliveries::new);
    }

    private Future<Delivery> again(DeliveryStore deliveries, RetryDelivery retry) {
        return deliveries
                .find(retry.id())
                .map(found -> found.orElseThrow(() -> none(retry.id())))
                .compose(found -> {
                    var status = found.delivery().status();
                    if (status == DeliveryStatus.DELIVERED || status == DeliveryStatus.COLLECTING) {
                        throw new Failure(
                                ErrorCode.CONFLICT,
                                status == DeliveryStatus.DELIVERED
                                        ? "This notice was delivered; there is nothing to try again"
                                        : "This summary still grows and goes out by itself within a minute");
                    }
                    return deliveries.again(retry.id(), clock.instant());
                })
                .compose(_ -> deliveries.find(retry.id()))
                .map(found -> {
                    var delivery = found.orElseThrow(() -> none(retry.id())).delivery();
                    wake(delivery.channelId());
                    return delivery;
                });
    }

    private static Failure none(String id) {
        return new Failure(ErrorCode.NOT_FOUND, "There is no delivery " + id + " (any more); list them all");
    }

    private void sweep(DeliveryStore deliveries) {
        deliveries
                .sweep(clock.instant().minus(config.kept()))
                .onSuccess(isMore -> {
                    if (isMore) {
                        vertx.setTimer(REST.toMillis(), _ -> sweep(deliveries));
                    }
                })
                .onFailure(cause -> LOG.warn("Old notices cannot be removed yet", cause));
    }

    private Secret newSecret() {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return new Secret("whsec_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    @Override
    public Future<?> stop() {
        if (courier != null) {
            courier.stop();
        }
        Future<Void> closed = webhooks == null ? Future.succeededFuture() : webhooks.close();
        return closed.eventually(() -> mails == null ? Future.succeededFuture() : mails.close());
    }
}
