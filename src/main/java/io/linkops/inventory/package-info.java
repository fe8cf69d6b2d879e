/** Links, scripts and enrollment: what Git says there is, and what was seen of it. */
@LinkOpsModule(
        name = "inventory",
        uses = {"bus", "config", "store", "ssh"})
@NullMarked
package io.linkops.inventory;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
