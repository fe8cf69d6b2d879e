/** Append-only, gap-free, durable streams of events, one per run: the store is the truth, the bus is the bell. */
@LinkOpsModule(
        name = "journal",
        uses = {"bus", "store", "figures"})
@NullMarked
package io.linkops.journal;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
