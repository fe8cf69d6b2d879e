/** Operations that start by the clock: each time once, or told as missed. */
@LinkOpsModule(
        name = "schedules",
        uses = {"bus", "config", "store", "calendar", "inventory", "gitsync", "orchestrator"})
@NullMarked
package io.linkops.schedules;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
