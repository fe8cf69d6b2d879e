package io.linkops.orchestrator;

import io.linkops.bus.Bus;
import io.linkops.journal.Journals;
import io.linkops.orchestrator.Operations.Execution;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How much output of interrupted executions the journal has. */
final class KeptOutput {
    private static final int PAGE = 500;

    private KeptOutput() {}

    /** Bytes by execution id. */
    static Future<Map<String, Long>> sizes(Bus bus, String operationId, List<Execution> executions) {
        Map<String, Long> sizes = new HashMap<>();
        Future<Void> done = Future.succeededFuture();
        for (var execution : executions) {
            done = done.compose(_ -> add(bus, operationId, execution.id(), 0, sizes));
        }
        return done.map(_ -> sizes);
    }

    private static Future<Void> add(
            Bus bus, String operationId, String executionId, long after, Map<String, Long> sizes) {
        var question = new Journals.ReadPart(Journals.operation(operationId), executionId, after, PAGE);
        return bus.request(question).compose(page -> {
            if (page.entries().isEmpty()) {
                return Future.succeededFuture();
            }
            for (var entry : page.entries()) {
                var size = (long) OperationEvents.chunk(entry.seq(), entry.at(), entry.data())
                        .data()
                        .size();
                sizes.merge(executionId, size, Long::sum);
            }
            return add(bus, operationId, executionId, page.entries().getLast().seq(), sizes);
        });
    }
}
