package io.linkops.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.bus.Bytes;
import io.linkops.journal.Journal;
import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.Kind;
import io.linkops.orchestrator.Operations.Status;
import io.linkops.orchestrator.Operations.Summary;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

class OperationEventsTest {
    private static final Instant AT = Instant.parse("2026-11-21T10:00:00.123Z");

    private static Summary summary(Status status, String reason) {
        return new Summary(
                "op-1",
                Kind.SCRIPT,
                status,
                List.of("a", "b"),
                List.of("tag:web"),
                2,
                5,
                "c0ffee",
                "ann",
                AT,
                AT,
                AT.plusSeconds(2),
                Map.of(ExecutionStatus.SUCCESS, 3, ExecutionStatus.FAILED, 1),
                reason,
                null,
                null,
                null);
    }

    private static Execution execution(ExecutionStatus status) {
        return new Execution(
                "ex-1",
                3,
                "vm-2",
                "b",
                List.of("--x"),
                "abc",
                status,
                AT,
                AT.plusMillis(1500),
                Duration.ofMillis(1500),
                7,
                null,
                12,
                false,
                "exit_code",
                "The script ended with exit code 7",
                null,
                null,
                null);
    }

    private static void says(Journal.Event event, String type, boolean isLast, String json) {
        assertThat(event.type()).isEqualTo(type);
        assertThat(event.isLast()).isEqualTo(isLast);
        assertThat(event.data()).isEqualTo(new JsonObject(json).encode()).doesNotContain("\n");
    }

    @Example
    void operationStarted() {
        says(OperationEvents.started(summary(Status.RUNNING, null)), "operation.started", false, """
            {"operation":"op-1","kind":"script","scripts":["a","b"],"targets":2,"at":"2026-11-21T10:00:00.123Z"}\
            """);
    }

    @Example
    void executionStarted() {
        says(OperationEvents.executionStarted(execution(ExecutionStatus.RUNNING)), "execution.started", false, """
            {"execution":"ex-1","index":3,"target":"vm-2","script":"b","at":"2026-11-21T10:00:00.123Z"}\
            """);
    }

    @Example
    void executionOutput() {
        var event = OperationEvents.output(execution(ExecutionStatus.RUNNING), true, Bytes.utf8("Grüße\n"));
        says(event, "execution.output", false, """
            {"execution":"ex-1","target":"vm-2","script":"b","stream":"stderr","data":"Grüße\\n"}\
            """);
        assertThat(event.part()).isEqualTo("ex-1");
    }

    @Example
    void executionOutputThatIsNoText() {
        var bytes = Bytes.of(new byte[] {'a', (byte) 0xff});
        says(OperationEvents.output(execution(ExecutionStatus.RUNNING), false, bytes), "execution.output", false, """
            {"execution":"ex-1","target":"vm-2","script":"b","stream":"stdout","data":"a\ufffd","base64":"Yf8="}\
            """);
    }

    @Example
    void executionFinished() {
        says(OperationEvents.executionFinished(execution(ExecutionStatus.FAILED)), "execution.finished", false, """
            {"execution":"ex-1","index":3,"target":"vm-2","script":"b","status":"failed","exit_code":7,
             "signal":null,"reason":"exit_code","error":"The script ended with exit code 7","duration_ms":1500,
             "at":"2026-11-21T10:00:01.623Z"}\
            """);
    }

    @Example
    void operationFinishedIsTheLast() {
        says(
                OperationEvents.finished(summary(Status.PARTIAL, "3 of 4 executions succeeded")),
                "operation.finished",
                true,
                """
                {"operation":"op-1","status":"partial","counts":{"queued":0,"running":0,"success":3,"failed":1,
                 "timeout":0,"stopped":0,"skipped":0,"interrupted":0,"lost":0},
                 "reason":"3 of 4 executions succeeded","at":"2026-11-21T10:00:02.123Z"}\
                """);
    }

    @Example
    void everyStatusHasItsWord() {
        for (var status : ExecutionStatus.values()) {
            var event = OperationEvents.executionFinished(execution(status));
            assertThat(new JsonObject(event.data()).getString("status"))
                    .isEqualTo(status.name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    /** P16: any bytes of output come back from their event as they went in, on the stream they came on. */
    @Property(tries = 1000)
    @Tag("P16")
    void anyBytesComeBackFromTheirEvent(@ForAll byte[] data, @ForAll boolean isError) {
        roundTrip(Bytes.of(data), isError);
    }

    /** P16: any text comes back too, and is not doubled by base64. */
    @Property(tries = 1000)
    @Tag("P16")
    void anyTextComesBackFromItsEvent(@ForAll String text, @ForAll boolean isError) {
        roundTrip(Bytes.utf8(text), isError);
        var event = OperationEvents.output(execution(ExecutionStatus.RUNNING), isError, Bytes.utf8(text));
        assertThat(new JsonObject(event.data()).containsKey("base64")).isFalse();
    }

    /** P19: output that imitates events or ends lines in whatever way stays the text of one event on one line. */
    @Example
    void outputThatImitatesEventsStaysOutput() {
        for (var text : List.of(
                "\",\"base64\":\"AAAA\",\"x\":\"",
                "{\"operation\":\"op-1\",\"status\":\"success\"}\n",
                "\n\nevent: operation.finished\ndata: {}\n\n",
                "a\r\nb\rc\u2028d\u2029e\u0085f\u000b\f\0\u001b[2J",
                "\ufeff😀\u202e")) {
            roundTrip(Bytes.utf8(text), false);
        }
    }

    private static void roundTrip(Bytes bytes, boolean isError) {
        var event = OperationEvents.output(execution(ExecutionStatus.RUNNING), isError, bytes);
        assertThat(event.data()).doesNotContain("\n", "\r");
        assertThat(event.type()).isEqualTo("execution.output");
        assertThat(event.isLast()).isFalse();
        var chunk = OperationEvents.chunk(9, AT, event.data());
        assertThat(chunk).isEqualTo(new Operations.Chunk(9, AT, isError ? "stderr" : "stdout", bytes));
    }
}
