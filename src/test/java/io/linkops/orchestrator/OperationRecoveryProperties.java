package io.linkops.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.linkops.journal.Journal;
import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Operations.ExecutionStatus;
import io.linkops.orchestrator.Operations.Kind;
import io.linkops.orchestrator.Operations.Status;
import io.linkops.orchestrator.Operations.Summary;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.Size;

class OperationRecoveryProperties {
    private static final Instant THEN = Instant.parse("2026-11-21T10:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-21T11:00:00Z");

    /** P31: nothing stays open, what was finished is not touched, the counts add up, and the end is told once, last. */
    @Property(tries = 1000)
    @Tag("P31")
    void whateverWasOpenIsClosedAndNothingElseIsTouched(
            @ForAll @Size(min = 1, max = 40) List<ExecutionStatus> statuses, @ForAll boolean hasOutput) {
        List<Execution> executions = new ArrayList<>();
        statuses.forEach(status -> executions.add(execution(executions.size(), status)));
        Map<String, Long> output = hasOutput ? Map.of("ex-0", 77L) : Map.of();
        var move = OperationRecovery.recover(summary(), executions, output, NOW);

        var events = move.events();
        var told = finished(events);
        assertThat(events).hasSize(told.size() + 1);
        Map<ExecutionStatus, Integer> after = new HashMap<>();
        for (int i = 0; i < statuses.size(); i++) {
            var expected = switch (statuses.get(i)) {
                case RUNNING -> ExecutionStatus.INTERRUPTED;
                case QUEUED -> ExecutionStatus.SKIPPED;
                default -> statuses.get(i);
            };
            after.merge(expected, 1, Integer::sum);
            if (statuses.get(i).isFinal()) {
                assertThat(told).doesNotContainKey("ex-" + i);
            } else {
                assertThat(told.get("ex-" + i).getString("status")).isEqualTo(word(expected));
                assertThat(told.get("ex-" + i).getString("reason")).isEqualTo("interrupted");
                assertThat(told.get("ex-" + i).getString("error")).isNotBlank();
            }
        }
        last(events, after);
        assertThat(move.records()).as("one update each, and one of the whole").hasSize(events.size());
    }

    private static void last(List<Journal.Event> events, Map<ExecutionStatus, Integer> after) {
        assertThat(events.stream().filter(Journal.Event::isLast)).containsExactly(events.getLast());
        var last = new JsonObject(events.getLast().data());
        assertThat(events.getLast().type()).isEqualTo("operation.finished");
        assertThat(last.getJsonObject("counts")).isEqualTo(OperationEvents.counts(after));
        boolean isSuccess = after.keySet().equals(java.util.Set.of(ExecutionStatus.SUCCESS));
        assertThat(last.getString("status")).isEqualTo(isSuccess ? "success" : "interrupted");
    }

    private static Map<String, JsonObject> finished(List<Journal.Event> events) {
        Map<String, JsonObject> told = new HashMap<>();
        for (var event : events) {
            if (event.type().equals("execution.finished")) {
                var data = new JsonObject(event.data());
                assertThat(told.put(data.getString("execution"), data)).isNull();
            }
        }
        return told;
    }

    private static String word(ExecutionStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static Summary summary() {
        return new Summary(
                "op-1",
                Kind.SCRIPT,
                Status.RUNNING,
                List.of("a"),
                List.of("*"),
                1,
                5,
                null,
                "ann",
                THEN,
                THEN,
                null,
                Map.of(),
                null,
                null,
                null,
                null);
    }

    private static Execution execution(int index, ExecutionStatus status) {
        boolean hasBegun = status != ExecutionStatus.QUEUED && status != ExecutionStatus.SKIPPED;
        return new Execution(
                "ex-" + index,
                index,
                "vm-" + index,
                "a",
                List.of(),
                "abc",
                status,
                hasBegun ? THEN : null,
                status.isFinal() ? THEN.plusSeconds(1) : null,
                status.isFinal() && hasBegun ? Duration.ofSeconds(1) : null,
                null,
                null,
                0,
                false,
                null,
                null,
                null,
                null,
                null);
    }
}
