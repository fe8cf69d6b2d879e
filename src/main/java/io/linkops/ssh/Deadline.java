package io.linkops.ssh;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Abandons a channel unless closed in time, so that its blocked readers wake. */
final class Deadline implements AutoCloseable {
    private final Future<?> alarm;
    private volatile boolean isMissed;

    Deadline(ScheduledExecutorService timer, ExecChannel channel, Duration timeout) {
        alarm = timer.schedule(
                () -> {
                    isMissed = true;
                    channel.abandon();
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    boolean isMet() {
        return !isMissed;
    }

    @Override
    public void close() {
        alarm.cancel(false);
    }
}
