package io.linkops.orchestrator;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import io.linkops.orchestrator.Operations.Drained;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stop of LinkOps under way: walks its plan by the clock and by what ends. On the event loop. */
final class Draining {
    private static final Logger LOG = LoggerFactory.getLogger(Draining.class);
    private static final int RETRY_SECONDS = 15;

    private final Vertx vertx;
    private final InstantSource clock;
    private final DrainPlan plan;
    private final Consumer<String> tellToEnd;
    private final List<Future<?>> records = new ArrayList<>();
    private final Promise<Drained> done = Promise.promise();
    private boolean isOver;

    Draining(Vertx vertx, InstantSource clock, DrainPlan plan, Consumer<String> tellToEnd) {
        this.vertx = vertx;
        this.clock = clock;
        this.plan = plan;
        this.tellToEnd = tellToEnd;
    }

    static Failure refusal() {
        return new Failure(
                ErrorCode.UNAVAILABLE,
                "LinkOps is stopping and takes no more work; try again when it is back",
                Map.of("retry_after", RETRY_SECONDS));
    }

    /** What must be on disk before it is over. */
    void waitFor(Future<?> record) {
        records.add(record);
    }

    void ended(String execution, Future<?> recorded) {
        waitFor(recorded);
        plan.ended(execution);
        look();
    }

    void look() {
        if (isOver) {
            return;
        }
        var now = clock.instant();
        var due = plan.due(now);
        if (!due.isEmpty()) {
            LOG.warn("{} executions did not finish within the grace and are ended", due.size());
            due.forEach(tellToEnd);
        }
        if (plan.isOver(now)) {
            isOver = true;
            finish();
        } else {
            long millis = Math.max(1, Duration.between(now, plan.next(now)).toMillis());
            vertx.setTimer(millis, _ -> look());
        }
    }

    private void finish() {
        var drained = new Drained(plan.unended().size(), Math.toIntExact(plan.goingOn()));
        if (drained.unended() > 0) {
            LOG.warn("The end of {} was not seen; the next start closes them", plan.unended());
        }
        Future.join(records).onComplete(_ -> done.complete(drained));
    }

    Future<Drained> done() {
        return done.future();
    }
}
