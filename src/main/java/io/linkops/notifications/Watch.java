package io.linkops.notifications;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a source when its bell rings: one look at a time, not too often, again later where a look fails. */
final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final String source;
    private final Duration rest;
    private final Supplier<Future<Void>> look;
    private boolean isBusy;
    private boolean isRung;

    /** @param rest between two looks: bells that ring meanwhile share the next one */
    Watch(Vertx vertx, String source, Duration rest, Supplier<Future<Void>> look) {
        this.vertx = vertx;
        this.source = source;
        this.rest = rest;
        this.look = look;
    }

    void ring() {
        isRung = true;
        if (!isBusy) {
            isBusy = true;
            isRung = false;
            look().onComplete(done -> vertx.setTimer(pause(done.succeeded()).toMillis(), _ -> rested()));
        }
    }

    private Future<Void> look() {
        try {
            return look.get().onFailure(this::complain);
        } catch (RuntimeException e) {
            complain(e);
            return Future.failedFuture(e);
        }
    }

    private void complain(Throwable cause) {
        isRung = true;
        LOG.warn("What is new of {} cannot be told yet", source, cause);
    }

    private Duration pause(boolean isGood) {
        return isGood ? rest : AGAIN;
    }

    private void rested() {
        isBusy = false;
        if (isRung) {
            ring();
        }
    }
}
