package io.linkops.ssh;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Abandons a channel unless closed in time, so that its blocked readers wake. */
final class Deadline implements AutoCloseable {
    private final Future<?> alarm;
    private volatile boolean isMissed;

    Deadline(ScheduledExecutorService timer, ExecChannel channel, Duration timeout) {
        alarm = schedule(timer, channel, timeout);
    }

    private Future<?> schedule(ScheduledExecutorService timer, ExecChannel channel, Duration timeout) {
        try {
            return timer.schedule(() -> miss(channel), timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            channel.abandon(); // LinkOps is stopping
            return CompletableFuture.completedFuture(false);
        }
    }

    private void miss(ExecChannel channel) {
        isMissed = true;
        channel.abandon();
    }

    boolean isMet() {
        return !isMissed;
    }

    @Override
    public void close() {
        alarm.cancel(false);
    }
}
