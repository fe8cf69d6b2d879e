package io.linkops.bench;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The most threads a process was seen to have; Linux keeps the peak of memory itself, not this one. */
final class Peak implements Closeable {
    private final AtomicLong threads = new AtomicLong();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor();

    Peak(long pid) {
        var _ = looking.scheduleAtFixedRate(() -> look(pid), 0, 100, TimeUnit.MILLISECONDS);
    }

    private void look(long pid) {
        try {
            threads.accumulateAndGet(ProcFs.status(pid, "Threads"), Math::max);
        } catch (IOException e) {
            looking.shutdown();
        }
    }

    long threads() {
        return threads.get();
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
