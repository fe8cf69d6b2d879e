package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.journal.Journals.Entry;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** P19 and P20 where HTTP meets the journal. */
class EventStreamProperties {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static TestApi api;

    @BeforeContainer
    static void start() {
        var quick = TestApi.QUICK;
        var pace = new StreamPace(
                quick.poll(), quick.heartbeat(), quick.recheck(), quick.patience(), quick.coalesce(), 7);
        api = new TestApi(TestApi.config(), pace, "web-test");
    }

    @AfterContainer
    static void stop() {
        api.close();
    }

    /**
     * P19: For any running operation the SSE endpoint streams events for script output and completion, in order,
     * gap-free ids; however often and wherever the reader is cut off, it has every byte once. P20: when all is
     * complete, the connection closes.
     */
    @Property(tries = 150)
    @Tag("P19")
    @Tag("P20")
    void aReaderHasEverythingOnceWhereverItWasCut(
            @ForAll("contents") List<String> contents,
            @ForAll @Size(max = 6) List<@IntRange(max = 40) Integer> cuts,
            @ForAll @IntRange(max = 60) int before)
            throws Exception {
        var operation = "any-" + NEXT.incrementAndGet();
        var stream = "operation:" + operation;
        append(stream, contents, 0, Math.min(before, contents.size()));
        var writer = Thread.ofVirtual()
                .start(() -> append(stream, contents, Math.min(before, contents.size()), contents.size()));
        var received = read(operation, cuts);
        writer.join();
        assertThat(received).isEqualTo(expected(api.journal.entries(stream)));
    }

    private static void append(String stream, List<String> contents, int from, int to) {
        for (int i = from; i < to; i++) {
            var isLast = i == contents.size() - 1;
            api.journal.append(stream, isLast ? "operation.finished" : "execution.output", contents.get(i), isLast);
        }
    }

    /** Reads as long as it takes, leaving after so many events as the cuts say and coming back. */
    private static List<SseReader.Event> read(String operation, List<Integer> cuts) throws IOException {
        var received = new ArrayList<SseReader.Event>();
        for (int cut : cuts) {
            try (var reader = open(operation, received)) {
                for (int i = 0; i < cut; i++) {
                    var event = reader.status() == 204 ? null : reader.next();
                    if (event == null) {
                        return received;
                    }
                    received.add(event);
                }
            }
        }
        try (var reader = open(operation, received)) {
            if (reader.status() == 200) {
                received.addAll(reader.rest());
            }
            return received;
        }
    }

    private static SseReader open(String operation, List<SseReader.Event> received) throws IOException {
        var target = "/api/operations/" + operation + "/events";
        if (received.isEmpty()) {
            return api.sse(target, TestApi.as("viewer"));
        }
        var last = Objects.requireNonNull(received.getLast().id());
        return received.size() % 2 == 0
                ? api.sse(target + "?after=" + last, TestApi.as("viewer"))
                : api.sse(target, TestApi.as("viewer"), "Last-Event-ID: " + last);
    }

    private static List<SseReader.Event> expected(List<Entry> entries) {
        return entries.stream()
                .map(entry -> new SseReader.Event(Long.toString(entry.seq()), entry.type(), entry.data()))
                .toList();
    }

    /** The format itself: what is read back is what was written, and nothing else looks like an event. */
    @Property(tries = 300)
    @Tag("P19")
    void noDataBreaksOutOfItsEvent(@ForAll("contents") List<String> contents) {
        var frames = Buffer.buffer();
        for (int i = 0; i < contents.size(); i++) {
            SseFrame.append(frames, new Entry(i + 1L, FakeRooms.THEN, "execution.output", contents.get(i), false));
        }
        assertThat(frames.toString().split("\n\n", -1)).hasSize(contents.size() + 1);
    }

    @Provide
    Arbitrary<List<String>> contents() {
        var anything = Arbitraries.strings().ofMaxLength(30).map(EventStreamProperties::json);
        var traps = Arbitraries.of(
                "{}",
                "\"data: x\\n\\nid: 9\\n\"",
                "\":\"",
                "\"\u2028\u0085\"",
                "\"" + "x".repeat(70_000) + "\"",
                "\"𝄞é\"");
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(9, anything), net.jqwik.api.Tuple.of(1, traps))
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    /** One line of JSON that UTF-8 can carry. */
    private static String json(String text) {
        var sendable = new String(
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.UTF_8);
        return io.vertx.core.json.Json.encode(sendable);
    }
}
