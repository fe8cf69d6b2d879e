/** The one engine: operations with a kind and a plan, walked target by target; recovery, stop, time limits. */
@LinkOpsModule(
        name = "orchestrator",
        uses = {"bus", "config", "vault", "store", "figures", "journal", "ssh", "secrets", "inventory", "gitsync"})
@NullMarked
package io.linkops.orchestrator;

import io.linkops.LinkOpsModule;
import org.jspecify.annotations.NullMarked;
