package io.linkops.journal;

import static io.linkops.journal.Stage.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.journal.Journals.Appended;
import io.linkops.journal.Journals.Entry;
import io.linkops.journal.Journals.ReadPart;
import io.linkops.store.Statement;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalTest {
    private Stage stage;

    @BeforeEach
    void open() throws Exception {
        stage = new Stage();
    }

    @AfterEach
    void close() {
        stage.close();
    }

    /** Reads on whenever the bell rings, as a browser's stream does. */
    private static final class Follower extends VerticleBase {
        private final Stage stage;
        private final int size;
        private final List<Long> seen = new ArrayList<>();
        private final Promise<List<Long>> done = Promise.promise();
        private boolean isReading;
        private boolean hasRung;

        Follower(Stage stage, int size) {
            this.stage = stage;
            this.size = size;
        }

        @Override
        public Future<?> start() {
            stage.bus.listen(Appended.class, _ -> ring());
            return Future.succeededFuture();
        }

        private void ring() {
            hasRung = true;
            if (!isReading) {
                isReading = true;
                read();
            }
        }

        private void read() {
            hasRung = false;
            stage.read("s", seen.isEmpty() ? 0 : seen.getLast(), 7)
                    .onFailure(done::tryFail)
                    .onSuccess(entries -> {
                        entries.stream().map(Entry::seq).forEach(seen::add);
                        if (seen.size() >= size) {
                            done.tryComplete(seen);
                        } else if (hasRung || !entries.isEmpty()) {
                            read();
                        } else {
                            isReading = false;
                        }
                    });
        }
    }

    @Test
    void manyWhoFollowGetEachEntryOnceInOrderAndMissNone() throws Exception {
        int size = 400;
        List<Follower> followers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            followers.add(new Follower(stage, size));
            await(stage.vertx.deployVerticle(followers.getLast()));
        }
        Future<Void> last = Future.succeededFuture();
        for (int i = 0; i < size / 2; i++) {
            last = stage.append("s", List.of("{\"n\":" + i + "}", "{}"), List.of());
            if (i % 10 == 0) {
                await(last);
            }
        }
        await(last);
        var expected = LongStream.rangeClosed(1, size).boxed().toList();
        for (var follower : followers) {
            assertThat(await(follower.done.future())).isEqualTo(expected);
        }
    }

    @Test
    void whoeverHearsTheBellFindsWhatItRangFor() throws Exception {
        var missed = new AtomicInteger();
        var heard = new AtomicInteger();
        var last = new AtomicInteger();
        Promise<Void> done = Promise.promise();
        stage.bus.listen(Appended.class, _ -> {
            int expected = last.get();
            stage.read("s", 0, 1000).onComplete(read -> {
                if (read.failed() || read.result().size() < expected) {
                    missed.incrementAndGet();
                }
                if (heard.incrementAndGet() == 200) {
                    done.complete();
                }
            });
        });
        for (int i = 1; i <= 200; i++) {
            // A page read just before must not be what is answered just after.
            await(stage.read("s", 0, 1000));
            int before = i;
            await(stage.append("s", List.of("{}"), List.of()).onSuccess(_ -> last.set(before)));
        }
        await(done.future());
        assertThat(missed).hasValue(0);
    }

    @Test
    void entriesAndTheRecordsTheyTellOfAreOnDiskTogetherOrNotAtAll() throws Exception {
        var record = Statement.of("INSERT INTO schema_migrations VALUES (?, ?)", "of the test", 1L);
        await(stage.append("s", List.of("{}"), List.of(record)));
        assertThatThrownBy(() -> await(stage.append("s", List.of("{}"), List.of(record))))
                .cause()
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL));
        assertThat(stage.all("s", 10)).hasSize(1);
        await(stage.append("s", List.of("{}"), List.of()));
        assertThat(stage.all("s", 10).stream().map(Entry::seq)).containsExactly(1L, 2L);
    }

    @Test
    void aPageHasItsLimitsInEntriesAndInSize() throws Exception {
        var large = "{\"x\":\"" + "y".repeat(400_000) + "\"}";
        await(stage.append("s", List.of(large, large, large, large), List.of()));
        assertThat(await(stage.read("s", 0, 1000))).hasSize(2);
        var huge = "{\"x\":\"" + "y".repeat(3_000_000) + "\"}";
        await(stage.append("t", List.of(huge, huge), List.of()));
        assertThat(await(stage.read("t", 0, 1000)))
                .as("at least one, or nobody gets on")
                .hasSize(1);
        assertThat(stage.all("t", 1000)).hasSize(2);
        assertThat(await(stage.read("s", 0, 1))).hasSize(1);
        for (int wrong : List.of(0, -1, 1001)) {
            assertThatThrownBy(() -> await(stage.read("s", 0, wrong))).hasMessageContaining("limit");
        }
        assertThatThrownBy(() -> await(stage.read("s", -1, 1))).hasMessageContaining("after");
        assertThat(await(stage.read("s", Long.MAX_VALUE, 1))).isEmpty();
        assertThat(await(stage.read("nobody's", 0, 1))).isEmpty();
    }

    @Test
    void onePartIsReadAlone() throws Exception {
        List<Journal.Event> events = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            events.add(new Journal.Event("t", i % 3 == 0 ? null : "p" + i % 3, "{\"n\":" + i + "}", i == 29));
        }
        await(stage.journal.append("s", events, List.of()));
        List<Long> seen = new ArrayList<>();
        long after = 0;
        while (true) {
            var page =
                    await(stage.bus.request(new ReadPart("s", "p2", after, 4))).entries();
            if (page.isEmpty()) {
                break;
            }
            page.stream().map(Entry::seq).forEach(seen::add);
            after = page.getLast().seq();
        }
        assertThat(seen).containsExactly(3L, 6L, 9L, 12L, 15L, 18L, 21L, 24L, 27L, 30L);
        assertThat(stage.all("s", 100).stream().filter(Entry::isLast)).hasSize(1);
    }
}
