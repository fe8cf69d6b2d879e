package io.linkops.supervisor;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks again and again whether LinkOps answers, on a thread that nothing else runs on.
 *
 * @param beat between two questions, and how long an answer may take
 * @param alive is run after each answer
 */
record Watchdog(Supplier<Future<Void>> pulse, Duration beat, Runnable alive) implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    @Override
    public void run() {
        try {
            while (true) {
                if (answers()) {
                    alive.run();
                }
                Thread.sleep(beat);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean answers() {
        try {
            pulse.get().await(beat.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            LOG.error("LinkOps did not answer its watchdog within {} ms", beat.toMillis());
            return false;
        } catch (Exception e) {
            LOG.debug("The pulse failed, which is an answer", e);
            return true;
        }
    }
}
