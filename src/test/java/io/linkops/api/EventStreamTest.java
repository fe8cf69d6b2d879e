package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.accounts.Accounts;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.orchestrator.Operations;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One operation's event stream over real HTTP. */
class EventStreamTest {
    private static final String EVENTS = "/api/operations/op-1/events";
    private static final String STREAM = "operation:op-1";
    private static final String VIEWER = TestApi.as("viewer");
    private TestApi api;

    @BeforeEach
    void start() {
        api = new TestApi();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            api.journal.append(STREAM, "execution.output", "{\"n\":" + i + "}", false);
        }
    }

    private void finish() {
        api.journal.append(STREAM, "operation.finished", "{}", true);
    }

    @Test
    void replaysAFinishedOperationAndCloses() throws Exception {
        append(1_203);
        finish();
        try (var reader = api.sse(EVENTS, VIEWER)) {
            assertThat(reader.status()).isEqualTo(200);
            assertThat(reader.connection().headers())
                    .containsEntry("content-type", List.of("text/event-stream; charset=utf-8"))
                    .containsEntry("cache-control", List.of("no-cache, no-store"))
                    .containsEntry("x-accel-buffering", List.of("no"));
            var events = reader.rest();
            assertThat(events).hasSize(1_204);
            assertThat(events.getLast().type()).isEqualTo("operation.finished");
        }
        TestApi.await("the slot is free", () -> api.slots.taken() == 0);
    }

    @Test
    void followsARunningOperation() throws Exception {
        append(2);
        try (var reader = api.sse(EVENTS, VIEWER)) {
            assertThat(id(reader)).isEqualTo("1");
            assertThat(id(reader)).isEqualTo("2");
            append(1);
            assertThat(id(reader)).isEqualTo("3");
            finish();
            assertThat(id(reader)).isEqualTo("4");
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void opensForAQueuedOperationWithoutEvents() throws Exception {
        try (var reader = api.sse(EVENTS, VIEWER)) {
            assertThat(reader.status()).isEqualTo(200);
            finish();
            assertThat(reader.rest()).hasSize(1);
        }
    }

    @Test
    void healsALostBellByLookingItself() throws Exception {
        api.journal.isBellBroken = true;
        append(1);
        try (var reader = api.sse(EVENTS, VIEWER)) {
            assertThat(id(reader)).isEqualTo("1");
            append(1);
            finish();
            assertThat(reader.rest()).hasSize(2);
        }
    }

    @Test
    void givesUpAfterAGapInsteadOfShowingIt() throws Exception {
        api.rooms.fail(Operations.FindOperation.class, new Failure(ErrorCode.OPERATION_NOT_FOUND, "no"));
        append(5);
        api.journal.hidden = 3;
        try (var reader = api.sse(EVENTS, VIEWER)) {
            org.assertj.core.api.Assertions.assertThatThrownBy(reader::rest).isInstanceOf(java.io.IOException.class);
        }
    }

    @Test
    void anUnknownOperationIsNotFoundBeforeTheStreamBegins() throws Exception {
        api.rooms.fail(
                Operations.FindSummary.class, new Failure(ErrorCode.OPERATION_NOT_FOUND, "There is no operation op-1"));
        for (var target : List.of(EVENTS, EVENTS + "?after=3")) {
            var answer = api.http.get(target, VIEWER);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errorCode()).isEqualTo("OPERATION_NOT_FOUND");
        }
        TestApi.await("the slots are free", () -> api.slots.taken() == 0);
    }

    @Test
    void refusesAPlaceThatIsNone() {
        append(3);
        for (var id : List.of("x", "-1", "1.5", "99999999999999999999", "4", "0x1", "1 2")) {
            var answer = api.http.get(EVENTS, VIEWER, "Last-Event-ID: " + id);
            assertThat(answer.status()).as(id).isEqualTo(400);
            assertThat(answer.errorCode()).isEqualTo("VALIDATION_FAILED");
        }
        assertThat(api.http.get(EVENTS + "?after=-1", VIEWER).status()).isEqualTo(400);
        assertThat(api.http.get(EVENTS + "?afer=1", VIEWER).status()).isEqualTo(400);
    }

    @Test
    void tellsWhoHasSeenTheLastEventNotToComeAgain() {
        append(3);
        finish();
        assertThat(api.http.get(EVENTS, VIEWER, "Last-Event-ID: 4").status()).isEqualTo(204);
    }

    @Test
    void theHeaderCountsBeforeTheQuery() throws Exception {
        append(5);
        finish();
        try (var reader = api.sse(EVENTS + "?after=1", VIEWER, "Last-Event-ID: 4")) {
            assertThat(id(reader)).isEqualTo("5");
        }
    }

    @Test
    void sendsHeartbeatsWhileNothingHappens() throws Exception {
        try (var reader = api.sse(EVENTS, VIEWER)) {
            while (reader.comments().size() < 3) {
                reader.nextBlock();
            }
        }
    }

    @Test
    void leavesNothingBehindWhenTheReaderIsGone() throws Exception {
        append(1);
        for (int i = 0; i < 20; i++) {
            try (var reader = api.sse(EVENTS, VIEWER)) {
                id(reader);
            }
        }
        TestApi.await("all slots are free", () -> api.slots.taken() == 0);
        var reads = api.journal.reads.get();
        append(10);
        try (var reader = api.sse(EVENTS + "?after=10", VIEWER)) {
            id(reader);
        }
        assertThat(api.journal.reads.get() - reads).isLessThan(20);
    }

    @Test
    void hundredDisconnectionsChangeNothing() throws Exception {
        var random = new Random(7);
        var total = 2_000;
        var writer = Thread.ofVirtual().start(() -> {
            append(total);
            finish();
        });
        var ids = new ArrayList<String>();
        for (int i = 0; i < 100; i++) {
            readSome(ids, random.nextInt(12));
        }
        writer.join();
        readSome(ids, Integer.MAX_VALUE);
        assertThat(ids).hasSize(total + 1);
        for (int i = 0; i < ids.size(); i++) {
            assertThat(ids.get(i)).isEqualTo(Integer.toString(i + 1));
        }
        TestApi.await("all slots are free", () -> api.slots.taken() == 0);
    }

    private void readSome(List<String> ids, int count) throws Exception {
        var last = ids.isEmpty() ? "0" : ids.getLast();
        try (var reader = api.sse(EVENTS, VIEWER, "Last-Event-ID: " + last)) {
            for (int i = 0; i < count; i++) {
                var event = reader.next();
                if (event == null) {
                    return;
                }
                ids.add(Objects.requireNonNull(event.id()));
            }
        }
    }

    @Test
    void aReaderThatTakesNothingIsNotReadFor() throws Exception {
        var large = "\"" + "x".repeat(50_000) + "\"";
        for (int i = 0; i < 2_000; i++) {
            api.journal.append(STREAM, "execution.output", large, false);
        }
        finish();
        try (var slow = api.sse(EVENTS, VIEWER)) {
            TestApi.await("the slow reader's socket is full", () -> api.journal.reads.get() >= 1);
            var reads = settled(api.journal.reads);
            // 100 MB are there; a page is about 1 MiB, the sockets' buffers hold some more.
            assertThat(reads).isLessThan(30);
            try (var quick = api.sse(EVENTS + "?after=1990", VIEWER)) {
                assertThat(quick.rest()).hasSize(11);
            }
            assertThat(slow.rest()).hasSize(2_001);
        }
    }

    /** The value when it has stopped growing for a while. */
    private int settled(AtomicInteger counter) throws InterruptedException {
        var last = new int[] {-1, 0};
        TestApi.await("it has settled", () -> {
            var now = counter.get();
            last[1] = now == last[0] ? last[1] + 1 : 0;
            last[0] = now;
            return last[1] > 150;
        });
        return last[0];
    }

    @Test
    void hasOneReadUnderWayHoweverOftenTheBellRings() throws Exception {
        api.journal.slownessMillis = 20;
        append(1);
        try (var reader = api.sse(EVENTS, VIEWER)) {
            id(reader);
            append(500);
            finish();
            assertThat(reader.rest()).hasSize(501);
        }
        assertThat(api.journal.mostAtOnce.get()).isEqualTo(1);
        assertThat(api.journal.reads.get()).isLessThan(400);
    }

    @Test
    void aTicketOpensOneStreamOnce() throws Exception {
        append(1);
        finish();
        var ticket = ticket(EVENTS);
        assertThat(api.http.get("/api/operations/op-2/events?ticket=" + ticket).status())
                .isEqualTo(401);
        assertThat(api.http.get("/api/links?ticket=" + ticket).status()).isEqualTo(401);
        try (var reader = api.sse("/api/v1/operations/op-1/events/?ticket=" + ticket)) {
            assertThat(reader.status()).isEqualTo(200);
            assertThat(reader.rest()).hasSize(2);
        }
        assertThat(api.http.get(EVENTS + "?ticket=" + ticket).status()).isEqualTo(401);
    }

    private String ticket(String resource) {
        var answer = api.http.post("/api/auth/ticket", "{\"resource\":\"" + resource + "\"}", VIEWER);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().getString("ticket");
    }

    @Test
    void ticketsAreForStreamsOnly() {
        for (var resource :
                List.of("/api/links", "/api/events?x=1", "/api/../api/events", "api/events", "/api/events/x")) {
            var answer = api.http.post("/api/auth/ticket", "{\"resource\":\"" + resource + "\"}", VIEWER);
            assertThat(answer.status()).as(resource).isEqualTo(400);
        }
    }

    @Test
    void endsWhenTheReadersTokenIsRevoked() throws Exception {
        append(1);
        try (var reader = api.sse(EVENTS, VIEWER)) {
            id(reader);
            api.rooms.revoked.add("viewer");
            assertThat(reader.rest()).isEmpty();
        }
        assertThat(api.rooms.wasAsked(Accounts.Authenticate.class)).isTrue();
    }

    @Test
    void refusesMoreStreamsThanAllowedAndTakesTheNextWhenOneEnds() throws Exception {
        append(1);
        var readers = new ArrayList<SseReader>();
        for (int i = 0; i < TestApi.config().maxStreams(); i++) {
            readers.add(api.sse(i % 2 == 0 ? EVENTS : "/api/events", VIEWER));
        }
        var refused = api.http.get(EVENTS, VIEWER);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isEqualTo("5");
        for (var reader : readers) {
            reader.close();
        }
        TestApi.await("the slots are free", () -> api.slots.taken() == 0);
        try (var reader = api.sse(EVENTS, VIEWER)) {
            assertThat(reader.status()).isEqualTo(200);
        }
    }

    @Test
    void isNotCompressed() throws Exception {
        append(1);
        finish();
        try (var reader = api.sse(EVENTS, VIEWER, "Accept-Encoding: gzip, deflate")) {
            assertThat(reader.connection().headers()).doesNotContainKey("content-encoding");
            assertThat(reader.rest()).hasSize(2);
        }
    }

    @Test
    void survivesAJournalThatIsAwayForAWhile() throws Exception {
        append(1);
        try (var reader = api.sse(EVENTS, VIEWER)) {
            id(reader);
            api.journal.isAway = true;
            append(1);
            TestApi.await("it was asked in vain", () -> api.journal.refusals.get() > 2);
            api.journal.isAway = false;
            finish();
            assertThat(reader.rest()).hasSize(2);
        }
    }

    private static String id(SseReader reader) throws Exception {
        return Objects.requireNonNull(Objects.requireNonNull(reader.next()).id());
    }
}
