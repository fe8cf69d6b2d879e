package io.linkops;

import io.linkops.audit.Audit;
import io.linkops.audit.Audit.Entry;
import io.linkops.audit.Audit.Note;
import io.linkops.bus.Bus;
import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.vertx.core.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the local command line changes, on record before it is done, as what an admin changes over the API (decision
 * 18).
 */
final class LocalRecord {
    private static final Logger LOG = LoggerFactory.getLogger(LocalRecord.class);

    private LocalRecord() {}

    /**
     * @param entry the row for a result
     * @return what the act ends with; it is not done where it cannot be recorded
     */
    static <T> Future<T> of(Bus bus, Function<String, Entry> entry, Supplier<Future<T>> act) {
        return bus.request(new Note(entry.apply(Audit.BEGUN), false))
                .compose(_ -> act.get())
                .transform(end -> {
                    var result = end.succeeded() ? Audit.SUCCESS : code(end.cause());
                    return bus.request(new Note(entry.apply(result), true))
                            .onFailure(late -> LOG.debug("An order is recorded later", late))
                            .transform(_ -> end.succeeded()
                                    ? Future.succeededFuture(end.result())
                                    : Future.failedFuture(end.cause()));
                });
    }

    private static String code(Throwable cause) {
        return (cause instanceof Failure failure ? failure.code() : ErrorCode.INTERNAL).name();
    }
}
