package io.linkops.orchestrator;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.orchestrator.Runners.Output;
import io.vertx.core.Future;
import java.util.function.Supplier;

/** How far the output of one execution has come, so that a report told twice is written once. */
final class OutputOffsets {
    private long written;
    private long pendingFrom;
    private Future<Void> pending = Future.succeededFuture();

    OutputOffsets() {
        this(0);
    }

    /** @param written what an earlier LinkOps has written of it */
    OutputOffsets(long written) {
        this.written = written;
        this.pendingFrom = written;
    }

    /** Writes the report if it is the next one; told again, it answers as the first time. */
    Future<Void> once(Output output, Supplier<Future<Void>> write) {
        if (output.offset() == written) {
            long size = output.pieces().stream()
                    .mapToLong(piece -> piece.data().size())
                    .sum();
            pendingFrom = written;
            written += size;
            pending = write.get().onFailure(_ -> written = output.offset());
            return pending;
        }
        if (output.offset() == pendingFrom) {
            return pending;
        }
        return Future.failedFuture(new Failure(
                ErrorCode.CONFLICT,
                "Output of execution " + output.executionId() + " from byte " + output.offset()
                        + " was told, but it stands at " + written));
    }
}
