package io.linkops.api;

import static io.linkops.api.Access.ADMIN;

import io.linkops.bus.Bus;
import io.linkops.notifications.Notifications;
import io.linkops.notifications.Notifications.ChannelKind;
import io.linkops.notifications.Notifications.DeliveryStatus;
import io.linkops.notifications.Notifications.Topic;
import io.linkops.notifications.Notifications.Wish;
import io.linkops.notifications.NotificationsVerticle;
import io.linkops.orchestrator.Operations;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Who is told what happened, and what came of it. Admins only: URLs of receivers are often secrets. */
final class NotificationRoutes {
    private static final String CHANNELS = "/api/notifications/channels";
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_URL = 2_000;
    private static final int LONGEST_SECRET = 200;
    private static final int LONGEST_ADDRESS = 254;
    private static final int MOST = 100;
    private static final int LONGEST_SELECTOR = 200;

    private final Bus bus;

    NotificationRoutes(Bus bus) {
        this.bus = bus;
    }

    void register(Routes routes) {
        routes.get(CHANNELS, ADMIN, this::list)
                .post(CHANNELS, ADMIN, this::create)
                .put(CHANNELS + "/:id", ADMIN, this::update)
                .delete(CHANNELS + "/:id", ADMIN, this::delete)
                .post(CHANNELS + "/:id/test", ADMIN, this::test)
                .get("/api/notifications/deliveries", ADMIN, this::deliveries)
                .post("/api/notifications/deliveries/:id/retry", ADMIN, this::retry);
    }

    private Future<Answer> list(Call call) {
        call.query(query -> true);
        return bus.request(new Notifications.FindChannels()).map(all -> Answer.ok(NotificationJson.of(all)));
    }

    private Future<Answer> create(Call call) {
        return call.body(NotificationRoutes::wish)
                .compose(wish -> bus.request(
                        new Notifications.CreateChannel(wish, call.principal().username())))
                .map(made -> Answer.created(
                                CHANNELS + "/" + Json.inPath(made.channel().id()), NotificationJson.of(made))
                        .uncompressed());
    }

    private Future<Answer> update(Call call) {
        return call.body(NotificationRoutes::wish)
                .compose(wish -> bus.request(new Notifications.UpdateChannel(call.part("id"), wish)))
                .map(channel -> Answer.ok(NotificationJson.of(channel)));
    }

    private static Wish wish(JsonReader json) {
        var enabled = json.flagOrNull("enabled");
        return new Wish(
                json.text("name", LONGEST_NAME),
                json.word("kind", ChannelKind.class),
                json.textOrNull("url", LONGEST_URL),
                json.textOrNull("secret", LONGEST_SECRET),
                json.textsOrNone("to", MOST, LONGEST_ADDRESS),
                topics(json),
                kinds(json),
                json.textsOrNone("links", MOST, LONGEST_SELECTOR),
                enabled == null || enabled);
    }

    private static List<Topic> topics(JsonReader json) {
        var topics = new ArrayList<Topic>();
        for (var word : json.texts("events", MOST, LONGEST_NAME)) {
            Topic.choosable(word)
                    .ifPresentOrElse(
                            topics::add,
                            () -> json.problem(
                                    "events",
                                    "must be of: "
                                            + Topic.choosable().stream()
                                                    .map(Topic::word)
                                                    .collect(Collectors.joining(", "))));
        }
        return topics;
    }

    private static List<Operations.Kind> kinds(JsonReader json) {
        var kinds = new ArrayList<Operations.Kind>();
        for (var word : json.textsOrNone("kinds", MOST, LONGEST_NAME)) {
            var kind = Texts.enumOf(Operations.Kind.class, word);
            if (kind == null) {
                json.problem("kinds", "must be of: " + Texts.words(Operations.Kind.class));
            } else {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    private Future<Answer> delete(Call call) {
        return call.noBody()
                .compose(nothing -> bus.request(new Notifications.DeleteChannel(call.part("id"))))
                .map(done -> Answer.noContent());
    }

    private Future<Answer> test(Call call) {
        return call.noBody()
                .compose(nothing ->
                        bus.request(new Notifications.TestChannel(call.part("id")), NotificationsVerticle.PATIENCE))
                .map(tested -> Answer.ok(NotificationJson.of(tested)));
    }

    private Future<Answer> deliveries(Call call) {
        return bus.request(call.query(query -> new Notifications.FindDeliveries(
                        query.text("channel", LONGEST_SELECTOR), query.word("status", DeliveryStatus.class), (int)
                                query.number("limit", 1, 200, 50))))
                .map(found -> Answer.ok(NotificationJson.of(found)));
    }

    private Future<Answer> retry(Call call) {
        return call.noBody()
                .compose(nothing -> bus.request(new Notifications.RetryDelivery(call.part("id"))))
                .map(delivery -> Answer.json(202, NotificationJson.of(delivery)));
    }
}
