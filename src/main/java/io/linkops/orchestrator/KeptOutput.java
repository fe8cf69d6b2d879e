package io.linkops.orchestrator;

import io.linkops.bus.Bus;
import io.linkops.journal.Journals;
import io.linkops.orchestrator.Operations.Chunk;
import io.linkops.orchestrator.Operations.Execution;
import io.linkops.orchestrator.Runners.Piece;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the journal has of the output of an execution that ran, remarks of LinkOps among it. */
final class KeptOutput {
    private static final int PAGE = 500;

    private final OutputSums sums = new OutputSums();
    private long stdout;
    private long stderr;

    /** Bytes. */
    long stdout() {
        return stdout;
    }

    /** Bytes. */
    long stderr() {
        return stderr;
    }

    long size() {
        return stdout + stderr;
    }

    /** Its sums so far; they go on with what comes. */
    OutputSums sums() {
        return sums;
    }

    private void add(Chunk chunk) {
        boolean isError = chunk.stream().equals("stderr");
        sums.add(List.of(new Piece(isError, chunk.data())));
        if (isError) {
            stderr += chunk.data().size();
        } else {
            stdout += chunk.data().size();
        }
    }

    /** By execution id. */
    static Future<Map<String, KeptOutput>> of(Bus bus, String operationId, List<Execution> executions) {
        Map<String, KeptOutput> kept = new HashMap<>();
        Future<Void> done = Future.succeededFuture();
        for (var execution : executions) {
            var output = new KeptOutput();
            kept.put(execution.id(), output);
            done = done.compose(_ -> read(bus, operationId, execution.id(), 0, output));
        }
        return done.map(_ -> kept);
    }

    private static Future<Void> read(Bus bus, String operationId, String executionId, long after, KeptOutput output) {
        var question = new Journals.ReadPart(Journals.operation(operationId), executionId, after, PAGE);
        return bus.request(question).compose(page -> {
            if (page.entries().isEmpty()) {
                return Future.succeededFuture();
            }
            page.entries().forEach(entry -> output.add(OperationEvents.chunk(entry.seq(), entry.at(), entry.data())));
            return read(bus, operationId, executionId, page.entries().getLast().seq(), output);
        });
    }
}
