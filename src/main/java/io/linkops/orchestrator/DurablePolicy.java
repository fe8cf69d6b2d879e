package io.linkops.orchestrator;

import io.linkops.inventory.Inventory.Durable;
import java.time.Duration;
import java.util.Set;

/** Which runs outlive the connection and LinkOps itself (decision 10; pure). */
final class DurablePolicy {
    private DurablePolicy() {}

    /**
     * A script that is given secrets never does: they would lie on the link's disk, and what it prints while LinkOps is
     * away could not be told apart from them later.
     *
     * @param limit the time limit of this run
     * @param from from which time limit on it is worth it
     */
    static boolean isDurable(Durable asked, Duration limit, Set<String> secrets, Duration from) {
        return secrets.isEmpty()
                && switch (asked) {
                    case ALWAYS -> true;
                    case NEVER -> false;
                    case AUTO -> limit.compareTo(from) >= 0;
                };
    }
}
