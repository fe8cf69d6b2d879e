package io.linkops.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.bus.Bytes;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.orchestrator.Operations;
import io.linkops.orchestrator.Operations.Chunk;
import io.linkops.orchestrator.Operations.OutputPage;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The output of an execution over real HTTP. */
class OutputDownloadTest {
    private static final String OUTPUT = "/api/operations/op-1/executions/ex-1/output";
    private static final String VIEWER = TestApi.as("viewer");
    private final List<Chunk> chunks = new ArrayList<>();
    private final AtomicInteger reads = new AtomicInteger();
    private TestApi api;

    @BeforeEach
    void start() {
        api = new TestApi();
        api.rooms.answer(Operations.ReadOutput.class, question -> page(question.after()));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private OutputPage page(long after) {
        reads.incrementAndGet();
        var end = (int) Math.min(chunks.size(), after + 4);
        return new OutputPage(chunks.subList((int) after, end), end == chunks.size() ? null : (long) end);
    }

    private void random(int count, int size) {
        var random = new Random(3);
        for (int i = 0; i < count; i++) {
            var bytes = new byte[size];
            random.nextBytes(bytes);
            chunks.add(new Chunk(i + 1L, FakeRooms.THEN, i % 3 == 0 ? "stderr" : "stdout", Bytes.of(bytes)));
        }
    }

    private Bytes expected(String stream) {
        var all = new ByteArrayOutputStream();
        chunks.stream().filter(chunk -> stream.contains(chunk.stream())).forEach(chunk -> all.writeBytes(chunk.data().toArray()));
        return Bytes.of(all.toByteArray());
    }

    @Test
    void givesEveryByteInOrder() {
        random(30, 1_000);
        var answer = api.http.get(OUTPUT, VIEWER);
        assertThat(answer.body()).isEqualTo(expected("stdout stderr"));
        assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.headers()).doesNotContainKey("content-disposition");
        assertThat(api.http.get(OUTPUT + "?stream=stderr", VIEWER).body()).isEqualTo(expected("stderr"));
    }

    @Test
    void isAnAttachmentWhenAskedFor() {
        random(1, 10);
        assertThat(api.http.get(OUTPUT + "?download=1", VIEWER).header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"op-1-ex-1.log\"");
        assertThat(api.http.get("/api/operations/a%22%0d%0ab/executions/x/output?download=1", VIEWER)
                        .header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"a___b-x.log\"");
    }

    @Test
    void mayBeEmpty() {
        assertThat(api.http.get(OUTPUT, VIEWER).body().size()).isZero();
        assertThat(api.http.get(OUTPUT + "?stream=both", VIEWER).status()).isEqualTo(400);
    }

    @Test
    void failsProperlyBeforeTheFirstByteAndVisiblyAfterIt() {
        random(30, 1_000);
        api.rooms.fail(Operations.ReadOutput.class, new Failure(ErrorCode.NOT_FOUND, "There is no execution ex-1"));
        assertThat(api.http.get(OUTPUT, VIEWER).errorCode()).isEqualTo("NOT_FOUND");
        api.rooms.answer(Operations.ReadOutput.class, question -> {
            if (question.after() > 8) {
                throw new Failure(ErrorCode.STORAGE_UNAVAILABLE, "The database is away");
            }
            return page(question.after());
        });
        assertThatThrownBy(() -> api.http.get(OUTPUT, VIEWER)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void readsNoFasterThanTheReaderTakes() throws Exception {
        random(1, 200_000);
        for (int i = 0; i < 400; i++) {
            chunks.add(new Chunk(i + 2L, FakeRooms.THEN, "stdout", chunks.getFirst().data()));
        }
        try (var slow = api.http.stream(OUTPUT, VIEWER)) {
            TestApi.await("the first page is read", () -> reads.get() > 0);
            var seen = new int[] {-1, 0};
            TestApi.await("it waits", () -> {
                seen[1] = reads.get() == seen[0] ? seen[1] + 1 : 0;
                seen[0] = reads.get();
                return seen[1] > 150;
            });
            assertThat(reads.get()).isLessThan(60);
            assertThat(slow.readBody()).hasSize(401 * 200_000);
        }
    }
}
