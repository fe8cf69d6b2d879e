package io.linkops.orchestrator;

import io.linkops.figures.FigureBook;
import io.linkops.figures.Figures;
import io.linkops.orchestrator.Operations.Status;
import io.linkops.orchestrator.Runners.Ended;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;

/** What the engine shows to machines. */
final class OperationFigures {
    private final FigureBook book = new FigureBook(
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2));

    void describe(ToIntFunction<Status> operations, IntSupplier executions) {
        for (var status : new Status[] {Status.QUEUED, Status.RUNNING}) {
            book.gauge(
                    "linkops_operations",
                    "Operations that are not over.",
                    () -> operations.applyAsInt(status),
                    "status",
                    word(status));
        }
        book.gauge("linkops_executions_running", "Executions that are under way.", executions::getAsInt);
    }

    void ended(Ended ended) {
        var status = word(ended.status());
        book.count("linkops_executions", "Executions that were started and are over.", "status", status);
        book.time(
                "linkops_execution_duration",
                "How long executions took.",
                Duration.between(ended.startedAt(), ended.endedAt()),
                "status",
                status);
    }

    Figures.Page page() {
        return book.page();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
