/** Removes what is too old or too much, a little at a time, and gives its space back to the disk. */
@LinkOpsModule(
        name = "retention",
        uses = {"bus", "config", "figures", "store", "audit", "orchestrator", "terminal"})
@NullMarked
package io.linkops.retention;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
