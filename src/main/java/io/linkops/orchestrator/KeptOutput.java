package io.linkops.orchestrator;

import io.linkops.bus.Bus;
import io.linkops.journal.Journals;
import io.linkops.orchestrator.Operations.Chunk;
import io.linkops.orchestrator.Operations.Execution;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much output of executions that ran the journal has, remarks of LinkOps among it.
 *
 * @param stdout bytes
 * @param stderr bytes
 */
record KeptOutput(long stdout, long stderr) {
    private static final int PAGE = 500;
    static final KeptOutput NONE = new KeptOutput(0, 0);

    long size() {
        return stdout + stderr;
    }

    KeptOutput plus(Chunk chunk) {
        int size = chunk.data().size();
        return chunk.stream().equals("stderr")
                ? new KeptOutput(stdout, stderr + size)
                : new KeptOutput(stdout + size, stderr);
    }

    /** By execution id. */
    static Future<Map<String, KeptOutput>> of(Bus bus, String operationId, List<Execution> executions) {
        Map<String, KeptOutput> kept = new HashMap<>();
        Future<Void> done = Future.succeededFuture();
        for (var execution : executions) {
            done = done.compose(_ -> add(bus, operationId, execution.id(), 0, kept));
        }
        return done.map(_ -> kept);
    }

    private static Future<Void> add(
            Bus bus, String operationId, String executionId, long after, Map<String, KeptOutput> kept) {
        var question = new Journals.ReadPart(Journals.operation(operationId), executionId, after, PAGE);
        return bus.request(question).compose(page -> {
            if (page.entries().isEmpty()) {
                return Future.succeededFuture();
            }
            for (var entry : page.entries()) {
                var chunk = OperationEvents.chunk(entry.seq(), entry.at(), entry.data());
                kept.put(executionId, kept.getOrDefault(executionId, NONE).plus(chunk));
            }
            return add(bus, operationId, executionId, page.entries().getLast().seq(), kept);
        });
    }
}
