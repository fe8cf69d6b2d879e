package io.linkops.notifications;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what is in the outbox. Each channel has two lanes, one delivery at a time in each: the line, in order, and
 * those that stepped aside after many tries. What a try came to is on disk before the next one begins.
 */
final class Courier {
    /** The clock may jump, and a bell may be lost: nobody sleeps longer than this. */
    private static final Duration LONGEST_NAP = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

    private record Lane(String channel, boolean isAside) {}

    private static final class Pace {
        private boolean isBusy;
        private boolean isRung;
        private long timer = -1;
    }

    private final Vertx vertx;
    private final ChannelBook channels;
    private final DeliveryStore store;
    private final Sender sender;
    private final RetryPlan plan;
    private final InstantSource clock;
    private final DoubleSupplier chances;
    private final Map<Lane, Pace> lanes = new HashMap<>();
    private boolean isOver;

    Courier(
            Vertx vertx,
            ChannelBook channels,
            DeliveryStore store,
            Sender sender,
            RetryPlan plan,
            InstantSource clock,
            DoubleSupplier chances) {
        this.vertx = vertx;
        this.channels = channels;
        this.store = store;
        this.sender = sender;
        this.plan = plan;
        this.clock = clock;
        this.chances = chances;
    }

    /** Looks what there is to do for a channel. */
    void wake(String channel) {
        wake(new Lane(channel, false));
        wake(new Lane(channel, true));
    }

    /** Begins nothing more; what is under way and not on disk will be sent again, with the same id. */
    void stop() {
        isOver = true;
        lanes.values().forEach(pace -> vertx.cancelTimer(pace.timer));
    }

    private void wake(Lane lane) {
        var pace = lanes.computeIfAbsent(lane, _ -> new Pace());
        if (pace.isBusy) {
            pace.isRung = true;
            return;
        }
        vertx.cancelTimer(pace.timer);
        if (isOver) {
            return;
        }
        if (!channels.has(lane.channel())) {
            lanes.remove(lane);
            return;
        }
        if (!channels.find(lane.channel()).channel().isEnabled()) {
            return;
        }
        pace.isBusy = true;
        pace.isRung = false;
        step(lane)
                .otherwise(cause -> {
                    LOG.warn("Notices of channel {} cannot be looked at: {}", lane.channel(), cause.getMessage());
                    return PAUSE;
                })
                .onSuccess(nap -> rest(lane, pace, nap));
    }

    private void rest(Lane lane, Pace pace, Duration nap) {
        pace.isBusy = false;
        if (pace.isRung || nap.isZero()) {
            wake(lane);
        } else if (!isOver) {
            var shorter = nap.compareTo(LONGEST_NAP) < 0 ? nap : LONGEST_NAP;
            pace.timer = vertx.setTimer(Math.max(1, shorter.toMillis()), _ -> wake(lane));
        }
    }

    /** @return how long there is nothing to do in this lane */
    private Future<Duration> step(Lane lane) {
        return store.next(lane.channel(), lane.isAside()).compose(found -> {
            if (found.isEmpty() || isOver || !channels.has(lane.channel())) {
                return Future.succeededFuture(LONGEST_NAP);
            }
            var wait = Duration.between(now(), found.get().nextAt());
            return wait.isPositive() ? Future.succeededFuture(wait) : deliver(found.get());
        });
    }

    private Future<Duration> deliver(Stored stored) {
        var channel = channels.find(stored.delivery().channelId());
        return sender.send(channel, stored.id(), stored.body())
                .compose(attempt -> record(stored, attempt))
                .map(Duration.ZERO);
    }

    private Future<Void> record(Stored stored, Attempt attempt) {
        var now = now();
        var attempts = stored.delivery().attempts() + 1;
        var next = plan.after(attempt, attempts, stored.triedSince(), now, chances.getAsDouble());
        var after = stored.tried(attempt, next, now);
        say(after, attempt, next);
        return keep(after, attempt, now);
    }

    private static void say(Stored after, Attempt attempt, RetryPlan.Next next) {
        var delivery = after.delivery();
        switch (next) {
            case RetryPlan.Done _ -> LOG.debug("Notice {} was delivered", after.id());
            case RetryPlan.Later later ->
                LOG.info(
                        "Notice {} for channel {} was not delivered: {}; next try at {}",
                        after.id(),
                        delivery.channelId(),
                        attempt.error(),
                        later.at());
            case RetryPlan.GiveUp _ ->
                LOG.warn(
                        "Notice {} for channel {} is given up after {} tries: {}",
                        after.id(),
                        delivery.channelId(),
                        delivery.attempts(),
                        attempt.error());
        }
    }

    /** Until it is on disk: what was delivered must not go out again while LinkOps runs. */
    private Future<Void> keep(Stored after, Attempt attempt, Instant now) {
        var id = after.delivery().channelId();
        if (!channels.has(id)) {
            return Future.succeededFuture();
        }
        var channel = channels.tried(id, attempt, now);
        return store.write(List.of(DeliveryStore.tried(after), ChannelStore.tried(channel)))
                .recover(
                        cause -> isOver ? Future.failedFuture(cause) : pause().compose(_ -> keep(after, attempt, now)));
    }

    private Future<Void> pause() {
        Promise<Void> over = Promise.promise();
        vertx.setTimer(PAUSE.toMillis(), _ -> over.complete());
        return over.future();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
