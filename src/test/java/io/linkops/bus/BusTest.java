package io.linkops.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linkops.bus.Talk.Answer;
import io.linkops.bus.Talk.Ask;
import io.linkops.bus.Talk.Bad;
import io.linkops.bus.Talk.Good;
import io.linkops.bus.Talk.News;
import io.linkops.bus.Talk.Told;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BusTest {
    private Vertx vertx;
    private Bus bus;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        Bus.install(vertx, MessageTypes.declaredIn(Talk.class));
        bus = Bus.of(vertx);
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private void answer(Function<Ask, Future<Answer>> handler) {
        bus.answer(Ask.class, handler);
    }

    private void fails(ErrorCode code, String text) {
        fails(bus.request(new Ask("x")), code, text);
    }

    private static void fails(Future<Answer> answer, ErrorCode code, String text) {
        assertThatThrownBy(() -> await(answer)).cause().isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.text()).contains(text);
        });
    }

    @Test
    void aQuestionIsAnswered() throws Exception {
        answer(ask -> Future.succeededFuture(new Answer(ask.text() + "!")));
        assertThat(await(bus.request(new Ask("hi")))).isEqualTo(new Answer("hi!"));
    }

    @Test
    void aRefusalArrivesAsItWasMeant() {
        var refusal = new Failure(ErrorCode.NOT_ENROLLED, "vm-1 is not enrolled", Map.of("targets", List.of("vm-1")));
        answer(_ -> Future.failedFuture(refusal));
        assertThatThrownBy(() -> await(bus.request(new Ask("x")))).cause().isEqualTo(refusal);
    }

    @Test
    void aRefusalThatIsThrownArrivesToo() {
        answer(_ -> {
            throw new Failure(ErrorCode.CONFLICT, "no");
        });
        fails(ErrorCode.CONFLICT, "no");
    }

    @Test
    void anUnexpectedFaultTellsNothingOfItself() {
        answer(_ -> Future.failedFuture(new IllegalStateException("a secret inside")));
        fails(ErrorCode.INTERNAL, "An internal error");
        assertThatThrownBy(() -> await(bus.request(new Ask("x"))))
                .cause()
                .message()
                .doesNotContain("secret");
    }

    @Test
    void silenceBecomesATimeout() {
        answer(_ -> Promise.<Answer>promise().future());
        fails(bus.request(new Ask("x"), Duration.ofMillis(200)), ErrorCode.TIMEOUT, "Ask was not answered in time");
    }

    @Test
    void whereNobodyListensTheQuestionFailsAtOnce() {
        fails(ErrorCode.UNAVAILABLE, "Ask cannot be answered");
    }

    @Test
    void everyListenerHearsEveryEvent() throws Exception {
        var first = new LinkedBlockingQueue<Told>();
        var second = new LinkedBlockingQueue<Told>();
        bus.listen(Told.class, first::add);
        bus.listen(Told.class, second::add);
        for (int i = 0; i < 100; i++) {
            bus.publish(new Told(i));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(first.poll(20, TimeUnit.SECONDS)).isEqualTo(new Told(i));
            assertThat(second.poll(20, TimeUnit.SECONDS)).isEqualTo(new Told(i));
        }
    }

    @Test
    void eventsOfOneFamilyAreHeardInTheOrderTheyWereTold() throws Exception {
        var heard = new LinkedBlockingQueue<News>();
        bus.listen(News.class, heard::add);
        for (int i = 0; i < 200; i++) {
            bus.publish(i % 3 == 0 ? new Bad(i) : new Good(i));
        }
        for (int i = 0; i < 200; i++) {
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(i % 3 == 0 ? new Bad(i) : new Good(i));
        }
    }
}
