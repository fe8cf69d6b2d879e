package io.linkops;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.notifications.Receiver;
import io.linkops.notifications.Receiver.Got;
import io.linkops.world.ApiClient;
import io.linkops.world.Patience;
import io.linkops.world.World;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 between the storing of a notice and its delivery, and between an operation's end and its notice. */
class NotificationsCrashIT {
    @TempDir
    private Path directory;

    @Test
    void whatWasStoredBeforeAKillIsDeliveredAfterItWithTheSameId() throws Exception {
        try (var world = World.with(directory, 1);
                var receiver = new Receiver()) {
            receiver.behave(_ -> Receiver.status(503));
            world.script("fails", "#!/bin/bash", "exit 3").commit();
            Map<String, Object> settings =
                    Map.of("notifications.retry_delay", "1s", "notifications.longest_retry_delay", "1s");
            var linkops = world.serve(settings);
            String secret;
            String operation;
            String delivery;
            try {
                var api = linkops.login();
                World.enroll(api);
                var made = api.post("/api/notifications/channels", channel(receiver.url()));
                assertThat(made.status()).as(made.body()).isEqualTo(201);
                secret = made.json().getString("secret");
                assertThat(api.get("/api/notifications/channels").body()).doesNotContain(secret);
                operation = World.run(api, 1, List.of("fails"), "*");
                World.await(api, operation);
                Patience.until("a try that failed", () -> !receiver.got().isEmpty());
                delivery = receiver.got().getFirst().id();
                linkops.kill();
                assertThat(linkops.output()).doesNotContain(secret);
            } finally {
                linkops.close();
            }
            var before = receiver.got().size();
            receiver.behave(_ -> Receiver.status(200));
            try (var next = world.serve(settings)) {
                var api = next.login();
                Patience.until("delivered", () -> !deliveries(api, "delivered").isEmpty());
                assertThat(deliveries(api, "delivered"))
                        .singleElement()
                        .satisfies(each -> assertThat(each.getString("id")).isEqualTo(delivery));
                assertThat(next.output()).doesNotContain(secret);
            }
            assertThat(receiver.got()).hasSize(before + 1);
            for (Got got : receiver.got()) {
                assertThat(got.id()).isEqualTo(delivery);
                assertThat(got.isSignedWith(secret)).isTrue();
                assertThat(got.json().getJsonObject("subject").getString("id")).isEqualTo(operation);
            }
        }
    }

    @Test
    void anOperationThatAKillInterruptedIsToldAfterIt() throws Exception {
        try (var world = World.with(directory, 1);
                var receiver = new Receiver()) {
            var begun = directory.resolve("begun");
            world.script("sleeps", "#!/bin/bash", "touch " + begun, "sleep 5").commit();
            var linkops = world.serve();
            String operation;
            try {
                var api = linkops.login();
                World.enroll(api);
                api.post("/api/notifications/channels", channel(receiver.url()));
                operation = World.run(api, 1, List.of("sleeps"), "*");
                Patience.until("the script runs", () -> Files.exists(begun));
                linkops.kill();
            } finally {
                linkops.close();
            }
            assertThat(receiver.got()).isEmpty();
            try (var next = world.serve()) {
                var api = next.login();
                Patience.until("delivered", () -> !deliveries(api, "delivered").isEmpty());
            }
            assertThat(receiver.got()).singleElement().satisfies(got -> {
                assertThat(got.header("X-LinkOps-Event")).isEqualTo("operation.interrupted");
                assertThat(got.json().getJsonObject("subject").getString("id")).isEqualTo(operation);
            });
        }
    }

    private static JsonObject channel(String url) {
        return new JsonObject()
                .put("name", "Chat")
                .put("kind", "webhook")
                .put("url", url)
                .put("kinds", new JsonArray(List.of("script")))
                .put("events", new JsonArray(List.of("operation.finished")));
    }

    private static List<JsonObject> deliveries(ApiClient api, String status) {
        try {
            return api.get("/api/notifications/deliveries?status=" + status).json().getJsonArray("deliveries").stream()
                    .map(JsonObject.class::cast)
                    .toList();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
