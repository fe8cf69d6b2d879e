package io.linkops.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.linkops.bus.ErrorCode;
import io.linkops.notifications.Notifications.Channel;
import io.linkops.notifications.Notifications.ChannelKind;
import io.linkops.notifications.Notifications.CreateChannel;
import io.linkops.notifications.Notifications.Delivery;
import io.linkops.notifications.Notifications.DeliveryStatus;
import io.linkops.notifications.Notifications.FindChannels;
import io.linkops.notifications.Notifications.RetryDelivery;
import io.linkops.notifications.Notifications.TestChannel;
import io.linkops.notifications.Notifications.Topic;
import io.linkops.notifications.Notifications.UpdateChannel;
import io.linkops.notifications.Notifications.Wish;
import io.linkops.notifications.Receiver.Got;
import io.linkops.orchestrator.Operations.Kind;
import io.linkops.orchestrator.Operations.Status;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** From what happens to what a real HTTP receiver gets, over a real database. */
class NotificationsIT {
    private static final String SECRET = "a-secret-of-the-receiver";

    @TempDir
    Path directory;

    private NotifyWorld world;
    private Receiver receiver;

    @BeforeEach
    void create() throws Exception {
        world = new NotifyWorld(directory);
        receiver = new Receiver();
    }

    @AfterEach
    void close() throws Exception {
        receiver.close();
        world.close();
    }

    private List<Delivery> awaitDeliveries(DeliveryStatus status, int count) throws Exception {
        NotifyWorld.until(count + " " + status, () -> find(status).size() >= count);
        return find(status);
    }

    private List<Delivery> find(DeliveryStatus status) {
        try {
            return world.deliveries(status);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFailedOperationIsToldOnceSignedAndDescribed() throws Exception {
        world.start().channel(NotifyWorld.webhook(receiver.url(), SECRET, Topic.OPERATION_FAILED));
        world.operation("op-1", Status.RUNNING);
        world.operation("op-1", Status.FAILED);
        world.operation("op-1", Status.FAILED);
        world.operation("op-2", Status.SUCCESS);
        world.operation("op-3", Status.FAILED);
        awaitDeliveries(DeliveryStatus.DELIVERED, 2);
        assertThat(receiver.got()).hasSize(2);
        var got = receiver.got().getFirst();
        assertThat(got.line()).isEqualTo("POST /hook?to=ops HTTP/1.1");
        assertThat(got.isSignedWith(SECRET)).isTrue();
        assertThat(got.isSignedWith(SECRET + "x")).isFalse();
        assertThat(got.header("Host")).isEqualTo("127.0.0.1:" + receiver.port());
        assertThat(got.header("Content-Type")).isEqualTo("application/json");
        assertThat(got.header("X-LinkOps-Event")).isEqualTo("operation.failed");
        var body = got.json();
        assertThat(body.fieldNames()).containsExactlyInAnyOrder("id", "event", "at", "subject", "text", "url");
        assertThat(body.getString("id")).isEqualTo(got.id());
        assertThat(body.getString("event")).isEqualTo("operation.failed");
        assertThat(body.getString("at")).isEqualTo("2030-01-01T12:01:00Z");
        assertThat(body.getString("url")).isEqualTo("https://linkops.example/operations/op-1");
        assertThat(body.getString("text"))
                .isEqualTo("Operation update (op-1) on 1 link ended: failed: update failed on vm-1");
        assertThat(body.getJsonObject("subject").getString("id")).isEqualTo("op-1");
        assertThat(receiver.got().getLast().json().getJsonObject("subject").getString("id"))
                .isEqualTo("op-3");
        assertThat(receiver.got().getLast().id()).isNotEqualTo(got.id());
    }

    @Test
    void theDocumentShowsWhatComesAndHowItIsVerified() throws Exception {
        world.start().channel(NotifyWorld.webhook(receiver.url(), SECRET, Topic.OPERATION_FAILED));
        world.operation("op-1", Status.RUNNING);
        world.operation("op-1", Status.FAILED);
        awaitDeliveries(DeliveryStatus.DELIVERED, 1);
        var got = receiver.got().getFirst();
        var document = Files.readString(Path.of("docs/NOTIFICATIONS.md"));
        var shown = new JsonObject(block(document, "json"));
        assertThat(got.json().put("id", shown.getString("id"))).isEqualTo(shown);
        var verifier = block(document, "python");
        assertThat(verified(verifier, got, got.body(), SECRET)).isEqualTo("True");
        assertThat(verified(verifier, got, got.body() + " ", SECRET)).isEqualTo("False");
        assertThat(verified(verifier, got, got.body(), SECRET + "x")).isEqualTo("False");
    }

    private static String block(String document, String language) {
        var fence = "```" + language + "\n";
        var from = document.indexOf(fence) + fence.length();
        return document.substring(from, document.indexOf("```", from));
    }

    /** By the document's own lines. The world's clock stands still: they are given its time. */
    private String verified(String lines, Got got, String body, String secret) throws Exception {
        var program = """
            import hashlib, hmac, sys, time
            timestamp, signature, body, secret = sys.argv[1], sys.argv[2], sys.argv[3].encode(), sys.argv[4]
            time.time = lambda: int(timestamp) + 1
            """ + lines + "print(ok)\n";
        var python = new ProcessBuilder(
                        "python3",
                        "-c",
                        program,
                        got.header("X-LinkOps-Timestamp"),
                        got.header("X-LinkOps-Signature"),
                        body,
                        secret)
                .redirectErrorStream(true)
                .start();
        return new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    @Test
    void whatEndedWhileNobodyListenedIsToldAtTheNextStartAndNotTwice() throws Exception {
        world.operation("op-0", Status.FAILED);
        world.operation("op-1", Status.RUNNING);
        world.operation("op-2", Status.FAILED);
        world.links.put("vm-1", NotifyWorld.state("vm-1", true, false));
        world.links.put("vm-2", NotifyWorld.state("vm-2", false, false));
        world.sync(1, true);
        world.start()
                .channel(NotifyWorld.webhook(
                        receiver.url(), SECRET, Topic.OPERATION_FINISHED, Topic.LINK_OFFLINE, Topic.GIT_FAILED));
        world.operation("op-3", Status.PARTIAL);
        awaitDeliveries(DeliveryStatus.DELIVERED, 1);
        world.stop();
        world.operation("op-1", Status.SUCCESS);
        world.operation("op-4", Status.INTERRUPTED);
        world.link("vm-1", false);
        world.sync(2, false);
        world.start();
        awaitDeliveries(DeliveryStatus.DELIVERED, 5);
        world.stop().start();
        world.operation("op-5", Status.STOPPED);
        awaitDeliveries(DeliveryStatus.DELIVERED, 6);
        assertThat(receiver.got())
                .extracting(got -> got.header("X-LinkOps-Event") + " "
                        + got.json().getJsonObject("subject").getValue("id"))
                .containsExactlyInAnyOrder(
                        "operation.partial op-3",
                        "operation.success op-1",
                        "operation.interrupted op-4",
                        "link.offline vm-1",
                        "git.failed 2",
                        "operation.stopped op-5");
    }

    @Test
    void linksAreToldOnceForEachChangeAndOnlyTheChosenOnes() throws Exception {
        world.links.put("web-1", NotifyWorld.state("web-1", true, false));
        world.start();
        var wish = NotifyWorld.webhook(receiver.url(), SECRET, Topic.LINK_OFFLINE, Topic.LINK_ONLINE);
        world.channel(new Wish(
                wish.name(),
                wish.kind(),
                wish.url(),
                wish.secret(),
                List.of(),
                wish.topics(),
                List.of(),
                List.of("tag:web"),
                true));
        world.link("web-1", false);
        world.link("db-1", false);
        awaitDeliveries(DeliveryStatus.DELIVERED, 1);
        world.link("web-1", false);
        world.link("web-2", true);
        awaitKnown("web-2");
        world.link("web-1", true);
        awaitDeliveries(DeliveryStatus.DELIVERED, 2);
        assertThat(receiver.got())
                .extracting(got -> got.json().getString("text"))
                .containsExactly("Link web-1 is offline: It does not answer", "Link web-1 is online");
    }

    private void awaitKnown(String link) throws Exception {
        NotifyWorld.until(link + " is known", () -> {
            try {
                return !world.kernel
                        .rows("SELECT * FROM notification_links WHERE link_id = '" + link + "'")
                        .isEmpty();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void syncsAreToldOnceForEachStreakOfFailures() throws Exception {
        world.start().channel(NotifyWorld.webhook(receiver.url(), SECRET, Topic.GIT_FAILED, Topic.GIT_RECOVERED));
        world.sync(1, true);
        world.sync(2, false);
        world.sync(3, false);
        world.sync(4, true);
        world.sync(5, true);
        world.sync(6, false);
        awaitDeliveries(DeliveryStatus.DELIVERED, 3);
        assertThat(receiver.got())
                .extracting(got -> got.header("X-LinkOps-Event") + " "
                        + got.json().getJsonObject("subject").getValue("id"))
                .containsExactly("git.failed 2", "git.recovered 4", "git.failed 6");
    }

    @Test
    void faultsAreTriedAgainWithTheSameIdAndTheOrderIsKept() throws Exception {
        var tries = new ConcurrentHashMap<String, Integer>();
        receiver.behave(got -> {
            int attempt = tries.merge(got.id(), 1, Integer::sum);
            return switch (attempt) {
                case 1 -> Receiver.status(500);
                case 2 -> Receiver.cut();
                case 3 -> Receiver.status(429);
                default -> Receiver.status(204);
            };
        });
        world.start().channel(NotifyWorld.webhook(receiver.url(), SECRET, Topic.OPERATION_FAILED));
        IntStream.range(0, 6).forEach(i -> world.operation("op-" + i, Status.FAILED));
        var delivered = awaitDeliveries(DeliveryStatus.DELIVERED, 6);
        assertThat(delivered).allMatch(delivery -> delivery.attempts() == 4 && delivery.lastError() == null);
        assertThat(tries).hasSize(6).allSatisfy((_, count) -> assertThat(count).isEqualTo(4));
        assertThat(receiver.got())
                .extracting(got -> got.json().getJsonObject("subject").getString("id"))
                .isEqualTo(IntStream.range(0, 24).mapToObj(i -> "op-" + i / 4).toList());
        for (Got got : receiver.got()) {
            assertThat(got.isSignedWith(SECRET)).isTrue();
        }
    }

    @Test
    void silentAndDrippingReceiversAreGivenUpAndTriedAgain() throws Exception {
        var turn = List.of(Receiver.never(), Receiver.drops(), Receiver.status(200));
        receiver.behave(_ -> turn.get(Math.min(receiver.got().size() - 1, 2)));
        world.settings.put("connect_timeout", "1s");
        world.start().channel(NotifyWorld.webhook(receiver.url(), SECRET, Topic.OPERATION_FAILED));
        world.operation("op-1", Status.FAILED);
        assertThat(awaitDeliveries(DeliveryStatus.DELIVERED, 1).getFirst().attempts())
                .isEqualTo(3);
    }

    @Test
    void redirectsAndRefusalsAreNotTriedAgainUntilSomebodyAsksForIt() throws Exception {
        var statuses = List.of(302, 400, 404, 410);
        receiver.behave(_ -> {
            int number = receiver.got().size() - 1;
            return number < 4
                    ? Receiver.status(statuses.get(number), "Location: " + receiver.url())
                    : Receiver.status(200);
        });
        world.start();
        var channel = world.channel(NotifyWorld.webhook(receiver.url(), SECRET, Topic.OPERATION_FAILED))
                .channel();
        IntStream.range(0, 4).forEach(i -> world.operation("op-" + i, Status.FAILED));
        var failed = awaitDeliveries(DeliveryStatus.FAILED, 4);
        assertThat(receiver.got()).hasSize(4);
        assertThat(failed.reversed()).extracting(Delivery::lastStatus).isEqualTo(statuses);
        assertThat(failed).allMatch(delivery -> delivery.attempts() == 1 && delivery.endedAt() != null);
        var shown = world.kernel.ask(new FindChannels()).channels().getFirst();
        assertThat(shown.failingSince()).isNotNull();
        assertThat(shown.lastError()).isEqualTo("The receiver answered 410");
        assertThat(shown.isEnabled()).isTrue();
        var again = world.kernel.ask(new RetryDelivery(failed.getFirst().id()));
        assertThat(again.status()).isEqualTo(DeliveryStatus.WAITING);
        awaitDeliveries(DeliveryStatus.DELIVERED, 1);
        assertThat(receiver.got().getLast().id()).isEqualTo(failed.getFirst().id());
        var mended = world.kernel.ask(new FindChannels()).channels().getFirst();
        assertThat(mended.failingSince()).isNull();
        assertThat(mended.id()).isEqualTo(channel.id());
        assertThat(world.kernel
                        .refusal(new RetryDelivery(failed.getFirst().id()))
                        .code())
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(world.kernel.refusal(new RetryDelivery("none")).code()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void whenTheTimeForRetriesIsOverANoticeIsFailedAndTheNextOneGoesOn() throws Exception {
        world.settings.put("retry_for", "1s");
        receiver.behave(got -> got.json().getString("text").contains("op-1")
                ? Receiver.status(503, "Retry-After: 1")
                : Receiver.status(200));
        world.start().channel(NotifyWorld.webhook(receiver.url(), SECRET, Topic.OPERATION_FAILED));
        world.operation("op-1", Status.FAILED);
        world.operation("op-2", Status.FAILED);
        awaitDeliveries(DeliveryStatus.DELIVERED, 1);
        assertThat(find(DeliveryStatus.FAILED)).singleElement().satisfies(delivery -> {
            assertThat(delivery.attempts()).isEqualTo(2);
            assertThat(delivery.lastError()).isEqualTo("The receiver answered 503");
        });
    }

    @Test
    void oneNoticeThatAlwaysFailsStepsAsideAndTheOthersGoOn() throws Exception {
        receiver.behave(
                got -> got.json().getString("text").contains("op-1") ? Receiver.status(500) : Receiver.status(200));
        world.start().channel(NotifyWorld.webhook(receiver.url(), SECRET, Topic.OPERATION_FAILED));
        world.operation("op-1", Status.FAILED);
        world.operation("op-2", Status.FAILED);
        awaitDeliveries(DeliveryStatus.DELIVERED, 1);
        assertThat(find(DeliveryStatus.WAITING))
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.attempts()).isGreaterThanOrEqualTo(RetryPlan.HOLDING));
    }

    @Test
    void namesThatLeadToMetadataServicesAreRefusedAtConnectTime() throws Exception {
        var addresses = new TreeMap<>(Map.of(
                "metadata.example", "169.254.169.254",
                "fe80.example", "fe80::1",
                "mapped.example", "::ffff:169.254.169.254",
                "local.example", "127.0.0.1"));
        world.resolver = host -> List.of(InetAddress.getByName(addresses.getOrDefault(host, host)));
        world.start();
        for (var host : List.of(
                "metadata.example",
                "fe80.example",
                "mapped.example",
                "169.254.169.254",
                "[fe80::1]",
                "2852039166",
                "0.0.0.0")) {
            var url = "http://" + host + ":" + receiver.port() + "/latest/meta-data/";
            var channel = world.channel(NotifyWorld.webhook(url, SECRET, Topic.OPERATION_FAILED))
                    .channel();
            var tested = world.kernel.ask(new TestChannel(channel.id()));
            assertThat(tested.isDelivered()).as(host).isFalse();
            assertThat(tested.error()).as(host).contains("must not go to");
        }
        world.operation("op-1", Status.FAILED);
        awaitDeliveries(DeliveryStatus.FAILED, 7);
        assertThat(receiver.got()).isEmpty();
        var local = world.channel(NotifyWorld.webhook(
                        "http://local.example:" + receiver.port() + "/", SECRET, Topic.OPERATION_STOPPED))
                .channel();
        assertThat(world.kernel.ask(new TestChannel(local.id())).isDelivered()).isTrue();
        assertThat(receiver.got().getFirst().header("Host")).isEqualTo("local.example:" + receiver.port());
        assertThat(receiver.got().getFirst().header("X-LinkOps-Event")).isEqualTo("channel.test");
        // The same name leads elsewhere a moment later.
        addresses.put("local.example", "169.254.169.254");
        assertThat(world.kernel.ask(new TestChannel(local.id())).isDelivered()).isFalse();
        assertThat(receiver.got()).hasSize(1);
    }

    @Test
    void privateAddressesCanBeForbidden() throws Exception {
        world.settings.put("private_addresses", false);
        world.start();
        var channel = world.channel(NotifyWorld.webhook(receiver.url(), SECRET, Topic.OPERATION_FAILED))
                .channel();
        assertThat(world.kernel.ask(new TestChannel(channel.id())).error()).contains("notifications.private_addresses");
        assertThat(receiver.got()).isEmpty();
    }

    @Test
    void aStormIsFoldedIntoOneSummary() throws Exception {
        world.start();
        world.channel(NotifyWorld.webhook(receiver.url(), SECRET, Topic.LINK_OFFLINE, Topic.OPERATION_FAILED));
        IntStream.range(0, 5_000).forEach(i -> world.links.put("vm-%04d".formatted(i), offline(i)));
        world.link("vm-0000", false);
        IntStream.range(0, 3_000)
                .forEach(i -> world.operations.put(
                        "op-%04d".formatted(i),
                        NotifyWorld.summary("op-%04d".formatted(i), Kind.SCRIPT, Status.FAILED)));
        IntStream.range(0, 3_000).forEach(i -> world.operation("op-%04d".formatted(i), Status.FAILED));
        awaitDeliveries(DeliveryStatus.DELIVERED, 40);
        NotifyWorld.until("all are folded", () -> folded() == 5_000 - 20 + 3_000 - 20);
        assertThat(find(DeliveryStatus.COLLECTING))
                .hasSize(2)
                .allSatisfy(summary -> assertThat(summary.text())
                        .containsPattern("^(4980|2980) more notices of (link.offline|operation.failed): .*, …$"));
        assertThat(receiver.got()).hasSize(40);
        // Half-grown summaries survive an end of LinkOps and go out once their minute is over.
        world.stop();
        var clock = java.time.InstantSource.offset(java.time.InstantSource.system(), java.time.Duration.ofSeconds(61));
        world.clock = clock;
        world.start();
        awaitDeliveries(DeliveryStatus.DELIVERED, 42);
        assertThat(receiver.got().stream()
                        .map(Got::json)
                        .filter(body ->
                                body.getJsonObject("subject").getString("type").equals("summary"))
                        .map(body -> body.getJsonObject("subject").getInteger("count")
                                + body.getJsonObject("subject")
                                                .getJsonArray("first")
                                                .size()
                                        * 100_000))
                .containsExactlyInAnyOrder(1_004_980, 1_002_980);
    }

    private static io.linkops.inventory.Inventory.LinkState offline(int number) {
        return NotifyWorld.state("vm-%04d".formatted(number), false, false);
    }

    private long folded() {
        try {
            return world.kernel
                    .rows("SELECT COALESCE(SUM(folded), 0) AS n FROM notification_deliveries")
                    .getFirst()
                    .getLong("n");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSecretIsShownOnceAndNowhereElse() throws Exception {
        var log = new ListAppender<ILoggingEvent>();
        var logger = (Logger) LoggerFactory.getLogger("io.linkops.notifications");
        log.start();
        logger.setLevel(ch.qos.logback.classic.Level.DEBUG);
        logger.addAppender(log);
        receiver.behave(_ -> Receiver.status(400));
        world.start();
        var made = world.channel(NotifyWorld.webhook(receiver.url(), null, Topic.OPERATION_FAILED));
        assertThat(made.secret()).matches("whsec_[A-Za-z0-9_-]{43}");
        assertThat(made.toString()).doesNotContain(made.secret());
        var given = world.channel(NotifyWorld.webhook(receiver.url(), SECRET, Topic.OPERATION_FAILED));
        assertThat(given.secret()).isNull();
        var wish = NotifyWorld.webhook(receiver.url(), null, Topic.OPERATION_FAILED);
        assertThat(wish.toString()).doesNotContain(receiver.url());
        world.kernel.ask(new UpdateChannel(given.channel().id(), wish));
        world.operation("op-1", Status.FAILED);
        awaitDeliveries(DeliveryStatus.FAILED, 2);
        logger.detachAppender(log);
        logger.setLevel(null);
        assertThat(receiver.got()).hasSize(2);
        assertThat(receiver.got()).anyMatch(got -> isSigned(got, made.secret()));
        assertThat(receiver.got()).anyMatch(got -> isSigned(got, SECRET));
        var told = log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertThat(told).isNotEmpty().noneMatch(line -> line.contains(SECRET) || line.contains(made.secret()));
        assertThat(told).noneMatch(line -> line.contains("/hook"));
        assertThat(String.valueOf(world.kernel.rows("SELECT * FROM notification_deliveries")))
                .doesNotContain(SECRET, made.secret());
        assertThat(Channel.class.getRecordComponents())
                .noneMatch(part -> part.getName().contains("secret"));
    }

    private static boolean isSigned(Got got, String secret) {
        try {
            return got.isSignedWith(secret);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void wrongWishesAreRefusedByField() throws Exception {
        world.start();
        for (var url : List.of("ftp://x/", "https://u:p@x/", "https:///x", "https://x/#y", "https://x y/", "x")) {
            var refusal = world.kernel.refusal(
                    new CreateChannel(NotifyWorld.webhook(url, SECRET, Topic.OPERATION_FAILED), "alice"));
            assertThat(refusal.code()).as(url).isEqualTo(ErrorCode.VALIDATION_FAILED);
            assertThat(refusal.details().toString()).as(url).contains("url=");
        }
        var mail = new Wish(
                "Mail",
                ChannelKind.MAIL,
                null,
                null,
                List.of("a@b.example\r\nBcc: c@d.example"),
                List.of(Topic.GIT_FAILED),
                List.of(),
                List.of(),
                true);
        assertThat(world.kernel
                        .refusal(new CreateChannel(mail, "alice"))
                        .details()
                        .toString())
                .contains("to[0]=", "notifications.smtp_host");
        assertThat(world.kernel.refusal(new TestChannel("none")).code()).isEqualTo(ErrorCode.NOT_FOUND);
    }
}
