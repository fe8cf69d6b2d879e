package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.gitsync.GitSync;
import io.linkops.inventory.Inventory;
import io.linkops.orchestrator.Operations;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The browser's stream over real HTTP. */
class FleetEventsTest {
    private TestApi api;

    @BeforeEach
    void start() {
        api = new TestApi();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private SseReader browser() throws Exception {
        var reader = api.sse("/api/events", TestApi.as("viewer"));
        assertThat(next(reader)).isEqualTo(new SseReader.Event(null, "hello", "{}"));
        return reader;
    }

    private static SseReader.Event next(SseReader reader) throws Exception {
        return Objects.requireNonNull(reader.next());
    }

    @Test
    void showsALinkThatChanged() throws Exception {
        try (var reader = browser()) {
            api.bus.publish(new Inventory.LinkChanged("vm-7"));
            var event = next(reader);
            assertThat(event.type()).isEqualTo("link");
            assertThat(new JsonObject(event.data())).isEqualTo(LinkJson.of(FakeRooms.link("vm-7")));
        }
    }

    @Test
    void comesOnAnOperationsStreamTooWhichThenGoesOnAfterItsEnd() throws Exception {
        var path = "/api/operations/op-1/events?fleet=true";
        api.journal.append("operation:op-1", "execution.output", "{}", false);
        try (var reader = api.sse(path, TestApi.as("viewer"))) {
            assertThat(next(reader).type()).isEqualTo("hello");
            assertThat(next(reader)).isEqualTo(new SseReader.Event("1", "execution.output", "{}"));
            api.bus.publish(new Inventory.LinkChanged("vm-7"));
            assertThat(next(reader).type()).isEqualTo("link");
            api.journal.append("operation:op-1", "operation.finished", "{}", true);
            assertThat(next(reader)).isEqualTo(new SseReader.Event("2", "operation.finished", "{}"));
            api.bus.publish(new Inventory.LinkChanged("vm-8"));
            assertThat(next(reader).type()).isEqualTo("link");
        }
        try (var again = api.sse(path + "&after=2", TestApi.as("viewer"))) {
            assertThat(again.status()).isEqualTo(200);
            assertThat(next(again).type()).isEqualTo("hello");
        }
        TestApi.await("the slots are free", () -> api.slots.taken() == 0);
    }

    @Test
    void showsGitOperationsAndTheInventory() throws Exception {
        try (var reader = browser()) {
            api.bus.publish(new GitSync.SyncChanged(true));
            assertThat(next(reader).type()).isEqualTo("git");
            api.bus.publish(new Operations.OperationChanged("op-7"));
            var summary = next(reader);
            assertThat(summary.type()).isEqualTo("operation");
            assertThat(new JsonObject(summary.data()).getString("id")).isEqualTo("op-7");
            api.bus.publish(new Inventory.InventoryChanged("c0ffee"));
            assertThat(next(reader)).isEqualTo(new SseReader.Event(null, "inventory", "{\"commit\":\"c0ffee\"}"));
        }
    }

    @Test
    void asksForAnOldOperationByItself() throws Exception {
        try (var reader = browser()) {
            api.bus.publish(new Operations.OperationChanged("op-old"));
            assertThat(new JsonObject(next(reader).data()).getString("id")).isEqualTo("op-old");
        }
    }

    @Test
    void asksOnceForWhatChangedOftenHoweverManyBrowsersLook() throws Exception {
        var questions = new AtomicInteger();
        api.rooms.answer(Inventory.FindLink.class, question -> {
            questions.incrementAndGet();
            return FakeRooms.link(question.id());
        });
        try (var one = browser();
                var two = browser()) {
            for (int i = 0; i < 100; i++) {
                api.bus.publish(new Inventory.LinkChanged("vm-7"));
            }
            api.bus.publish(new Inventory.InventoryChanged("end"));
            assertThat(untilInventory(one)).isLessThanOrEqualTo(60);
            assertThat(untilInventory(two)).isLessThanOrEqualTo(60);
            assertThat(questions.get()).isLessThanOrEqualTo(60);
        }
    }

    @Test
    void saysFetchAgainWhenTooMuchHasChanged() throws Exception {
        try (var reader = browser()) {
            for (int i = 0; i < 2_000; i++) {
                api.bus.publish(new Inventory.LinkChanged("vm-" + i));
            }
            assertThat(untilInventory(reader)).isLessThan(2_000);
        }
    }

    private static int untilInventory(SseReader reader) throws Exception {
        var others = 0;
        while (!next(reader).type().equals("inventory")) {
            others++;
        }
        return others;
    }

    @Test
    void forgetsBrowsersThatAreGone() throws Exception {
        for (int i = 0; i < 10; i++) {
            browser().close();
        }
        TestApi.await("all slots are free", () -> api.slots.taken() == 0);
        api.rooms.forget();
        api.bus.publish(new Inventory.LinkChanged("vm-1"));
        try (var reader = browser()) {
            api.bus.publish(new Inventory.LinkChanged("vm-2"));
            assertThat(next(reader).data()).contains("vm-2");
        }
        assertThat(api.rooms.asked(Inventory.FindLink.class).id()).isEqualTo("vm-2");
    }

    @Test
    void sendsABrowserAwayThatDoesNotKeepUp() throws Exception {
        var told = new AtomicInteger();
        api.rooms.answer(Inventory.FindLink.class, question -> {
            told.incrementAndGet();
            return FakeRooms.link(question.id());
        });
        try (var slow = browser()) {
            for (int round = 1; round <= 60; round++) {
                for (int i = 0; i < 400; i++) {
                    api.bus.publish(new Inventory.LinkChanged("vm-" + i + "x".repeat(500)));
                }
                var soFar = round * 400;
                TestApi.await("a round is told", () -> told.get() >= soFar);
            }
            assertThat(slow.rest()).hasSizeLessThan(60 * 400);
        }
        TestApi.await("the slot is free", () -> api.slots.taken() == 0);
    }
}
