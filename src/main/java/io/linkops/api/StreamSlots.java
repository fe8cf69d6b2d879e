package io.linkops.api;

import io.linkops.bus.ErrorCode;
import io.linkops.bus.Failure;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** How many event streams may be open at once, over all instances of the verticle. */
final class StreamSlots {
    private final AtomicInteger taken = new AtomicInteger();
    private final int most;

    StreamSlots(int most) {
        this.most = most;
    }

    /** Takes one, or fails with RATE_LIMITED. */
    void take() {
        if (taken.incrementAndGet() > most) {
            taken.decrementAndGet();
            throw new Failure(
                    ErrorCode.RATE_LIMITED,
                    "All " + most + " event streams are in use; try again, or raise api.max_streams",
                    Map.of("max_streams", most));
        }
    }

    void giveBack() {
        taken.decrementAndGet();
    }

    int taken() {
        return taken.get();
    }
}
